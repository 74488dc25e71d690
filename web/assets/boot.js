// Starts the client: loads it, then brings each island of the page to life, in the order of the page.
const { js, wasm } = document.getElementById("boot").dataset;
const client = await import(js);
await client.default({ module_or_path: wasm });
client.hydrate();
for (const island of document.querySelectorAll("leptos-island")) {
  client[island.dataset.component](island);
}
document.documentElement.dataset.alive = "true";
