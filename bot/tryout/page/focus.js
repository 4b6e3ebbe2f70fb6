// Where the focus is, kept while a message is drawn anew: whoever types stays where they are.

const KEYS = ".keyboard button, .keyboard a";

/** Return a function that gives the focus back to what it was on within `message`.

A key is found again where it was, if it looks or does the same there; else wherever one looks the
same, or does; else what is in its place is next, or the message itself. Does nothing if the focus
was elsewhere, or is still there. */
export function focusOf(message) {
  const focused = document.activeElement;
  if (!message.contains(focused)) return () => {};
  const place = [...message.querySelectorAll(KEYS)].indexOf(focused);
  const looksSame = (node) => node.textContent === focused.textContent;
  const doesSame = (node) => node.dataset.key === focused.dataset.key;
  return () => {
    if (focused.isConnected) return;
    const keys = place < 0 ? [] : [...message.querySelectorAll(KEYS)];
    const here = keys.slice(place, place + 1);
    const next = here.find((node) => looksSame(node) || doesSame(node))
      ?? keys.find(looksSame) ?? keys.find(doesSame) ?? here[0] ?? keys.at(-1) ?? message;
    next.focus({ preventScroll: true });
  };
}
