// What every version of `@gradio/client` can do with a space. usage: checks.mjs VERSION URL TOKEN PRIVATE-URL IMAGE
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";

const [version, url, token, privateUrl, image] = process.argv.slice(2);
const { Client, handle_file } = await import(`gradio-client-${version}`);
// In these two the iteration of a submission does not end, with Gradio's own server neither.
const iterationEnds = !["1.19.1", "2.0.4"].includes(version);

const app = await Client.connect(url);

// view_api
const api = (await app.view_api()).named_endpoints;
assert.deepEqual(api["/add"].parameters.map((parameter) => parameter.parameter_name), ["x", "y"]);
assert.equal(api["/mirror"].parameters[0].type, "Blob | File | Buffer");

// predict, positional and by name
const predict = async (client, name, inputs) => (await client.predict(name, inputs)).data;
assert.deepEqual(await predict(app, "/add", [1.5, 2.25]), [3.75]);
assert.deepEqual(await predict(app, "/add", { y: 2, x: 1 }), [3]);
assert.deepEqual(await predict(app, "/add", { x: 1 }), [4]);
assert.deepEqual(await predict(app, "/choose", [7, true, "Foot", ["Metre"]]), ["7 true Foot [Metre]"]);

// files, up and down
const picture = await readFile(image);
const [mirrored] = await predict(app, "/mirror", [new Blob([picture], { type: "image/png" })]);
assert.equal(mirrored.mime_type, "image/png");
const response = await fetch(mirrored.url);
assert.equal(response.headers.get("content-type"), "image/png");
const bytes = Buffer.from(await response.arrayBuffer());
assert.equal(bytes.length, mirrored.size);
// What it answered can be given back: the second time it is the first picture again.
const [again] = await predict(app, "/mirror", [mirrored]);
const [thrice] = await predict(app, "/mirror", [handle_file(again.url)]).catch((error) => {
  // Some versions fetch the address and send the file, others send the address: ours, so it is found.
  throw new Error(`an answer could not be given back: ${error.message}`);
});
assert.deepEqual(Buffer.from(await (await fetch(thrice.url)).arrayBuffer()), bytes);
const part = await fetch(mirrored.url, { headers: { range: "bytes=1-3" } });
assert.deepEqual([part.status, await part.text()], [206, "PNG"]);
const [joined] = await predict(app, "/join", [[new Blob(["first"]), new Blob(["second"])]]);
assert.match(await (await fetch(joined.url)).text(), /\nfirst\nsecond$/);

// what is neither a number nor a file
const [label] = await predict(app, "/classify", ["aab"]);
assert.equal(label.label, "a");
const table = { headers: ["x", "y"], data: [[1, "a"], [2.5, null]], metadata: null };
assert.deepEqual(await predict(app, "/table", [table]), [table]);

// submit, with each partial output
if (iterationEnds) {
  const seen = [];
  for await (const message of app.submit("/count", [4])) {
    if (message.type === "data") seen.push(message.data[0]);
  }
  assert.deepEqual([...new Set(seen)], ["1", "1 2", "1 2 3", "1 2 3 4"]);
}

// the session
assert.deepEqual(await predict(app, "/visits", []), [1]);
assert.deepEqual(await predict(app, "/visits", []), [2]);
assert.deepEqual(await predict(await Client.connect(url), "/visits", []), [1]);

// errors: the author's, and what does not fit
const message = (error) => error.message ?? JSON.stringify(error);
const failure = async (name, inputs) => app.predict(name, inputs).then(() => assert.fail(`${name} did not fail`), message);
assert.match(await failure("/fail", ["it is late"]), /it is late/);
assert.match(await failure("/choose", [11, false, "Foot", []]), /level/);

// cancel, and calls after it
if (iterationEnds) {
  const job = app.submit("/forever", []);
  for await (const message of job) {
    if (message.type === "data") await job.cancel();
  }
}
assert.deepEqual(await predict(app, "/add", [1, 1]), [2]);

// many at once in one session
const sums = await Promise.all([...Array(40).keys()].map((n) => predict(app, "/add", [n, 1])));
assert.deepEqual(sums.flat(), [...Array(40).keys()].map((n) => n + 1));

// a private space, by its token; older versions call the option by another name
const secret = await Client.connect(privateUrl, { token, hf_token: token });
assert.deepEqual(await predict(secret, "/add", [1, 2]), [3]);
await assert.rejects(Client.connect(privateUrl));

console.log("ok");
// Older versions keep a stream open.
process.exit(0);
