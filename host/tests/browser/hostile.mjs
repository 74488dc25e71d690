// Script in every field that an author, a guest or a visitor can fill: pages show it as text, and none of it runs.
//
// usage: node host/tests/browser/hostile.mjs    (after `make build stage`; SCREENSHOTS=DIR keeps pictures)
import assert from "node:assert/strict";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundle, shot, token, withServer } from "./lib/harness.mjs";

// Each breaks out of another place: text, attribute, address, Markdown, script in JSON.
const SCRIPTS = [
  "<script>window.hurt='text'</script>",
  "\"><img src=x onerror=\"window.hurt='attribute'\">",
  "</title></script><svg onload=window.hurt='end'>",
  "[go](javascript:window.hurt='link') ![x](javascript:window.hurt='picture') <b onmouseover=window.hurt='b'>b</b>",
];
const HOSTILE = SCRIPTS.join(" ");
const INFO = SCRIPTS.slice(0, 3).join(" ");
// Names are short; of the marks they get those that break out.
const SHORT = "\"><script>hurt=1</script>";

await withServer(async ({ url, publish, test, folder }) => {
  // iris, with hostile texts in the place of its own.
  const iris = join(folder, "iris");
  cpSync(bundle("iris"), iris, { recursive: true });
  const toml = JSON.stringify;
  const manifest = readFileSync(join(iris, "space.toml"), "utf8")
    .replace(/^title = "Iris species"$/m, `title = ${toml(HOSTILE.slice(0, 100))}`)
    .replace(/^description = """[^]*?"""$/m, `description = ${toml(`${HOSTILE}\n\n# ${HOSTILE}\n\n\`\`\`${SHORT}\n${HOSTILE}\n\`\`\`\n\n$${SHORT}$`)}`)
    .replace(/^tags = .*$/m, `tags = ["tabular"]`)
    .replace(/^license = .*$/m, `license = ${toml(SHORT)}`)
    .replace(/^label = "Sepal length \(cm\)"$/m, `label = ${toml(SCRIPTS[0] + SHORT)}\ninfo = ${toml(INFO)}`)
    .replace(/^label = "Species"$/m, `label = ${toml(SCRIPTS[1])}\ninfo = ${toml(INFO)}`)
    .replace(/^title = "A setosa"$/m, `title = ${toml(SHORT)}`);
  writeFileSync(join(iris, "space.toml"), manifest);
  const labels = readFileSync(join(iris, "labels.txt"), "utf8").trim().split("\n");
  writeFileSync(join(iris, "labels.txt"), labels.map((label) => `${label} ${SHORT}`).join("\n"));
  publish(iris, "mallory/iris");
  publish(bundle("components"), "mallory/components");

  const harmless = async (page) => {
    assert.equal(await page.evaluate(() => window.hurt), undefined, "no script has run");
    const made = await page.evaluate(() => [...document.querySelectorAll("*")].filter((element) =>
      (element.localName === "script" && element.id !== "boot" && !element.src.startsWith(location.origin))
      || [...element.attributes].some(({ name, value }) => name.startsWith("on")
        || (/^(href|src|action|formaction|xlink:href)$/.test(name) && /^\s*javascript:/i.test(value))),
    ).map((element) => element.outerHTML));
    assert.deepEqual(made, [], "no element of theirs acts");
  };

  const views = ["", "?tab=api", "?tab=files", "?tab=revisions", "?tab=logs", "?tab=settings", "?tab=metrics"];
  const pages = ["/", "/mallory", "/embed/mallory/iris", ...views.map((view) => `/spaces/mallory/iris${view}`)];
  for (const javaScriptEnabled of [true, false]) {
    await test(`texts of an author, scripts ${javaScriptEnabled ? "on" : "off"}`, { javaScriptEnabled }, async (page, context) => {
      const { headers } = await fetch(`${url}/login`, {
        method: "POST", redirect: "manual", headers: { origin: url }, body: new URLSearchParams({ token, next: "/" }) });
      const [name, value] = headers.getSetCookie()[0].split(";")[0].split("=");
      await context.addCookies([{ name, value, url }]);
      for (const path of pages) {
        await page.goto(`${url}${path}`);
        if (!javaScriptEnabled) {
          const html = await page.content();
          assert.ok(!/<script>window\.hurt|<img src="?x|<svg onload|href="javascript/i.test(html), path);
          continue;
        }
        await page.locator("html[data-alive]").waitFor();
        await harmless(page);
      }
    });
  }

  await test("texts of a guest", {}, async (page) => {
    await page.goto(`${url}/spaces/mallory/iris`);
    await page.locator("html[data-alive]").waitFor();
    await page.getByRole("button", { name: "Run" }).click();
    await page.getByText(/Done in/).waitFor();
    await page.getByText("versicolor \"><script>hurt=1</script>").first().waitFor();
    await harmless(page);
    await shot(page, "hostile-iris");
  });

  await test("texts that a guest gives back in each component", {}, async (page) => {
    await page.goto(`${url}/spaces/mallory/components`);
    await page.locator("html[data-alive]").waitFor();
    for (const tab of await page.getByRole("tab").all()) {
      await tab.click();
      const panel = page.getByRole("tabpanel").and(page.locator(":visible")).first();
      for (const field of await panel.locator("form input[type=text], form input[type=search], form input:not([type]), form textarea").all()) {
        const taken = await field.inputValue();
        if (await field.isEditable() && await field.isVisible() && !/^[[{#]/.test(taken)) await field.fill(HOSTILE);
      }
      const run = panel.getByRole("button", { name: "Run" });
      if (await run.count()) {
        await run.click();
        await panel.locator('[aria-busy="false"]').first().waitFor();
      }
      await harmless(page);
    }
    await shot(page, "hostile-components");
  });

  await test("texts in an address", { allowed: /40\d/ }, async (page) => {
    const text = encodeURIComponent(HOSTILE);
    for (const path of [`/?q=${text}`, `/?tag=${text}&sort=${text}`, `/${text}`, `/spaces/mallory/iris?tab=${text}`,
      `/spaces/mallory/iris?inputs=${text}`, `/embed/mallory/iris?theme=${text}`, `/login?next=${text}`, `/login?next=javascript:window.hurt=1`]) {
      await page.goto(`${url}${path}`);
      await harmless(page);
    }
  });
});
