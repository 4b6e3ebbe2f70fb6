// A message's text with its entities, as DOM nodes. Nothing of a message is ever parsed as HTML.

import { label } from "./words.js";

const TAGS = {
  bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", pre: "pre",
  spoiler: "span", blockquote: "blockquote", expandable_blockquote: "blockquote",
};
// As Telegram finds them (bot/tryout/formatting.py), within signs of direction too.
const COMMAND = /(?<![\p{L}\p{N}_\/<>])\/[a-z0-9_]{1,64}(?![\p{L}\p{N}_\/<>])/giu;

/** Return a fragment that shows `text`; `say` is called with a tapped command. */
export function render(text, entities, say) {
  const root = document.createDocumentFragment();
  const open = [{ node: root, end: text.length }];
  const marks = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  let at = 0;
  const leave = () => {
    let wasBlock = false;
    while (open.length > 1 && open.at(-1).end <= at) wasBlock = open.pop().isBlock || wasBlock;
    // A block ends its line by itself: the line break behind it would show an empty one.
    if (wasBlock && text[at] === "\n") at += 1;
  };
  const write = (end) => {
    while (at < end) {
      leave();
      if (at >= end) break;
      const stop = Math.min(end, open.length > 1 ? open.at(-1).end : end);
      addText(open.at(-1).node, text.slice(at, stop), say);
      at = stop;
    }
    leave();
  };
  for (const mark of marks) {
    write(mark.offset);
    const { outer, inner } = element(mark);
    open.at(-1).node.append(outer);
    const end = Math.min(mark.offset + mark.length, open.at(-1).end);
    open.push({ node: inner, end, isBlock: mark.type.endsWith("blockquote") });
  }
  write(text.length);
  return root;
}

function element(mark) {
  if (mark.type === "text_link" && /^(https?|tg):/.test(mark.url)) {
    const link = document.createElement("a");
    link.href = mark.url;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    return { outer: link, inner: link };
  }
  if (mark.type === "date_time") {
    const time = document.createElement("time");
    time.dateTime = new Date(mark.unix_time * 1000).toISOString();
    time.title = new Date(mark.unix_time * 1000).toLocaleString(document.documentElement.lang);
    return { outer: time, inner: time };
  }
  const outer = document.createElement(TAGS[mark.type] ?? "span");
  if (outer.localName === "blockquote") outer.dir = "auto";
  if (mark.type !== "expandable_blockquote") return { outer, inner: outer };
  return { outer, inner: foldable(outer) };
}

function foldable(quote) {
  const inner = document.createElement("div");
  const button = document.createElement("button");
  const said = document.createElement("span");
  const arrow = document.createElement("span");
  inner.className = "inner";
  button.className = "fold";
  button.type = "button";
  arrow.setAttribute("aria-hidden", "true");
  button.append(said, arrow);
  const show = (open) => {
    quote.classList.toggle("open", open);
    quote.classList.toggle("folded", !open);
    button.setAttribute("aria-expanded", String(open));
    said.dataset.word = open ? "less" : "more";
    arrow.textContent = open ? " ⌃" : " ⌄";
    label(button);
  };
  show(false);
  quote.addEventListener("click", (event) => {
    if (event.target.closest("a")) return;
    const isOpen = quote.classList.contains("open");
    if (!isOpen || button.contains(event.target)) show(!isOpen);
  });
  // Whoever goes through the links by keyboard sees those below the fold too.
  inner.addEventListener("focusin", (event) => event.target.matches(":focus-visible") && show(true));
  quote.append(inner, button);
  return inner;
}

function addText(node, text, say) {
  let at = 0;
  for (const found of text.matchAll(COMMAND)) {
    node.append(text.slice(at, found.index));
    const button = document.createElement("button");
    button.type = "button";
    button.className = "command";
    button.dir = "ltr";
    button.textContent = found[0];
    button.addEventListener("click", () => say(found[0]));
    node.append(button);
    at = found.index + found[0].length;
  }
  node.append(text.slice(at));
}
