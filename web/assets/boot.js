// Starts the client: loads it, then brings each island of the page to life, in the order of the page.
const { js, wasm, elements } = document.getElementById("boot").dataset;

// A custom element's script is loaded when the first such element comes onto the page.
const scripts = JSON.parse(elements);
const load = () => {
  for (const { localName } of document.querySelectorAll(":not(:defined)")) {
    const script = scripts[localName];
    delete scripts[localName];
    if (script) import(script);
  }
};
load();
new MutationObserver(load).observe(document.body, { childList: true, subtree: true });

// On a narrow screen the view that is shown may lie beyond the edge of its row.
const shown = document.querySelector(".space-nav [aria-current]");
if (shown) shown.parentElement.scrollLeft = shown.offsetLeft - shown.parentElement.offsetLeft;

const client = await import(js);
await client.default({ module_or_path: wasm });
client.hydrate();
for (const island of document.querySelectorAll("leptos-island")) {
  // The number behind the name is a digest of the source as a compiler prints it; server and client may come from
  // two compilers.
  const name = island.dataset.component.replace(/\d+$/, "");
  client[Object.keys(client).find((key) => key.startsWith(name))](island);
}
document.documentElement.dataset.alive = "true";
// In a frame, tells the page around it how high this one is; `embed.js` there listens. It is nobody's secret.
if (window.parent !== window) {
  const tell = () => window.parent.postMessage({ vitrineHeight: document.body.offsetHeight }, "*");
  new ResizeObserver(tell).observe(document.body);
}
