// The custom elements, on a page of a real server and under its content policy: what they draw, what they refuse, and
// what they tell.
//
// usage: node host/tests/browser/elements.mjs    (after `make build`; SCREENSHOTS=DIR keeps pictures)
import assert from "node:assert/strict";
import { barriers, shot, withServer } from "./lib/harness.mjs";

// Puts an element with attributes and a value onto the page, and remembers what it tells.
async function put(page, tag, value, attributes = {}) {
  await page.evaluate(([tag, value, attributes]) => {
    window.told = [];
    const element = document.createElement(tag);
    for (const [name, text] of Object.entries(attributes)) element.setAttribute(name, text);
    for (const name of ["select", "edit"]) {
      element.addEventListener(name, ({ detail }) => window.told.push([name, detail]));
    }
    element.value = value;
    const place = document.createElement("section");
    place.className = "panel";
    place.append(element);
    document.querySelector("main").replaceChildren(place);
  }, [tag, value, attributes]);
  await page.waitForFunction((tag) => customElements.get(tag), tag);
  return page.locator(tag);
}
const told = (page) => page.evaluate(() => window.told);

const HOSTILE = `<p>kept <b>bold</b></p><table><tr><td>cell</td></tr></table>
<script>window.hurt = 1</script><img src=x onerror="window.hurt = 1"><svg onload="window.hurt = 1"></svg>
<a href="javascript:window.hurt=1">link</a><iframe srcdoc="<script>parent.hurt=1</script>"></iframe>
<form action="/logout"><button>out</button></form><style>body { display: none }</style>
<img src="https://elsewhere.example/pixel.png" alt="far"><p style="position: fixed">styled</p>
<a href="https://example.org/" target="_blank">away</a><math><mtext><mglyph><style><img src=x onerror=window.hurt=1>`;

await withServer(async ({ url, test }) => {
  const onPage = (name, options, steps) => test(name, options, async (page, context) => {
    const fetched = [];
    page.on("request", (request) => fetched.push(request.url()));
    await page.goto(url);
    await page.locator("html[data-alive]").waitFor();
    const scripts = () => fetched.filter((address) => /\/assets\/(plot|map|model3d|maths|code|dataframe)/.test(address));
    await steps(page, { scripts, context });
    assert.deepEqual(fetched.filter((address) => !address.startsWith(url) && !/^(data|blob):/.test(address)), [],
      "nothing comes from elsewhere");
    assert.equal(await page.evaluate(() => window.hurt), undefined, "no script of others has run");
  });

  await onPage("a page loads no element that it has not", {}, async (page, { scripts }) => {
    assert.deepEqual(scripts(), []);
    await put(page, "vitrine-code", "print(1)", { language: "python" });
    assert.equal(scripts().length, 1);
  });

  await onPage("Markdown with maths, code and tables", {}, async (page) => {
    const text = "# Title\n\nEnergy $E = mc^2$ costs $5 or $6.\n\n$$\\int_0^1 x\\,dx$$\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```python\nprint('x')\n```\n\n<b onclick=1>raw</b> ![far](https://elsewhere.example/a.png) [bad](javascript:window.hurt=1)";
    const drawn = await put(page, "vitrine-markdown", text);
    await drawn.locator("vitrine-maths math").first().waitFor();
    assert.equal(await drawn.locator("math").count(), 2);
    await drawn.getByText("costs $5 or $6.").waitFor();
    assert.equal(await drawn.locator("h3").textContent(), "Title");
    await drawn.locator(".hljs-string").waitFor();
    assert.equal(await drawn.locator("td").count(), 2);
    await drawn.getByText("<b onclick=1>raw</b>").waitFor();
    assert.equal(await drawn.locator("img[src], a[href^=javascript]").count(), 0);
    assert.deepEqual(await barriers(page), []);
    await shot(page, "element-markdown");
    const wrong = await put(page, "vitrine-markdown", "$\\frac{1$ stays");
    await wrong.getByText("\\frac{1").waitFor();
  });

  // The browser tells of what the policy has kept from acting even before it was taken out.
  await onPage("HTML keeps what is text and loses what acts", { allowed: /Content Security Policy/ }, async (page) => {
    const drawn = await put(page, "vitrine-html", HOSTILE);
    await drawn.getByText("kept bold").waitFor();
    assert.equal(await drawn.locator("td").textContent(), "cell");
    const left = await drawn.evaluate((element) => [...element.querySelectorAll("*")].flatMap((node) =>
      [node.localName, ...[...node.attributes].map(({ name }) => `@${name}`)]));
    for (const bad of ["script", "iframe", "form", "button", "style", "@style", "@onerror", "@onload", "@src", "@target"]) {
      assert.ok(!left.includes(bad), `${bad} is gone: ${left}`);
    }
    assert.equal(await drawn.locator("a[href^=javascript]").count(), 0);
    assert.equal(await drawn.getByText("away").getAttribute("rel"), "nofollow noopener");
  });

  await onPage("code in colours, and of no language as it is", {}, async (page) => {
    const drawn = await put(page, "vitrine-code", "def f(x):\n    return '<b>' # no", { language: "py" });
    await drawn.locator(".hljs-keyword").first().waitFor();
    assert.equal(await drawn.textContent(), "def f(x):\n    return '<b>' # no");
    const plain = await put(page, "vitrine-code", "<script>window.hurt = 1</script>", { language: "klingon" });
    assert.equal(await plain.textContent(), "<script>window.hurt = 1</script>");
  });

  for (const colorScheme of ["light", "dark"]) {
    await onPage(`a plot of a specification, ${colorScheme}`, { colorScheme }, async (page) => {
      const values = Array.from({ length: 30 }, (_, i) => ({ x: i, y: Math.sin(i / 4), group: i % 2 ? "odd" : "even" }));
      const plot = await put(page, "vitrine-plot", JSON.stringify({
        data: { values }, mark: { type: "point", filled: true, size: 120, tooltip: true },
        transform: [{ calculate: "datum.y * 2", as: "z" }],
        encoding: { x: { field: "x", type: "quantitative" }, y: { field: "z", type: "quantitative" }, color: { field: "group" } },
      }));
      await plot.locator("svg .mark-symbol path").first().waitFor();
      assert.equal(await plot.locator("svg .mark-symbol.role-mark path").count(), 30);
      const [place, grid] = await Promise.all([plot, plot.locator("svg .background").first()].map((part) => part.boundingBox()));
      assert.ok(grid.width > place.width * 0.7, `the plot fills its place: ${grid.width} of ${place.width}`);
      await plot.locator("svg .mark-symbol.role-mark path").nth(3).click();
      const [[name, datum]] = await told(page);
      assert.equal(name, "select");
      assert.equal(datum.x, 3);
      assert.deepEqual(await barriers(page), []);
      await shot(page, `element-plot-${colorScheme}`);
    });
  }

  await onPage("plots of a table", {}, async (page) => {
    const table = { headers: ["month", "sales.net", "shop"], data: [
      ["2026-01", 5, "a"], ["2026-02", 7, "a"], ["2026-03", 6, "a"], ["2026-01", 2, "b"], ["2026-02", 3, "b"], ["2026-03", 5, "b"]] };
    const line = await put(page, "vitrine-plot", JSON.stringify(table), { mark: "line", x: "month", y: "sales.net", color: "shop" });
    await line.locator(".mark-line path").first().waitFor();
    assert.equal(await line.locator(".mark-line.role-mark path").count(), 2);
    const bar = await put(page, "vitrine-plot", JSON.stringify({ headers: ["kind", "n"], data: [["a", 1], ["b", 4]] }), { mark: "bar" });
    await bar.locator(".mark-rect path").first().waitFor();
    assert.equal(await bar.locator(".mark-rect.role-mark path").count(), 2);
    await shot(page, "element-plot-bar");
    const scatter = await put(page, "vitrine-plot", JSON.stringify({ headers: ["a", "b"], data: [[1, 2], [2, 4], [3, 1]] }), { mark: "point" });
    await scatter.locator(".mark-symbol path").first().waitFor();
  });

  await onPage("a plot fetches nothing and runs nothing", {}, async (page) => {
    const far = await put(page, "vitrine-plot", JSON.stringify({
      data: { url: "https://elsewhere.example/data.csv" }, mark: "bar", encoding: { x: { field: "a" } } }));
    await far.locator("svg").waitFor();
    const acts = await put(page, "vitrine-plot", JSON.stringify({
      data: { values: [{ a: 1 }] }, mark: "bar", transform: [{ calculate: "window.hurt = 1", as: "b" }], encoding: { x: { field: "a" } } }));
    await acts.getByText("This plot cannot be drawn").waitFor();
    const broken = await put(page, "vitrine-plot", "{");
    await broken.getByText("This plot cannot be drawn").waitFor();
  });

  await onPage("a table of 100,000 rows is scrolled, sorted and walked", {}, async (page) => {
    await page.evaluate(() => {
      const data = Array.from({ length: 100_000 }, (_, i) => [i, `row ${(i * 7919) % 100_000}`, i / 3]);
      const element = document.createElement("vitrine-dataframe");
      element.addEventListener("select", ({ detail }) => { window.told = detail; });
      element.value = JSON.stringify({ headers: ["number", "name", "third"], data });
      document.querySelector("main").replaceChildren(element);
    });
    const table = page.locator("vitrine-dataframe");
    await table.getByText("100,000 rows × 3").waitFor();
    assert.ok(await table.locator("tbody tr").count() < 100, "only rows in sight are drawn");
    await table.getByRole("gridcell", { name: "row 7919", exact: true }).click();
    assert.deepEqual(await page.evaluate(() => window.told), { row: 1, column: 1, header: "name", value: "row 7919" });
    await page.keyboard.press("Control+End");
    await table.locator("td:focus").getByText("33333").waitFor();
    await table.getByRole("button", { name: "name" }).click();
    await table.locator('th[aria-sort="ascending"]').waitFor();
    await page.keyboard.press("Tab");
    await table.locator(".dataframe-scroll").evaluate((scroll) => { scroll.scrollTop = 0; });
    await table.getByRole("gridcell", { name: "row 0", exact: true }).waitFor();
    await table.getByRole("button", { name: "name" }).click();
    await table.getByRole("gridcell", { name: "row 99999", exact: true }).waitFor();
    assert.deepEqual(await barriers(page), []);
    await shot(page, "element-dataframe");
  });

  await onPage("a table is typed into and pasted into from a spreadsheet", {}, async (page) => {
    const value = JSON.stringify({ headers: ["a", "b"], data: [[1, "x"], [2, "y"]] });
    const table = await put(page, "vitrine-dataframe", value, { editable: "", label: "Numbers" });
    await table.getByRole("gridcell", { name: "1", exact: true }).click();
    await page.keyboard.type("12");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.keyboard.press("ControlOrMeta+A");
    await page.keyboard.type("z z");
    await page.keyboard.press("Enter");
    const last = async () => JSON.parse((await told(page)).at(-1)[1]).data;
    assert.deepEqual(await last(), [[12, "z z"], [2, "y"]]);
    await table.getByRole("gridcell", { name: "2", exact: true }).click();
    await page.evaluate(() => {
      const clipboardData = new DataTransfer();
      clipboardData.setData("text/plain", '3\t"two\nlines"\r\n4\tq\r\n\t5.5\r\n');
      document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
    });
    assert.deepEqual((await last()).slice(0, 4), [[12, "z z"], [3, "two\nlines"], [4, "q"], [null, 5.5]]);
    await table.getByRole("button", { name: "Add row" }).click();
    assert.deepEqual((await last()).at(-1), [null, null]);
    const before = (await last()).length;
    await table.getByRole("button", { name: "Remove row" }).click();
    assert.equal((await last()).length, before - 1);
    assert.deepEqual(await barriers(page), []);
  });

  await onPage("a map of places and shapes", {}, async (page) => {
    const point = (name, at) => ({ type: "Feature", properties: { name }, geometry: { type: "Point", coordinates: at } });
    const world = { type: "FeatureCollection", features: [point("Lima", [-77, -12]), point("Oslo", [10.7, 59.9]), point("Tokyo", [139.7, 35.7])] };
    const map = await put(page, "vitrine-map", JSON.stringify(world));
    await map.locator(".map-land").first().waitFor();
    assert.equal(await map.locator(".map-point").count(), 3);
    await map.locator(".map-point").nth(1).click();
    assert.deepEqual(await told(page), [["select", { name: "Oslo" }]]);
    assert.deepEqual(await barriers(page), []);
    await shot(page, "element-map");
    const near = await put(page, "vitrine-map", JSON.stringify({ type: "Polygon", coordinates: [[[5, 45], [10, 45], [10, 50], [5, 50], [5, 45]]] }));
    await near.locator(".map-shape").waitFor();
    const wrong = await put(page, "vitrine-map", "{}");
    await wrong.getByText("This is no GeoJSON").waitFor();
  });

  await onPage("models in three dimensions", {}, async (page) => {
    const stl = "solid s\nfacet normal 0 0 1\nouter loop\nvertex 0 0 0\nvertex 1 0 0\nvertex 0 1 0\nendloop\nendfacet\nendsolid s\n";
    const obj = "v 0 0 0\nv 1 0 0\nv 0 1 0\nv 0 0 1\nf 1 2 3\nf 1 2 4\nf 1 3 4\nf 2 3 4\n";
    for (const [format, text] of [["stl", stl], ["obj", obj]]) {
      const src = `data:model/${format};base64,${Buffer.from(text).toString("base64")}`;
      const model = await put(page, "vitrine-model3d", null, { src, format });
      await page.locator("vitrine-model3d[data-shown]").waitFor();
      await model.locator("canvas").focus();
      await page.keyboard.press("ArrowLeft");
    }
    assert.deepEqual(await barriers(page), []);
    await shot(page, "element-model3d");
    const wrong = await put(page, "vitrine-model3d", null, { src: "data:,x", format: "exe" });
    await wrong.getByText("is none of glb, gltf, obj and stl").waitFor();
  });
});
