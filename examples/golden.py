"""The reference for the ONNX examples: what ONNX Runtime answers on the same file.

usage: golden.py check [NAME…]    compares ONNX Runtime's answers with the stored `golden.json`
       golden.py write [NAME…]    makes `golden.json` anew

`golden.json` is a list of cases: `inputs` as the HTTP API takes them, `outputs` as it answers them by output
name, and `tolerance` (of probabilities, or of a similarity) where it is not 1e-4. Bundles come from
`stage.py`. How `space.toml` turns values into tensors is written out here a second time, apart from the
host's own code, so that one can be checked against the other.
"""

import base64
import io
import json
import sys
import time
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
from PIL import Image

import stage

TOLERANCE = 1e-4
# JPEG decoders round the colours of a pixel up or down, each its own way.
JPEG_TOLERANCE = 0.005
# Weights and activations of 8 bits: kernels of different processors round differently.
INT8_TOLERANCE = 0.02


def main() -> None:
    command, names = sys.argv[1], sys.argv[2:] or list(CASES)
    for name in names:
        space, path = Space.load(name), stage.EXAMPLES / name / "golden.json"
        if command == "write":
            cases = [case | {"outputs": space.answer(case["inputs"])} for case in CASES[name](space)]
            path.write_text("[\n" + ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases) + "\n]\n")
            print(f"{name}: {len(cases)} cases written")
        else:
            check(space, json.loads(path.read_text()))


def check(space: "Space", cases: list[dict]) -> None:
    for index, case in enumerate(cases):
        answer, tolerance = space.answer(case["inputs"]), case.get("tolerance", TOLERANCE)
        for output, expected in case["outputs"].items():
            if not agrees(answer[output], expected, tolerance):
                sys.exit(f"{space.name}: case {index}, output {output}: {answer[output]} is not {expected}")
    print(f"{space.name}: {len(cases)} cases agree, median {space.median_ms():.2f} ms in ONNX Runtime with one thread")


def agrees(answer: object, expected: object, tolerance: float) -> bool:
    if not isinstance(expected, dict):
        return abs(answer - expected) <= tolerance
    got = {row["label"]: row["confidence"] for row in answer["confidences"]}
    # Outside the best few, a class may swap its place with one that was not answered.
    floor = min(got.values())
    return answer["label"] == expected["label"] and all(
        abs(got.get(row["label"], floor) - row["confidence"]) <= tolerance for row in expected["confidences"]
    )


@dataclass
class Space:
    """A staged bundle, open in ONNX Runtime with one thread."""

    name: str
    folder: Path
    manifest: dict
    session: onnxruntime.InferenceSession
    durations_ms: list[float]

    @classmethod
    def load(cls, name: str) -> "Space":
        folder = stage.BUNDLES / name
        manifest = tomllib.loads((folder / "space.toml").read_text())
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        session = onnxruntime.InferenceSession(folder / manifest["app"], options, ["CPUExecutionProvider"])
        return cls(name, folder, manifest, session, [])

    def answer(self, values: dict) -> dict:
        """Gives the outputs for `values` as the HTTP API does."""
        specs = self.manifest["inputs"]
        match specs[0]["kind"]:
            case "slider":
                feed = {self.session.get_inputs()[0].name: features(specs, values)}
            case "image":
                feed = {specs[0]["tensor"]: picture(specs[0], self.media(values[specs[0]["name"]]))}
            case "text":
                feed = self.tokens(specs, [values[spec["name"]] for spec in specs])
        started = time.perf_counter()
        tensors = self.session.run([spec["tensor"] for spec in self.manifest["outputs"]], feed)
        self.durations_ms.append((time.perf_counter() - started) * 1e3)
        return {
            spec["name"]: self.output(spec, tensor, feed)
            for spec, tensor in zip(self.manifest["outputs"], tensors)
        }

    def output(self, spec: dict, tensor: np.ndarray, feed: dict[str, np.ndarray]) -> object:
        if spec["kind"] == "label":
            labels = spec["labels"]
            if isinstance(labels, str):
                labels = (self.folder / labels).read_text().splitlines()
            best = np.argsort(-tensor[0], kind="stable")[: spec.get("top")]
            rows = [{"label": labels[i], "confidence": short(tensor[0, i])} for i in best]
            return {"label": rows[0]["label"], "confidences": rows}
        mask = feed["attention_mask"][:, :, None]
        first, second = (tensor * mask).sum(1) / mask.sum(1)
        return short(first @ second / (np.linalg.norm(first) * np.linalg.norm(second)))

    def media(self, value: object) -> bytes:
        if isinstance(value, dict):
            return (self.folder / value["asset"]).read_bytes()
        return base64.b64decode(value.partition(",")[2])

    def tokens(self, specs: list[dict], texts: list[str]) -> dict[str, np.ndarray]:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self.folder / specs[0]["tokenizer"]))
        tokenizer.enable_truncation(specs[0]["max_length"])
        tokenizer.enable_padding()
        rows = tokenizer.encode_batch(texts)
        return {
            "input_ids": np.array([row.ids for row in rows], np.int64),
            "attention_mask": np.array([row.attention_mask for row in rows], np.int64),
            "token_type_ids": np.array([row.type_ids for row in rows], np.int64),
        }

    def median_ms(self) -> float:
        return float(np.median(self.durations_ms))


def features(specs: list[dict], values: dict) -> np.ndarray:
    return np.array([[values[spec["name"]] for spec in specs]], np.float32)


def picture(spec: dict, data: bytes) -> np.ndarray:
    """Gives the tensor of a picture, NCHW: crop, resize, invert, scale, then mean and deviation."""
    image = Image.open(io.BytesIO(data)).convert("L" if spec["channels"] == "grayscale" else "RGB")
    height, width = spec["size"]
    ratio = min(image.width / width, image.height / height)
    crop_width, crop_height = round(width * ratio), round(height * ratio)
    left, top = (image.width - crop_width) // 2, (image.height - crop_height) // 2
    image = image.crop((left, top, left + crop_width, top + crop_height))
    if image.size != (width, height):
        image = image.resize((width, height), Image.Resampling[spec["filter"].upper()])
    pixels = np.asarray(image, np.float32).reshape(height, width, -1)
    if spec.get("invert"):
        pixels = 255 - pixels
    pixels = pixels * np.float32(spec.get("scale", 1 / 255))
    pixels = (pixels - np.float32(spec.get("mean", 0))) / np.float32(spec.get("std", 1))
    return np.ascontiguousarray(pixels.transpose(2, 0, 1)[None], np.float32)


def iris_cases(space: Space) -> Iterable[dict]:
    """All 150 rows."""
    from sklearn.datasets import load_iris

    names = [spec["name"] for spec in space.manifest["inputs"]]
    for row in load_iris().data:
        yield {"inputs": dict(zip(names, row.tolist()))}


def digits_cases(space: Space) -> Iterable[dict]:
    """The 360 images that the training did not see, then the example pictures."""
    sys.path.insert(0, str(stage.EXAMPLES / "digits"))
    import train

    _, images, _, _ = train.load_split()
    for image in images:
        yield {"inputs": {"image": data_url(train.to_picture(image[0]))}}
    for path in sorted(space.folder.glob("*.png")):
        yield {"inputs": {"image": {"asset": path.name}}}


def image_classifier_cases(space: Space) -> Iterable[dict]:
    """The two photographs; and of each a coarse copy without loss, cropped and resized like it, and two pieces at the
    network's own size, in which nothing is resized. Only the photographs themselves depend on the JPEG decoder."""
    for photo in ("flower.jpg", "china.jpg"):
        yield {"inputs": {"image": {"asset": photo}}, "tolerance": JPEG_TOLERANCE}
        image = Image.open(space.folder / photo)
        coarse = image.resize((image.width // 8, image.height // 8), Image.Resampling.BILINEAR)
        yield {"inputs": {"image": data_url(coarse.resize(image.size, Image.Resampling.NEAREST))}}
        for left in (40, 300):
            # Coarse pixels keep the PNG, and so this file, small.
            piece = image.crop((left, 60, left + 320, 380)).resize((32, 32), Image.Resampling.BILINEAR)
            yield {"inputs": {"image": data_url(piece.resize((224, 224), Image.Resampling.NEAREST))}}


def sentence_cases(space: Space) -> Iterable[dict]:
    pairs = [tuple(example["inputs"].values()) for example in space.manifest["examples"]]
    pairs += [
        ("A man is playing a guitar.", "Someone plays an instrument."),
        ("The stock market fell sharply today.", "Shares dropped a lot on Monday."),
        ("I love this film.", "I hate this film."),
        ("Café, naïve, Zürich!", "cafe, naive, zurich"),
        ("", "An empty text is a text too."),
        ("The same sentence.", "The same sentence."),
        ("Water boils at 100 degrees Celsius. " * 40, "At sea level, water starts to boil at 100 °C."),
    ]
    for first, second in pairs:
        yield {"inputs": {"first": first, "second": second}, "tolerance": INT8_TOLERANCE}


CASES: dict[str, Callable[[Space], Iterable[dict]]] = {
    "iris": iris_cases,
    "digits": digits_cases,
    "image-classifier": image_classifier_cases,
    "sentence-similarity": sentence_cases,
}


def short(number: np.floating) -> float:
    """Keeps seven decimals: far below every tolerance, and a small file."""
    return round(float(number), 7)


def data_url(image: Image.Image) -> str:
    file = io.BytesIO()
    image.save(file, "PNG", optimize=True)
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()


if __name__ == "__main__":
    main()
