// Where the focus is, kept while a message is drawn anew: whoever types stays where they are.

const KEYS = ".keyboard button, .keyboard a";

/** Return a function that gives the focus back to what it was on within `message`.

A key is found again by what it sends, else by its place; else the message itself is next. Does
nothing if the focus was elsewhere. */
export function focusOf(message) {
  const focused = document.activeElement;
  if (!message.contains(focused)) return () => {};
  const place = [...message.querySelectorAll(KEYS)].indexOf(focused);
  const { key } = focused.dataset;
  return () => {
    if (focused.isConnected) return;
    const keys = [...message.querySelectorAll(KEYS)];
    const same = keys.find((node) => key && node.dataset.key === key);
    const near = place < 0 ? message : keys[Math.min(place, keys.length - 1)];
    (same ?? near ?? message).focus({ preventScroll: true });
  };
}
