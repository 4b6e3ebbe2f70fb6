// The chat: what happens on the server comes in as events, what the person does goes out as posts.

import { render } from "./entities.js";
import { attachMenu } from "./menu.js";

const $ = (id) => document.getElementById(id);
const log = $("log"), field = $("text"), typing = $("typing"), toast = $("toast");
const nodes = new Map();
const TYPING_MS = 5000, TOAST_MS = 4000, NEAR_PX = 120, RETRY_MS = 1500;
const WITH_ARGUMENT = new Set(["subscribe", "unsubscribe", "schedule", "timezone"]);
let chat = 0, seq = 0, typingTimer = 0, toastTimer = 0;

async function post(name, body) {
  const answer = await fetch(`/tryout/${name}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json();
}

async function get(name, query = "") {
  const answer = await fetch(`/tryout/${name}?chat=${chat}${query}`);
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json();
}

async function say(text) {
  try {
    await opened;  // a quick reader may speak before the chat is there
    await post("say", { chat, text });
  } catch (error) {
    note(error.message || "The bot cannot be reached.");
  }
}

// ------------------------------------------------------------------ what is shown

function bubble(event) {
  const message = document.createElement("article");
  message.className = event.outgoing ? "message mine" : "message";
  message.setAttribute("aria-label", event.outgoing ? "You" : "daybrief");
  fill(message, event);
  nodes.set(event.message_id, message);
  const nearEnd = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_PX;
  log.insertBefore(message, typing);
  if (!event.outgoing) typing.hidden = true;
  // A long message is read from its head; its own reader is not pulled away from older ones.
  if (event.outgoing) toEnd();
  else if (nearEnd) message.scrollIntoView({ block: message.offsetHeight > log.clientHeight ? "start" : "nearest" });
}

/** Scroll to the end at once: while a smooth scroll runs, nobody is at the end. */
function toEnd() {
  log.scrollTo({ top: log.scrollHeight, behavior: "instant" });
}

function fill(message, event) {
  const box = document.createElement("div");
  const content = document.createElement("div");
  const time = document.createElement("time");
  box.className = "bubble";
  content.className = "content";
  content.dir = "auto";
  content.append(render(event.text, event.entities, say));
  if (event.document) content.append(file(event.document));
  time.className = "time";
  time.dateTime = new Date(event.date * 1000).toISOString();
  time.textContent = new Date(event.date * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  box.append(content, time);
  message.replaceChildren(box, ...keyboard(event));
}

function file({ file_name, url }) {
  const link = document.createElement("a");
  link.href = url;
  link.download = file_name;
  link.textContent = `⬇ ${file_name}`;
  return link;
}

function keyboard(event) {
  if (!event.keyboard.length) return [];
  const box = document.createElement("div");
  box.className = "keyboard";
  for (const row of event.keyboard) {
    const line = document.createElement("div");
    line.append(...row.map((button) => key(event, button)));
    box.append(line);
  }
  return [box];
}

function key(event, { text, data, url }) {
  const node = document.createElement(url ? "a" : "button");
  node.textContent = text;
  node.dir = "auto";
  if (url) {
    Object.assign(node, { href: url, target: "_blank", rel: "noopener noreferrer" });
    return node;
  }
  node.type = "button";
  node.addEventListener("click", async () => {
    node.setAttribute("aria-busy", "true");
    try {
      await post("press", { chat, message_id: event.message_id, data });
    } catch (error) {
      node.removeAttribute("aria-busy");
      note(error.message);
    }
  });
  return node;
}

function note(text) {
  if (!text) return;
  toast.textContent = text;
  toast.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => (toast.hidden = true), TOAST_MS);
}

function showTyping() {
  typing.hidden = false;
  toEnd();
  clearTimeout(typingTimer);
  typingTimer = setTimeout(() => (typing.hidden = true), TYPING_MS);
}

const handlers = {
  message: (event) => {
    $("welcome").hidden = true;
    bubble(event);
  },
  edited: (event) => nodes.has(event.message_id) && fill(nodes.get(event.message_id), event),
  deleted: (event) => nodes.get(event.message_id)?.remove(),
  typing: showTyping,
  callback_answer: (event) => {
    document.querySelectorAll("[aria-busy]").forEach((node) => node.removeAttribute("aria-busy"));
    note(event.text);
  },
};

// ------------------------------------------------------------------ the head

async function refreshHead() {
  const state = await get("state");
  $("sample").hidden = !state.sample;
  $("jump").hidden = !state.sample;
  const at = state.next_at ? new Date(state.next_at * 1000) : null;
  const now = new Date(state.now * 1000);
  const options = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: state.zone || undefined };
  const day = (date) => date.toLocaleDateString("en", { timeZone: state.zone || undefined });
  const clock = at ? at.toLocaleTimeString("en", options) : "07:30";
  const label = at && day(at) === day(now) ? "Today" : "Tomorrow";
  $("jump").textContent = `⏩ ${label} ${clock}`;
  $("status").textContent = `${state.sample ? "SAMPLE" : "bot"} · ${now.toLocaleDateString([], { weekday: "short", day: "numeric", month: "short", timeZone: state.zone || undefined })}`;
}

$("jump").addEventListener("click", async () => {
  const button = $("jump");
  button.disabled = true;
  showTyping();
  try {
    await post("jump", { chat });
    await refreshHead();
  } catch (error) {
    note(error.message);
  } finally {
    button.disabled = false;
  }
});

// ------------------------------------------------------------------ the composer

function resize() {
  field.style.height = "auto";
  field.style.height = `${Math.min(field.scrollHeight + 2, 140)}px`;
  $("send").disabled = !field.value.trim();
}

function send() {
  const text = field.value.trim();
  if (!text) return;
  field.value = "";
  resize();
  say(text);
}

attachMenu({
  list: $("menu"),
  field,
  opener: $("commands"),
  load: async () => {
    try {
      await opened;  // the menu is the chat's own
      return (await get("commands")).commands;
    } catch (error) {
      note(error.message);
      return [];
    }
  },
  run: (command) => {
    field.value = WITH_ARGUMENT.has(command) ? `/${command} ` : "";
    resize();
    field.focus();
    if (!WITH_ARGUMENT.has(command)) say(`/${command}`);
  },
});
field.addEventListener("input", resize);
field.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  send();
});
$("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  send();
});
$("start").addEventListener("click", () => {
  $("welcome").hidden = true;
  say("/start");
});

// ------------------------------------------------------------------ the wire

async function listen() {
  for (;;) {
    try {
      const { events } = await get("events", `&after=${seq}`);
      for (const event of events) {
        seq = Math.max(seq, event.seq);
        handlers[event.kind]?.(event);
      }
      if (events.length) await refreshHead();
    } catch {
      $("status").textContent = "reconnecting…";
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

async function open() {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "";
  const known = Number(sessionStorage.getItem("chat"));
  if (known) {
    chat = known;
    const alive = await get("state").then(() => true, () => false);
    if (!alive) chat = 0;
  }
  if (!chat) chat = (await post("hello", { zone, language: navigator.language })).chat;
  sessionStorage.setItem("chat", chat);
  await refreshHead();
  resize();
  listen();
}

const opened = open();
opened.catch(() => {
  $("status").textContent = "the bot does not run; start it and reload";
});
