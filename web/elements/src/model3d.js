// <vitrine-model3d src="…" format="glb">: a model to turn with the pointer or the arrow keys. Formats: glb, gltf with its
// buffers inside, obj, stl.
import {
  AmbientLight, Box3, Color, DirectionalLight, LoadingManager, Mesh, MeshStandardMaterial, PerspectiveCamera, Scene,
  Vector3, WebGLRenderer,
} from "three";
import { texts } from "./lib/texts.js";
import { OrbitControls } from "three/addons/controls/OrbitControls.js";
import { GLTFLoader } from "three/addons/loaders/GLTFLoader.js";
import { OBJLoader } from "three/addons/loaders/OBJLoader.js";
import { STLLoader } from "three/addons/loaders/STLLoader.js";
import { colour, onTheme } from "./lib/theme.js";

const MAX_PIXEL_RATIO = 2;
const TURN_RADIANS = Math.PI / 24;

class Model3D extends HTMLElement {
  static observedAttributes = ["src"];
  #end = () => {};

  connectedCallback() {
    this.#show();
  }

  disconnectedCallback() {
    this.#end();
  }

  attributeChangedCallback() {
    if (this.isConnected) this.#show();
  }

  async #show() {
    this.#end();
    const source = this.getAttribute("src");
    if (!source) return;
    try {
      const bytes = await (await fetch(source)).arrayBuffer();
      const model = await read(bytes, this.getAttribute("format") ?? "");
      if (this.isConnected && source === this.getAttribute("src")) this.#end = this.#stage(model);
    } catch (error) {
      const message = document.createElement("p");
      message.className = "field-error";
      message.textContent = texts.noModel(error.message);
      this.replaceChildren(message);
    }
  }

  // Puts `model` on show; the answer takes it away again.
  #stage(model) {
    const canvas = document.createElement("canvas");
    canvas.className = "model3d";
    canvas.tabIndex = 0;
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", texts.model);
    this.replaceChildren(canvas);
    const renderer = new WebGLRenderer({ canvas, antialias: true, alpha: true });
    renderer.setPixelRatio(Math.min(devicePixelRatio, MAX_PIXEL_RATIO));
    const scene = new Scene();
    const camera = new PerspectiveCamera(45, 1, 0.01, 1000);
    const sun = new DirectionalLight(0xffffff, 2.5);
    scene.add(new AmbientLight(0xffffff, 1.2), sun, camera, model);
    frame(model, camera);
    sun.position.copy(camera.position).add(new Vector3(1, 2, 0));
    const controls = new OrbitControls(camera, canvas);
    // Only when something changed: a page with a model on it costs nothing while nobody turns it.
    const draw = () => renderer.render(scene, camera);
    controls.addEventListener("change", draw);
    canvas.addEventListener("keydown", (event) => {
      const turns = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
      const turn = turns[event.key];
      if (!turn) return;
      event.preventDefault();
      model.rotation.y -= turn[0] * TURN_RADIANS;
      model.rotation.x -= turn[1] * TURN_RADIANS;
      draw();
    });
    const paint = () => {
      scene.background = new Color(colour("sunken"));
      draw();
    };
    const fit = new ResizeObserver(() => {
      const { clientWidth: width, clientHeight: height } = canvas;
      renderer.setSize(width, height, false);
      camera.aspect = width / height;
      camera.updateProjectionMatrix();
      draw();
    });
    fit.observe(canvas);
    const forget = onTheme(paint);
    paint();
    this.dataset.shown = "true";
    return () => {
      fit.disconnect();
      forget();
      controls.dispose();
      renderer.dispose();
      delete this.dataset.shown;
    };
  }
}

async function read(bytes, format) {
  // Nothing beside the file: what it names elsewhere is not fetched.
  const manager = new LoadingManager();
  manager.setURLModifier((url) => (/^(data|blob):/.test(url) ? url : "data:,"));
  const material = () => new MeshStandardMaterial({ color: 0x9aa7b2, roughness: 0.7 });
  switch (format.toLowerCase()) {
    case "glb":
    case "gltf": {
      const loaded = await new GLTFLoader(manager).parseAsync(bytes, "");
      return loaded.scene;
    }
    case "obj": {
      const model = new OBJLoader(manager).parse(new TextDecoder().decode(bytes));
      model.traverse((part) => { if (part.isMesh) part.material = material(); });
      return model;
    }
    case "stl":
      return new Mesh(new STLLoader(manager).parse(bytes), material());
    default:
      throw new Error(texts.noModelFormat(format));
  }
}

// Puts the camera where the whole model is seen, whatever its size.
function frame(model, camera) {
  const box = new Box3().setFromObject(model);
  const centre = box.getCenter(new Vector3());
  const size = box.getSize(new Vector3()).length() || 1;
  model.position.sub(centre);
  camera.near = size / 100;
  camera.far = size * 100;
  camera.position.set(size * 0.6, size * 0.45, size * 0.9);
  camera.lookAt(0, 0, 0);
  camera.updateProjectionMatrix();
}

customElements.define("vitrine-model3d", Model3D);
