// The page's own words, in the language that the bot speaks to its reader.

const known = new Map();
let words = {};

/** Return the word called `name`; "" before any were loaded. */
export function word(name) {
  return words[name] ?? "";
}

/** Show the page in a language (an IETF tag), as far as there are words in it. */
export async function speak(language) {
  if (!known.has(language)) {
    const answer = await fetch(`/tryout/words?language=${encodeURIComponent(language)}`);
    if (!answer.ok) throw new Error(answer.statusText);
    known.set(language, await answer.json());
  }
  const spoken = known.get(language);
  words = spoken.words;
  document.documentElement.lang = spoken.language;
  document.documentElement.dir = spoken.direction;
  label(document);
}

/** Fill `root`, and what is within it, where an element says which word it shows or is called by. */
export function label(root) {
  for (const node of [root, ...root.querySelectorAll("[data-word], [data-label]")]) {
    const { word: shown, label: called } = node.dataset ?? {};
    if (shown) node.textContent = word(shown);
    if (called) node.setAttribute("aria-label", word(called));
    if (called && "placeholder" in node) node.placeholder = word(called);
  }
}
