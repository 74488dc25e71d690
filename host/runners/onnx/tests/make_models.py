"""Makes the small ONNX files of the runner's tests and their reference outputs.

Run it in a virtual environment with onnx 1.23, skl2onnx 1.20, scikit-learn 1.9, onnxruntime 1.32,
pillow 13, tokenizers 0.22 and numpy 2.4:

    python make_models.py

`models/NAME.onnx` is a model and `models/NAME.json` holds inputs with ONNX Runtime's outputs for them.
Files under `models/hostile/` must be refused. `images/` holds pictures with Pillow's resized pixels.
"""

import json
import pathlib
import zlib

import numpy as np
import onnx
import onnxruntime as ort
from onnx import TensorProto, helper, numpy_helper
from PIL import Image
from skl2onnx import to_onnx
from sklearn.datasets import load_breast_cancer, load_diabetes, load_digits, load_iris, load_sample_image
from sklearn.ensemble import (
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, Normalizer, StandardScaler
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier
from tokenizers import Tokenizer, normalizers, pre_tokenizers, processors
from tokenizers.models import WordPiece

HERE = pathlib.Path(__file__).parent
MODELS = HERE / "models"
HOSTILE = MODELS / "hostile"
IMAGES = HERE / "images"
BLACK_OP = {"LinearClassifier", "Scaler", "Normalizer", "LinearRegressor", "ZipMap"}


def listed(value):
    """An output of ONNX Runtime as JSON; a ZipMap's list of dicts becomes rows of scores."""
    if isinstance(value, list):
        return [list(map(float, row.values())) if isinstance(row, dict) else row for row in value]
    return np.asarray(value).tolist()


def save(name, model, rows):
    """Writes the model and ONNX Runtime's outputs for each row, one row a run as the runner does."""
    data = model.SerializeToString()
    assert len(data) < 100_000, (name, len(data))
    (MODELS / f"{name}.onnx").write_bytes(data)
    session = ort.InferenceSession(data)
    feed = session.get_inputs()[0]
    dtype = {"tensor(float)": np.float32, "tensor(double)": np.float64, "tensor(int64)": np.int64}[feed.type]
    names = [output.name for output in session.get_outputs()]
    cases = []
    for row in rows:
        tensor = np.asarray(row, dtype)[None]
        outputs = session.run(None, {feed.name: tensor})
        cases.append({"input": tensor.tolist(), "outputs": dict(zip(names, map(listed, outputs)))})
    (MODELS / f"{name}.json").write_text(json.dumps(cases) + "\n")


def sklearn_models():
    iris, digits, cancer, diabetes = load_iris(), load_digits(), load_breast_cancer(), load_diabetes()
    names = iris.target_names[iris.target]

    def export(name, estimator, x, y, test, **options):
        estimator.fit(x, y)
        save(name, to_onnx(estimator, x[:1].astype(np.float32), target_opset=17, **options), test.astype(np.float32))

    rows = iris.data[::10]
    plain = {"options": {"zipmap": False}}
    forest = lambda: RandomForestClassifier(10, max_depth=4, random_state=0)
    export("iris_forest", forest(), iris.data, iris.target, rows, **plain)
    export("iris_forest_zipmap", forest(), iris.data, names, rows)
    export("iris_tree", DecisionTreeClassifier(random_state=0), iris.data, names, rows, **plain)
    export("iris_logistic", make_pipeline(StandardScaler(), LogisticRegression()), iris.data, names, rows)
    export(
        "iris_logistic_plain", make_pipeline(StandardScaler(), LogisticRegression()), iris.data, iris.target, rows,
        options={"zipmap": False}, black_op=BLACK_OP,
    )
    export("iris_boosting", GradientBoostingClassifier(n_estimators=10, random_state=0), iris.data, iris.target, rows)
    export("iris_neighbors", KNeighborsClassifier(), iris.data[::3], iris.target[::3], rows, **plain)
    export("iris_normalized", make_pipeline(Normalizer(), LogisticRegression()), iris.data, iris.target, rows)
    rows = cancer.data[::60]
    export("cancer_logistic", make_pipeline(MinMaxScaler(), LogisticRegression()), cancer.data, cancer.target, rows)
    export("cancer_boosting", GradientBoostingClassifier(n_estimators=10, random_state=0), cancer.data, cancer.target, rows)
    export("cancer_tree", DecisionTreeClassifier(max_depth=3, random_state=0), cancer.data, cancer.target, rows)
    rows = diabetes.data[::50]
    export("diabetes_linear", make_pipeline(StandardScaler(), LinearRegression()), diabetes.data, diabetes.target, rows)
    export("diabetes_forest", RandomForestRegressor(10, max_depth=4, random_state=0), diabetes.data, diabetes.target, rows)
    export("diabetes_boosting", GradientBoostingRegressor(n_estimators=10, random_state=0), diabetes.data, diabetes.target, rows)
    export("digits_mlp", MLPClassifier((32,), random_state=0, max_iter=80), digits.data, digits.target, digits.data[::150], **plain)
    svm = SVC(probability=False).fit(iris.data, iris.target)
    model = to_onnx(svm, iris.data[:1].astype(np.float32), target_opset=17, options={"zipmap": False})
    HOSTILE.joinpath("svm.onnx").write_bytes(model.SerializeToString())


def graph(nodes, inputs, outputs, initializers=(), opset=17):
    built = helper.make_graph(nodes, "main_graph", inputs, outputs, list(initializers))
    return helper.make_model(built, opset_imports=[helper.make_opsetid("", opset)], ir_version=9)


def value(name, shape, dtype=TensorProto.FLOAT):
    return helper.make_tensor_value_info(name, dtype, shape)


def conv_net():
    """A tiny convolutional net: `f32[batch, 3, 24, 32]` in NCHW to five probabilities."""
    rng = np.random.default_rng(7)
    weights = {
        "w1": rng.normal(0, 0.3, (6, 3, 3, 3)), "b1": rng.normal(0, 0.1, 6),
        "w2": rng.normal(0, 0.3, (5, 6)), "b2": rng.normal(0, 0.1, 5),
    }
    nodes = [
        helper.make_node("Conv", ["pixels", "w1", "b1"], ["c1"], "conv1", strides=[2, 2], pads=[1, 1, 1, 1]),
        helper.make_node("Relu", ["c1"], ["r1"], "relu1"),
        helper.make_node("GlobalAveragePool", ["r1"], ["p1"], "pool"),
        helper.make_node("Flatten", ["p1"], ["f1"], "flatten"),
        helper.make_node("Gemm", ["f1", "w2", "b2"], ["logits"], "gemm", transB=1),
        helper.make_node("Softmax", ["logits"], ["probabilities"], "softmax", axis=-1),
    ]
    model = graph(
        nodes, [value("pixels", ["batch", 3, 24, 32])], [value("probabilities", ["batch", 5])],
        [numpy_helper.from_array(array.astype(np.float32), name) for name, array in weights.items()],
    )
    onnx.checker.check_model(model)
    (MODELS / "conv.onnx").write_bytes(model.SerializeToString())
    session = ort.InferenceSession(model.SerializeToString())
    cases = []
    for path in sorted(IMAGES.glob("photo.*")):
        pixels = crop_resize(Image.open(path).convert("RGB"), 32, 24, Image.Resampling.BICUBIC)
        tensor = (np.asarray(pixels, np.float32) / 255 - 0.5) / np.float32([0.2, 0.25, 0.3])
        output = session.run(None, {"pixels": tensor.transpose(2, 0, 1)[None].astype(np.float32)})[0]
        cases.append({"image": path.name, "probabilities": output[0].tolist()})
    (MODELS / "conv.json").write_text(json.dumps(cases) + "\n")


def embedder():
    """A tiny text encoder in the form of BERT, with a WordPiece tokenizer of a few words."""
    words = "the a cat dog sat ran on mat grass is in rain house red blue big small un ##happy ##s ##ing , . !".split()
    vocabulary = {word: index for index, word in enumerate(["[PAD]", "[UNK]", "[CLS]", "[SEP]"] + words)}
    tokenizer = Tokenizer(WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)])
    tokenizer.save(str(MODELS / "tokenizer.json"))

    rng = np.random.default_rng(3)
    weights = {"table": rng.normal(0, 1, (len(vocabulary), 8)), "w": rng.normal(0, 0.5, (8, 8)), "types": rng.normal(0, 1, (2, 8))}
    nodes = [
        helper.make_node("Gather", ["table", "input_ids"], ["words"], "words"),
        helper.make_node("Gather", ["types", "token_type_ids"], ["kinds"], "kinds"),
        helper.make_node("Add", ["words", "kinds"], ["embedded"], "add"),
        helper.make_node("Cast", ["attention_mask"], ["mask"], "cast", to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["mask", "last"], ["mask3"], "unsqueeze"),
        helper.make_node("Mul", ["embedded", "mask3"], ["masked"], "mul"),
        helper.make_node("Transpose", ["masked"], ["keys"], "transpose", perm=[0, 2, 1]),
        helper.make_node("MatMul", ["embedded", "keys"], ["scores"], "scores"),
        helper.make_node("Softmax", ["scores"], ["attention"], "softmax", axis=-1),
        helper.make_node("MatMul", ["attention", "masked"], ["mixed"], "mix"),
        helper.make_node("MatMul", ["mixed", "w"], ["last_hidden_state"], "project"),
    ]
    ids = [value(name, ["batch", "sequence"], TensorProto.INT64) for name in ("input_ids", "attention_mask", "token_type_ids")]
    initializers = [numpy_helper.from_array(array.astype(np.float32), name) for name, array in weights.items()]
    initializers.append(numpy_helper.from_array(np.array([-1], np.int64), "last"))
    model = graph(nodes, ids, [value("last_hidden_state", ["batch", "sequence", 8])], initializers)
    onnx.checker.check_model(model)
    (MODELS / "embedder.onnx").write_bytes(model.SerializeToString())
    session = ort.InferenceSession(model.SerializeToString())

    tokenizer.enable_truncation(12)
    tokenizer.enable_padding()

    def embed(texts):
        encodings = tokenizer.encode_batch(texts)
        mask = np.array([e.attention_mask for e in encodings], np.int64)
        hidden = session.run(None, {
            "input_ids": np.array([e.ids for e in encodings], np.int64), "attention_mask": mask,
            "token_type_ids": np.array([e.type_ids for e in encodings], np.int64)})[0]
        pooled = (hidden * mask[..., None]).sum(1) / mask.sum(1, keepdims=True)
        return pooled / np.linalg.norm(pooled, axis=1, keepdims=True)

    single = ["The cat sat on the mat.", "A big red DOG ran, unhappy!", "zebras", "", "the cat " * 20, "houses in rain"]
    pairs = [("The cat sat.", "A small cat sat on the mat in the house"), ("dog", "rain"), ("", "the blue house")]
    (MODELS / "embedder.json").write_text(json.dumps({
        "single": [{"text": text, "embedding": embed([text])[0].tolist()} for text in single],
        "pairs": [{"left": a, "right": b, "cosine": float(np.dot(*embed([a, b])))} for a, b in pairs],
    }) + "\n")


def crop_resize(image, width, height, filter):
    w, h = image.size
    if w * height > h * width:
        cw, ch = max(1, h * width // height), h
    else:
        cw, ch = w, max(1, w * height // width)
    left, top = (w - cw) // 2, (h - ch) // 2
    return image.crop((left, top, left + cw, top + ch)).resize((width, height), filter)


def images():
    """One photograph in three formats, and Pillow's resized pixels of the lossless one."""
    photo = Image.fromarray(load_sample_image("china.jpg")).resize((160, 107), Image.Resampling.LANCZOS)
    photo.save(IMAGES / "photo.png")
    photo.save(IMAGES / "photo.jpg", quality=90)
    photo.save(IMAGES / "photo.webp", lossless=True)
    photo.save(IMAGES / "rotated.jpg", quality=90, exif=exif(6))
    Image.new("RGBA", (3, 2), (200, 100, 50, 0)).save(IMAGES / "transparent.png")
    cases = []
    for name in ["NEAREST", "BILINEAR", "BICUBIC", "LANCZOS"]:
        for mode in ["RGB", "L"]:
            for size in [(20, 15), (200, 31), (160, 40)]:
                resized = photo.convert(mode).resize(size, Image.Resampling[name])
                pixels = np.asarray(resized).reshape(-1)
                cases.append({
                    "filter": name.lower(), "mode": mode, "size": size,
                    "head": pixels[:64].tolist(), "crc32": zlib.crc32(pixels.tobytes()),
                })
    (IMAGES / "resized.json").write_text(json.dumps(cases) + "\n")
    raw = Image.open(IMAGES / "photo.jpg").convert("RGB")
    raw.save(IMAGES / "photo_jpg_decoded.png")


def exif(orientation):
    data = Image.Exif()
    data[0x0112] = orientation
    return data


def hostile():
    """Files that must be refused with a message that names the culprit."""
    def put(name, model):
        (HOSTILE / f"{name}.onnx").write_bytes(model.SerializeToString())

    x, y = value("x", ["n", 4]), value("y", ["n", 4])
    identity = helper.make_node("Relu", ["x"], ["y"], "relu")
    put("huge_input", graph([helper.make_node("Relu", ["x"], ["y"], "relu")], [value("x", [1, 2**61])], [y]))
    put("negative_input", graph([identity], [value("x", [1, -7])], [y]))
    huge = TensorProto(name="w", data_type=TensorProto.FLOAT, dims=[2**61, 16], raw_data=b"\0" * 8)
    put("huge_weight", graph([helper.make_node("Add", ["x", "w"], ["y"], "add")], [x], [y], [huge]))
    negative = TensorProto(name="w", data_type=TensorProto.FLOAT, dims=[-1, 4], raw_data=b"\0" * 16)
    put("negative_weight", graph([helper.make_node("Add", ["x", "w"], ["y"], "add")], [x], [y], [negative]))
    short = TensorProto(name="w", data_type=TensorProto.FLOAT, dims=[4], raw_data=b"\0" * 7)
    put("short_weight", graph([helper.make_node("Add", ["x", "w"], ["y"], "add")], [x], [y], [short]))
    outside = TensorProto(name="w", data_type=TensorProto.FLOAT, dims=[4], data_location=TensorProto.EXTERNAL)
    outside.external_data.add(key="location", value="../../etc/passwd")
    put("external", graph([helper.make_node("Add", ["x", "w"], ["y"], "add")], [x], [y], [outside]))
    cycle = [helper.make_node("Add", ["x", "b"], ["a"], "first"), helper.make_node("Relu", ["a"], ["b"], "second"),
             helper.make_node("Relu", ["b"], ["y"], "third")]
    put("cycle", graph(cycle, [x], [y]))
    put("dangling", graph([helper.make_node("Add", ["x", "nowhere"], ["y"], "add")], [x], [y]))
    put("unsupported", graph([helper.make_node("Frobnicate", ["x"], ["y"], "frob", domain="com.example")], [x], [y]))
    put("missing_output", graph([identity], [x], [value("z", ["n", 4])]))
    put("string_input", graph([helper.make_node("Identity", ["x"], ["y"], "id")],
                              [value("x", ["n", 1], TensorProto.STRING)], [value("y", ["n", 1], TensorProto.STRING)]))
    shape = numpy_helper.from_array(np.array([2**40, 2**20], np.int64), "shape")
    bomb = [helper.make_node("ConstantOfShape", ["shape"], ["big"], "bomb"), helper.make_node("Add", ["x", "big"], ["y"], "add")]
    put("constant_bomb", graph(bomb, [x], [y], [shape]))
    mismatch = numpy_helper.from_array(np.zeros((5, 3), np.float32), "w")
    put("mismatch", graph([helper.make_node("MatMul", ["x", "w"], ["y"], "product")], [x], [y], [mismatch]))
    (HOSTILE / "truncated.onnx").write_bytes((MODELS / "iris_forest.onnx").read_bytes()[:2000])
    (HOSTILE / "text.onnx").write_text("this is no model\n")
    (HOSTILE / "empty.onnx").write_bytes(b"")


if __name__ == "__main__":
    for folder in (MODELS, HOSTILE, IMAGES):
        folder.mkdir(parents=True, exist_ok=True)
    sklearn_models()
    images()
    conv_net()
    embedder()
    hostile()
