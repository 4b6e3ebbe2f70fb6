// The command menu: opened by "/" or its button, filtered by what is typed, run by keyboard.

/** Attach the menu to its elements; `run` is called with a chosen command.

Returns `forget`, to be called when the commands are to be loaded anew. */
export function attachMenu({ list, field, opener, load, run }) {
  let commands = [];
  let shown = [];
  let chosen = 0;

  const isOpen = () => !list.hidden;
  const close = () => {
    list.hidden = true;
    opener.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  };
  const mark = (index) => {
    chosen = (index + shown.length) % shown.length;
    [...list.children].forEach((item, at) => item.setAttribute("aria-selected", String(at === chosen)));
    list.children[chosen].scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", list.children[chosen].id);
  };
  const choose = (command) => {
    close();
    run(command);
  };
  const item = ({ command, description }, index) => {
    const line = document.createElement("li");
    const name = document.createElement("b");
    const said = document.createElement("span");
    line.id = `command-${index}`;
    line.setAttribute("role", "option");
    name.textContent = `/${command}`;
    said.textContent = description;
    line.append(name, said);
    line.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      choose(command);
    });
    return line;
  };
  const show = (prefix) => {
    shown = commands.filter(({ command }) => command.startsWith(prefix));
    if (!shown.length) return close();
    list.replaceChildren(...shown.map(item));
    list.hidden = false;
    opener.setAttribute("aria-expanded", "true");
    mark(0);
  };

  field.addEventListener("input", async () => {
    const typed = /^\/([a-z0-9_]*)$/.exec(field.value);
    if (!typed) return close();
    commands = commands.length ? commands : await load();
    show(typed[1]);
  });
  field.addEventListener("keydown", (event) => {
    if (!isOpen()) return;
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps) mark(chosen + steps[event.key]);
    else if (event.key === "Enter" || event.key === "Tab") choose(shown[chosen].command);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  });
  field.addEventListener("blur", close);
  opener.addEventListener("pointerdown", (event) => event.preventDefault());
  opener.addEventListener("click", async () => {
    if (isOpen()) return close();
    commands = await load();
    field.focus();
    show("");
  });
  return { forget: () => (commands = []) };
}
