// <vitrine-capture kind="image|audio|video">: buttons that make a file with the camera, the microphone or a brush, and
// tell it by the event `picked` with a `File`. `sources` names the ones to offer, in Gradio's words.
import { button, open } from "./lib/dialog.js";
import { file, sketchpad } from "./lib/sketch.js";
import { texts } from "./lib/texts.js";
import { wav } from "./lib/wav.js";

const SKETCH_PIXELS = 512;
const SOURCES = { image: "webcam sketch", audio: "microphone", video: "webcam" };

class Capture extends HTMLElement {
  connectedCallback() {
    const kind = this.getAttribute("kind") ?? "image";
    const sources = (this.getAttribute("sources") ?? SOURCES[kind]).split(/\s+/);
    const offered = {
      webcam: () => button(texts.camera, () => this.#try(() => (kind === "video" ? this.#film() : this.#photograph()))),
      sketch: () => button(texts.draw, () => this.#sketch()),
      microphone: () => button(texts.record, () => this.#try(() => this.#record())),
    };
    this.#message = document.createElement("p");
    this.#message.className = "field-error";
    this.#message.setAttribute("role", "alert");
    this.replaceChildren(...sources.filter((name) => offered[name]).map((name) => offered[name]()), this.#message);
  }

  #message;

  async #try(act) {
    this.#message.textContent = "";
    try {
      await act();
    } catch (error) {
      this.#message.textContent = reason(error);
    }
  }

  #give(picked) {
    this.dispatchEvent(new CustomEvent("picked", { detail: picked, bubbles: true }));
  }

  async #photograph() {
    const { stream, video } = await camera({ video: true });
    const dialog = open(texts.camera, video, [{ text: texts.takePicture, act: async (close) => {
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
      canvas.getContext("2d").drawImage(video, 0, 0);
      this.#give(await file(canvas, "camera.jpg", "image/jpeg"));
      close();
    } }]);
    dialog.addEventListener("close", () => stop(stream));
    await video.play();
  }

  async #film() {
    const { stream, video } = await camera({ video: true, audio: true });
    const recording = record(stream);
    const dialog = open(texts.camera, video, [{ text: texts.stop, act: async (close) => {
      const blob = await recording.stop();
      this.#give(new File([blob], "camera.webm", { type: "video/webm" }));
      close();
    } }]);
    dialog.addEventListener("close", () => stop(stream));
    await video.play();
  }

  #sketch() {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [SKETCH_PIXELS, SKETCH_PIXELS];
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.fillStyle = "#ffffff";
    context.fillRect(0, 0, canvas.width, canvas.height);
    const content = document.createElement("div");
    content.append(sketchpad(canvas), canvas);
    open(texts.draw, content, [{ text: texts.useDrawing, act: async (close) => {
      this.#give(await file(canvas, "drawing.png"));
      close();
    } }]);
  }

  async #record() {
    const stream = await devices().getUserMedia({ audio: true });
    const recording = record(stream);
    const clock = document.createElement("p");
    clock.className = "recording";
    const begun = performance.now();
    const tick = () => { clock.textContent = texts.recordingFor(((performance.now() - begun) / 1000).toFixed(0)); };
    tick();
    const timer = setInterval(tick, 1000);
    const dialog = open(texts.microphone, clock, [{ text: texts.stop, act: async (close) => {
      const blob = await recording.stop();
      close();
      const context = new AudioContext();
      const sound = await context.decodeAudioData(await blob.arrayBuffer());
      await context.close();
      this.#give(new File([wav(sound)], "recording.wav", { type: "audio/wav" }));
    } }]);
    dialog.addEventListener("close", () => {
      clearInterval(timer);
      stop(stream);
    });
  }
}

function devices() {
  // Browsers hide cameras and microphones from pages that came without encryption.
  if (!navigator.mediaDevices) throw new Error("browsers give cameras and microphones to pages over HTTPS only");
  return navigator.mediaDevices;
}

async function camera(wanted) {
  const stream = await devices().getUserMedia(wanted);
  const video = document.createElement("video");
  Object.assign(video, { srcObject: stream, muted: true, playsInline: true });
  video.className = "camera";
  return { stream, video };
}

function record(stream) {
  const recorder = new MediaRecorder(stream);
  const parts = [];
  recorder.addEventListener("dataavailable", ({ data }) => parts.push(data));
  recorder.start();
  return {
    stop: () => new Promise((resolve) => {
      recorder.addEventListener("stop", () => resolve(new Blob(parts, { type: recorder.mimeType })));
      recorder.stop();
    }),
  };
}

function stop(stream) {
  for (const track of stream.getTracks()) track.stop();
}

function reason(error) {
  switch (error.name) {
    case "NotAllowedError":
      return texts.notAllowed;
    case "NotFoundError":
      return texts.noDevice;
    default:
      return texts.failed(error.message);
  }
}

customElements.define("vitrine-capture", Capture);
