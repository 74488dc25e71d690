// Every page, for what looks at all of them: pictures, and tests of what keeps people out.
import { join } from "node:path";
import { bundle, root } from "./harness.mjs";

// Spaces that the pages need, with what is published.
export const examples = {
  "demo/iris": bundle("iris"),
  "demo/image-classifier": bundle("image-classifier"),
  "demo/components": bundle("components"),
  "demo/growth-explorer": bundle("growth-explorer"),
  "demo/sentence-labels": bundle("sentence-labels"),
  "ada/workbench": join(root, "artifacts/guests/workbench.wasm"),
};

const run = async (page) => {
  await page.getByRole("button", { name: "Run" }).first().click();
  await page.getByText(/Done in/).first().waitFor();
};

const share = async (page) => {
  await page.getByRole("button", { name: "Share" }).click();
  await page.getByRole("dialog").waitFor();
};

// Each page's address, and what is done there before it is looked at. For who has signed in.
export const pages = {
  gallery: { path: "/" },
  "gallery-empty": { path: "/?q=nothing-is-called-so" },
  owner: { path: "/demo" },
  iris: { path: "/spaces/demo/iris" },
  answered: { path: "/spaces/demo/iris", act: run },
  pictures: { path: "/spaces/demo/image-classifier" },
  workbench: { path: "/spaces/ada/workbench" },
  components: { path: "/spaces/demo/components" },
  growth: { path: "/spaces/demo/growth-explorer" },
  labels: { path: "/spaces/demo/sentence-labels" },
  api: { path: "/spaces/demo/image-classifier?tab=api" },
  files: { path: "/spaces/demo/image-classifier?tab=files" },
  revisions: { path: "/spaces/demo/iris?tab=revisions" },
  logs: { path: "/spaces/demo/iris?tab=logs" },
  settings: { path: "/spaces/demo/iris?tab=settings" },
  metrics: { path: "/spaces/demo/iris?tab=metrics&range=hour" },
  diff: { path: "/spaces/demo/iris?tab=revisions&diff=1" },
  preview: { path: "/spaces/demo/iris?revision=1" },
  share: { path: "/spaces/demo/iris", act: share },
  new: { path: "/new" },
  "new-described": {
    path: "/new",
    act: async (page) => {
      await page.locator("input[type=file]").first().setInputFiles(join(bundle("iris"), "iris.onnx"));
      await page.getByText("It can be published.").waitFor();
    },
  },
  "gallery-tag": { path: "/?tag=tabular&sort=name" },
  embed: { path: "/embed/demo/iris" },
  "not-found": { path: "/spaces/demo/none" },
};
