// The chat: what happens on the server comes in as events, what the person does goes out as posts.

import { render } from "./entities.js";
import { focusOf } from "./focus.js";
import { attachMenu } from "./menu.js";
import { label, speak, word } from "./words.js";

const $ = (id) => document.getElementById(id);
const log = $("log"), field = $("text"), typing = $("typing"), toast = $("toast");
const nodes = new Map();
const TYPING_MS = 5000, NEAR_PX = 120, RETRY_MS = 1500;
const TOAST_MS = 4000, TOAST_MS_PER_LETTER = 60;  // slow readers read fifteen letters a second
const WITH_ARGUMENT = new Set(["subscribe", "unsubscribe", "schedule", "timezone"]);
let chat = 0, seq = 0, language = "", typingTimer = 0, toastTimer = 0;

async function ask(path, options) {
  const answer = await fetch(`/tryout/${path}`, options).catch(() => {
    throw new Error(word("unreachable"));
  });
  if (answer.status === 404) throw new Error(word("over"));
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json();
}

const post = (name, body) => ask(name, {
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify(body),
});

const get = (name, query = "") => ask(`${name}?chat=${chat}${query}`);

/** Send a text to the bot; return whether it was taken. */
async function say(text) {
  try {
    await opened;  // a quick reader may speak before the chat is there
    await post("say", { chat, text });
    return true;
  } catch (error) {
    note(error.message);
    return false;
  }
}

// ------------------------------------------------------------------ what is shown

function add(event) {
  const message = document.createElement("article");
  message.className = event.outgoing ? "message mine" : "message";
  message.tabIndex = -1;
  if (event.outgoing) message.dataset.label = "you";
  else message.setAttribute("aria-label", "daybrief");
  fill(message, event);
  nodes.set(event.message_id, message);
  const wasAtEnd = isAtEnd();
  log.insertBefore(message, typing);
  if (!event.outgoing) typing.hidden = true;
  // A long message is read from its head; its own reader is not pulled away from older ones.
  if (event.outgoing) toEnd();
  else if (wasAtEnd) message.scrollIntoView({ block: message.offsetHeight > log.clientHeight ? "start" : "nearest" });
}

function isAtEnd() {
  return log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_PX;
}

/** Scroll to the end at once: while a smooth scroll runs, nobody is at the end. */
function toEnd() {
  log.scrollTo({ top: log.scrollHeight, behavior: "instant" });
}

function edit(message, event) {
  const wasAtEnd = isAtEnd();
  const refocus = focusOf(message);
  fill(message, event);
  refocus();
  if (wasAtEnd) message.scrollIntoView({ block: "nearest" });
}

/** Remove a message; whoever is in it goes on at the one before it, or writes. */
function remove(message) {
  if (!message) return;
  const next = message.contains(document.activeElement) && (message.previousElementSibling ?? field);
  message.remove();
  if (next) next.focus();
}

function fill(message, event) {
  const said = JSON.stringify([event.text, event.entities, event.document]);
  // A text that stays is not read out again, and its quotes stay open.
  if (message.dataset.said === said) message.replaceChildren(message.firstChild, ...keyboard(event));
  else message.replaceChildren(bubble(event), ...keyboard(event));
  message.dataset.said = said;
  // What is said in one language stays in it, when another one is spoken from now on.
  if (!event.outgoing) message.lang = language;
  label(message);
}

function bubble(event) {
  const box = document.createElement("div");
  const content = document.createElement("div");
  const time = document.createElement("time");
  const at = new Date(event.date * 1000);
  box.className = "bubble";
  content.className = "content";
  content.dir = "auto";
  content.append(render(event.text, event.entities, say));
  if (event.document) content.append(file(event.document));
  time.className = "time";
  time.dateTime = at.toISOString();
  time.textContent = at.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  box.append(content, time);
  return box;
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
  node.dataset.key = data;
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
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => toast.replaceChildren(), TOAST_MS + TOAST_MS_PER_LETTER * text.length);
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
    add(event);
  },
  edited: (event) => nodes.has(event.message_id) && edit(nodes.get(event.message_id), event),
  deleted: (event) => remove(nodes.get(event.message_id)),
  typing: showTyping,
  callback_answer: (event) => {
    log.querySelectorAll("[aria-busy]").forEach((node) => node.removeAttribute("aria-busy"));
    note(event.text);
  },
};

// ------------------------------------------------------------------ the head

/** Show what the bot says of itself, in the language it speaks by now. */
async function refreshHead() {
  const state = await get("state");
  if (state.language !== language) {
    await speak(state.language);
    language = state.language;
    menu.forget();
  }
  $("greeting").textContent = word(state.sample ? "welcomeSample" : "welcomeLive");
  $("sample").hidden = !state.sample;
  $("jump").hidden = !state.sample;
  $("morning").textContent = state.jump;
  showStatus(state.status);
}

/** Say how it stands; what is said already is not read out again. */
function showStatus(said) {
  if ($("status").textContent !== said) $("status").textContent = said;
}

$("jump").addEventListener("click", async () => {
  const button = $("jump");
  if (button.getAttribute("aria-busy")) return;
  button.setAttribute("aria-busy", "true");  // a disabled one would lose the focus
  button.setAttribute("aria-disabled", "true");
  showTyping();
  try {
    await post("jump", { chat });
    await refreshHead();
  } catch (error) {
    note(error.message);
  } finally {
    button.removeAttribute("aria-busy");
    button.removeAttribute("aria-disabled");
  }
});

// ------------------------------------------------------------------ the composer

function resize() {
  field.style.height = "auto";
  field.style.height = `${Math.min(field.scrollHeight + 2, 140)}px`;
  $("send").disabled = !field.value.trim();
}

async function send() {
  const text = field.value.trim();
  if (!text) return;
  field.value = "";
  field.focus();  // the key of an empty field is disabled, and would lose the focus
  resize();
  if (await say(text) || field.value) return;
  field.value = text;  // what was refused can be mended
  resize();
}

const menu = attachMenu({
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
  log.focus();
  say("/start");
});

// ------------------------------------------------------------------ the wire

async function listen() {
  for (;;) {
    try {
      const { events } = await get("events", `&after=${seq}`);
      if (events.length) await refreshHead();  // an answer is read in the language it is in
      for (const event of events) {
        seq = Math.max(seq, event.seq);
        handlers[event.kind]?.(event);
      }
    } catch {
      showStatus(word("reconnecting"));
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

async function open() {
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone || "";
  await speak(navigator.language);
  showStatus(word("connecting"));
  const known = Number(sessionStorage.getItem("chat"));
  if (known) {
    chat = known;
    const alive = await get("state").then(() => true, () => false);
    if (!alive) chat = 0;
  }
  if (!chat) chat = (await post("hello", { zone: here, language: navigator.language })).chat;
  sessionStorage.setItem("chat", chat);
  await refreshHead();
  $("welcome").hidden = false;
  resize();
  listen();
}

const opened = open();
opened.catch(() => showStatus(word("unreachable") || "The bot does not run: start it, and reload this page."));
