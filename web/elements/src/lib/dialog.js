// A dialog over the page; `Escape` and the button close it, and the browser gives the focus back.
import { texts } from "./texts.js";

export function open(title, content, actions) {
  const dialog = document.createElement("dialog");
  dialog.className = "element-dialog";
  dialog.setAttribute("aria-label", title);
  const heading = document.createElement("h2");
  heading.textContent = title;
  const foot = document.createElement("div");
  foot.className = "dialog-foot";
  const close = () => dialog.close();
  foot.append(button(texts.cancel, close, "quiet"), ...actions.map(({ text, act }) => button(text, () => act(close), "primary")));
  dialog.append(heading, content, foot);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

export function button(text, act, name = "quiet") {
  const made = document.createElement("button");
  made.type = "button";
  made.className = name;
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
}
