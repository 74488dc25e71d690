// Every page, in both themes, by axe-core: nothing serious or critical keeps anybody out.
//
// usage: node host/tests/browser/access.mjs    (after `make build stage`; SCREENSHOTS=DIR keeps pictures)
import assert from "node:assert/strict";
import { join } from "node:path";
import { barriers, bundle, root, shot, token, withServer } from "./lib/harness.mjs";

await withServer(async ({ url, publish, test }) => {
  for (const name of ["iris", "image-classifier"]) publish(bundle(name), `demo/${name}`);
  publish(join(root, "artifacts/guests/workbench.wasm"), "ada/workbench");

  const pages = {
    gallery: "/",
    "gallery-empty": "/?q=nothing-is-called-so",
    owner: "/demo",
    login: "/login",
    iris: "/spaces/demo/iris",
    pictures: "/spaces/demo/image-classifier",
    workbench: "/spaces/ada/workbench",
    api: "/spaces/demo/image-classifier?tab=api",
    files: "/spaces/demo/image-classifier?tab=files",
    revisions: "/spaces/demo/iris?tab=revisions",
    logs: "/spaces/demo/iris?tab=logs",
    settings: "/spaces/demo/iris?tab=settings",
  };
  for (const colorScheme of ["light", "dark"]) {
    await test(`every page is open to everybody, ${colorScheme}`, { colorScheme }, async (page) => {
      await page.goto(`${url}/login`);
      await page.getByLabel("Token").fill(token);
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.waitForURL(`${url}/`);
      const found = {};
      for (const [name, path] of Object.entries(pages)) {
        await page.goto(`${url}${path}`);
        await page.locator("html[data-alive]").waitFor();
        found[path] = await barriers(page);
        await shot(page, `${name}-${colorScheme}`);
      }
      await page.goto(`${url}/spaces/demo/iris`);
      await page.getByRole("button", { name: "Run" }).click();
      await page.getByText(/Done in/).waitFor();
      found.answered = await barriers(page);
      assert.deepEqual(Object.entries(found).filter(([, here]) => here.length > 0), []);
    });
  }
  await test("what is not there is open to everybody", { allowed: /404/ }, async (page) => {
    await page.goto(`${url}/spaces/demo/none`);
    assert.deepEqual(await barriers(page), []);
  });
});
