// Colours of the page for what is not drawn by style sheets, and when they change.

export function colour(name) {
  // A colour of `light-dark()` is resolved where it is used, not where it is declared.
  const probe = document.createElement("span");
  probe.style.color = `var(--${name})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

// Calls `changed` when the visitor or the system changes the theme; the answer ends it.
export function onTheme(changed) {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const chosen = new MutationObserver(changed);
  system.addEventListener("change", changed);
  chosen.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  return () => {
    system.removeEventListener("change", changed);
    chosen.disconnect();
  };
}
