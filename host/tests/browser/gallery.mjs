// The gallery with ten thousand spaces: search as one types, filters, orders, pages, back and forward; without script;
// what the operator features; a server that does not answer.
//
// usage: node host/tests/browser/gallery.mjs    (after `make build stage`; SCREENSHOTS=DIR keeps pictures)
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { barriers, bundle, root, shot, token, withServer } from "./lib/harness.mjs";

const N_COPIES = 9_997;

await withServer(async ({ url, publish, test, folder }) => {
  await test("an empty server says how to begin", {}, async (page) => {
    await page.goto(url);
    await page.getByText("No space has been published yet.").waitFor();
    await page.getByText("vitrine publish").waitFor();
    await shot(page, "gallery-empty");
  });
  publish(bundle("iris"), "demo/iris");
  publish(bundle("digits"), "demo/digits");
  publish(join(root, "artifacts/guests/workbench.wasm"), "ada/workbench");

  const cards = (page) => page.locator(".listed .card");
  const titles = (page) => page.locator(".listed .card h2").allInnerTexts();
  const signIn = async (page, next) => {
    await page.goto(`${url}/login?next=${next}`);
    await page.getByLabel("Token").fill(token);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.locator("html[data-alive]").waitFor();
  };

  await test("cards say what a space is", {}, async (page) => {
    await page.goto(url);
    const card = cards(page).filter({ hasText: "demo/iris" });
    assert.match(await card.innerText(), /Live\s+ONNX\s+(just now|1 minute ago)/);
    await card.getByRole("link", { name: "demo" }).click();
    await page.waitForURL(`${url}/demo`);
    assert.equal(await cards(page).count(), 2);
    await shot(page, "owner");
  });
  await test("what the operator features comes first", {}, async (page) => {
    await signIn(page, "/spaces/demo/iris");
    const button = page.getByRole("button", { name: "Featured" });
    await button.click();
    await page.locator("button[aria-pressed=true]").waitFor();
    await page.getByRole("link", { name: "Spaces" }).click();
    await page.getByRole("heading", { name: "Featured" }).waitFor();
    assert.match(await page.locator(".featured .card").innerText(), /demo\/iris/);
    await shot(page, "gallery-featured");
    await page.goto(`${url}/?q=digits`);
    assert.equal(await page.locator(".featured").count(), 0);
  });
  await test("what is called most comes first", {}, async (page) => {
    const call = (space, endpoint, body) =>
      fetch(`${url}/spaces/${space}/api/${endpoint}`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
    for (let n = 0; n < 3; n += 1) assert.equal((await call("demo/iris", "predict", {})).status, 200);
    // Who reads the metrics has them written.
    await fetch(`${url}/api/v1/spaces/demo/iris/metrics`, { headers: { authorization: `Bearer ${token}` } });
    await page.goto(url);
    await page.getByRole("link", { name: "Trending" }).click();
    await page.waitForURL("**/?sort=trending");
    assert.equal((await titles(page))[0], "Iris species");
    assert.notEqual((await page.goto(`${url}/`), await titles(page))[0], "Iris species");
  });
  await test("a few spaces need no pages", {}, async (page) => {
    await page.goto(url);
    assert.equal(await page.locator(".pager").count(), 0);
    await page.getByText("3 spaces").waitFor();
  });

  multiply(join(folder, "data/vitrine.db"));

  await test("ten thousand spaces come in pages", {}, async (page) => {
    await page.goto(url);
    assert.match(await page.locator(".list-head").innerText(), /10000 spaces, page 1 of 209/);
    assert.equal(await cards(page).count(), 48);
    assert.ok((await page.locator("body *").count()) < 2_500, "the page stays small");
    assert.deepEqual(await barriers(page), []);
    await shot(page, "gallery");
    await page.getByRole("link", { name: "Next" }).click();
    await page.waitForURL("**/?page=2");
    const second = await titles(page);
    await page.getByRole("link", { name: "Page 209" }).click();
    await page.waitForURL("**/?page=209");
    assert.equal(await cards(page).count(), 10_000 - 208 * 48);
    await page.goBack();
    await page.waitForURL("**/?page=2");
    assert.deepEqual(await titles(page), second);
    await page.goForward();
    await page.waitForURL("**/?page=209");
    await page.goto(`${url}/?page=5000`);
    await page.getByText("The list is shorter than that.").waitFor();
    await page.getByRole("link", { name: "To its first page" }).click();
    await page.getByText(/page 1 of 209/).waitFor();
  });
  await test("the list follows what one types, and back brings it again", {}, async (page) => {
    await page.goto(url);
    await page.locator("html[data-alive]").waitFor();
    await page.getByRole("searchbox").fill("number 777");
    await page.waitForURL("**/?q=number%20777");
    assert.match(await page.locator(".list-head .found").innerText(), /^19 spaces/);
    assert.equal(await page.getByRole("status").innerText(), "19 spaces");
    assert.equal(await cards(page).count(), 19);
    await page.getByRole("navigation", { name: "Order" }).getByRole("link", { name: "Name" }).click();
    await page.waitForURL("**/?q=number%20777&sort=name");
    assert.equal((await titles(page))[0], "Space number 1777");
    await cards(page).getByRole("link", { name: "Space number 777", exact: true }).click();
    await page.waitForURL("**/spaces/many/space-777");
    await page.goBack();
    await page.waitForURL("**/?q=number%20777&sort=name");
    assert.equal(await page.getByRole("searchbox").inputValue(), "number 777");
    assert.equal(await cards(page).count(), 19);
    await page.goBack();
    await page.waitForURL("**/?q=number%20777");
    await page.locator("html[data-alive]").waitFor();
    await page.getByRole("searchbox").fill("surely nothing is called so");
    await page.getByText("No space matches “surely nothing is called so”.").first().waitFor();
    await shot(page, "gallery-nothing");
  });
  await test("tags and tasks filter, together and with a search", {}, async (page) => {
    await page.goto(url);
    await page.getByRole("link", { name: /^fold-7/ }).first().click();
    await page.waitForURL("**/?tag=fold-7");
    await page.getByText(/^(999|1000) spaces, page 1 of 21/).waitFor();
    await page.getByRole("link", { name: /^Image classification 2/ }).click();
    await page.waitForURL("**/?task=image-classification&tag=fold-7");
    await page.getByText("No space fits this choice.").waitFor();
    await page.getByRole("navigation", { name: "Tags" }).getByRole("link", { name: /^fold-7/ }).click();
    await page.waitForURL("**/?task=image-classification");
    await page.locator("html[data-alive]").waitFor();
    await page.getByRole("searchbox").fill("number 500");
    await page.waitForURL("**/?q=number%20500&task=image-classification");
    assert.ok((await cards(page).count()) >= 1);
    await page.getByRole("navigation", { name: "Tasks" }).getByText("×").click();
    await page.waitForURL("**/?q=number%20500");
    await page.goBack();
    await page.waitForURL("**/?q=number%20500&task=image-classification");
    await shot(page, "gallery-filtered");
  });
  await test("all of it works without script", { javaScriptEnabled: false }, async (page) => {
    await page.goto(`${url}/?tag=fold-3`);
    await page.getByRole("searchbox").fill("number 33");
    await page.getByRole("button", { name: "Search" }).click();
    await page.waitForURL("**/?q=number+33&tag=fold-3");
    assert.ok((await cards(page).count()) > 1);
    await page.getByRole("link", { name: "Name" }).click();
    await page.waitForURL("**/?q=number%2033&tag=fold-3&sort=name");
    await page.goto(`${url}/many`);
    await page.getByRole("link", { name: "Next" }).click();
    await page.waitForURL("**/many?page=2");
    assert.equal(await cards(page).count(), 48);
  });
  await test("a list that does not come is told", { allowed: /503|Failed to load/ }, async (page) => {
    await page.goto(url);
    await page.locator("html[data-alive]").waitFor();
    await page.route(/part=results/, (route) => route.fulfill({ status: 503, body: "" }));
    await page.getByRole("searchbox").fill("iris");
    await page.getByText("The list cannot be loaded now.").waitFor();
    assert.equal(await cards(page).count(), 48);
    await page.unroute(/part=results/);
    await page.getByRole("searchbox").fill("Iris species");
    await page.getByText("The list cannot be loaded now.").waitFor({ state: "detached" });
    assert.equal(await cards(page).count(), 1);
  });
  for (const colorScheme of ["light", "dark"]) {
    await test(`a phone shows the gallery, ${colorScheme}`, { viewport: { width: 390, height: 844 }, colorScheme }, async (page) => {
      await page.goto(`${url}/?sort=name`);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth));
      assert.deepEqual(await barriers(page), []);
      await shot(page, `gallery-phone-${colorScheme}`);
    });
  }
  await test("an owner without spaces is told", { allowed: /404/ }, async (page) => {
    await page.goto(`${url}/nobody`);
    await page.getByText("Nobody called “nobody” has a public space here.").waitFor();
  });
});

// Copies the first space, behind the server's back: ten thousand honest publishes would take an hour.
function multiply(database) {
  const script = `
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], timeout=30)
n = int(sys.argv[2])
rows = [(1000 + i, i) for i in range(n)]
with connection:
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.executemany("INSERT INTO spaces (id, owner, name) VALUES (?, 'many', 'space-' || ?)", rows)
    connection.executemany("""INSERT INTO revisions (id, space_id, number, kind, engine, bundle_digest, bundle_bytes,
        component_digest, created_at, title, summary, emoji, license, tags, search_text, task)
        SELECT ?1, ?1, 1, kind, engine, bundle_digest, bundle_bytes, component_digest, created_at + ?2,
        'Space number ' || ?2, 'One of very many spaces, the number of which is ' || ?2 || '.', NULL, NULL, '["many", "fold-' || (?2 % 10) || '"]',
        'many/space-' || ?2 || char(10) || 'space number ' || ?2 || char(10) || 'many' || char(10) || 'fold-' || (?2 % 10),
        CASE WHEN ?2 % 5 = 0 THEN 'image-classification' END FROM revisions WHERE id = 1""", rows)
    connection.executemany("INSERT INTO revision_documents SELECT ?1, manifest, interface FROM revision_documents WHERE revision_id = 1 AND ?2 >= 0", rows)
    connection.executemany("INSERT INTO revision_tags (tag, revision_id) VALUES ('fold-' || (?2 % 10), ?1)", rows)
    connection.executemany("INSERT INTO revision_tags (tag, revision_id) SELECT 'many', ?1 WHERE ?2 >= 0", rows)
    connection.execute("UPDATE spaces SET live_number = 1 WHERE id >= 1000")
`;
  execFileSync("python3", ["-c", script, database, String(N_COPIES)], { stdio: ["ignore", "inherit", "inherit"] });
}
