"""Writes EfficientNet-lite0 as ONNX from its PyTorch weights, without PyTorch.

usage: export.py WEIGHTS.pth MODEL.onnx

The graph takes `input`, f32 `[1, 3, 224, 224]`, RGB, `(x - 127) / 128`, and gives `probabilities`,
f32 `[1, 1000]`. Batch norms are folded into the convolutions. Opset 13, plain operators only.
"""

import collections
import pickle
import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

# From the model's own repository: the network was trained in TensorFlow, hence epsilon and `SAME_UPPER`.
BATCH_NORM_EPSILON = 1e-3
# (kernel, stride) of each block; width and expansion follow from the weights' shapes.
BLOCKS = [
    (3, 1),
    (3, 2), (3, 1),
    (5, 2), (5, 1),
    (3, 2), (3, 1), (3, 1),
    (5, 1), (5, 1), (5, 1),
    (5, 2), (5, 1), (5, 1), (5, 1),
    (3, 1),
]


def main() -> None:
    weights_path, model_path = map(Path, sys.argv[1:])
    model = build(read_weights(weights_path))
    onnx.checker.check_model(model, full_check=True)
    model_path.write_bytes(model.SerializeToString(deterministic=True))


def build(weights: dict[str, np.ndarray]) -> onnx.ModelProto:
    """Lays the graph out, block by block."""
    graph = Graph(weights)
    x = graph.convolution("input", "_conv_stem", "_bn0", stride=2)
    for index, (kernel, stride) in enumerate(BLOCKS):
        x = inverted_residual(graph, x, f"_blocks.{index}", kernel, stride)
    x = graph.convolution(x, "_conv_head", "_bn1")
    x = graph.node("GlobalAveragePool", [x], "pool")
    x = graph.node("Flatten", [x], "flat", axis=1)
    head = [graph.constant(weights["_fc.weight"], "_fc.weight"), graph.constant(weights["_fc.bias"], "_fc.bias")]
    x = graph.node("Gemm", [x, *head], "logits", transB=1)
    graph.node("Softmax", [x], "probabilities", axis=1)
    return graph.finish()


def inverted_residual(graph: "Graph", x: str, block: str, kernel: int, stride: int) -> str:
    """Expands the channels (not in the first block), filters each by itself, and projects them back."""
    weights, entry = graph.weights, x
    if f"{block}._expand_conv.weight" in weights:
        x = graph.convolution(x, f"{block}._expand_conv", f"{block}._bn0")
    depthwise = f"{block}._depthwise_conv"
    channels = weights[f"{depthwise}.weight"].shape[0]
    assert weights[f"{depthwise}.weight"].shape == (channels, 1, kernel, kernel), block
    x = graph.convolution(x, depthwise, f"{block}._bn1", stride=stride, groups=channels)
    x = graph.convolution(x, f"{block}._project_conv", f"{block}._bn2", clip=False)
    if stride == 1 and graph.channels[entry] == graph.channels[x]:
        graph.channels[f"{block}.add"] = graph.channels[x]
        x = graph.node("Add", [entry, x], f"{block}.add")
    return x


class Graph:
    """Nodes and constants in the order written; each node's output bears the node's name."""

    def __init__(self, weights: dict[str, np.ndarray]) -> None:
        self.weights = weights
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, onnx.TensorProto] = {}
        self.channels = {"input": 3}

    def constant(self, array: np.ndarray, name: str) -> str:
        self.constants.setdefault(name, numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def node(self, op: str, inputs: list[str], name: str, **attributes: object) -> str:
        self.nodes.append(helper.make_node(op, inputs, [name], name=name, **attributes))
        return name

    def convolution(
        self, x: str, conv: str, norm: str, stride: int = 1, groups: int = 1, clip: bool = True
    ) -> str:
        """Adds a convolution with its batch norm folded in, and (`clip`) a ReLU6."""
        weight, bias = fold_batch_norm(self.weights, conv, norm)
        kernel = weight.shape[2:]
        inputs = [x, self.constant(weight, f"{conv}.weight"), self.constant(bias, f"{conv}.bias")]
        x = self.node(
            "Conv", inputs, conv,
            kernel_shape=kernel, strides=[stride, stride], group=groups, auto_pad="SAME_UPPER",
        )
        if clip:
            limits = [self.constant(np.float32(0), "zero"), self.constant(np.float32(6), "six")]
            x = self.node("Clip", [x, *limits], f"{conv}.clip")
        self.channels[x] = weight.shape[0]
        return x

    def finish(self) -> onnx.ModelProto:
        graph = helper.make_graph(
            self.nodes,
            "efficientnet-lite0",
            [helper.make_tensor_value_info("input", TensorProto.FLOAT, [1, 3, 224, 224])],
            [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, [1, 1000])],
            list(self.constants.values()),
        )
        opset = [helper.make_opsetid("", 13)]
        return helper.make_model(graph, opset_imports=opset, ir_version=8, producer_name="vitrine examples")


def fold_batch_norm(weights: dict[str, np.ndarray], conv: str, norm: str) -> tuple[np.ndarray, np.ndarray]:
    """Gives the convolution's kernel and bias such that the norm after it can be left out."""
    gamma, beta, mean, variance = (
        weights[f"{norm}.{part}"].astype(np.float64) for part in ("weight", "bias", "running_mean", "running_var")
    )
    factor = gamma / np.sqrt(variance + BATCH_NORM_EPSILON)
    kernel = weights[f"{conv}.weight"] * factor[:, None, None, None]
    return kernel.astype(np.float32), (beta - mean * factor).astype(np.float32)


def read_weights(path: Path) -> dict[str, np.ndarray]:
    """Reads a `.pth` of PyTorch's legacy format: five pickles (magic, protocol, system, state, keys of the
    storages), then for each storage its element count as a little-endian i64 and its elements."""
    with path.open("rb") as file:
        for _ in range(3):
            WeightsUnpickler(file).load()
        state = WeightsUnpickler(file).load()
        for key in WeightsUnpickler(file).load():
            count = int(np.frombuffer(file.read(8), "<i8")[0])
            storage = Storage.by_key[key]
            storage.array = np.frombuffer(file.read(count * storage.dtype.itemsize), storage.dtype)
    return {name: tensor.array() for name, tensor in state.items()}


class Storage:
    """A run of elements whose bytes come after the pickles that refer to it."""

    by_key: dict[str, "Storage"] = {}

    def __init__(self, dtype: str) -> None:
        self.dtype = np.dtype(dtype)
        self.array = np.empty(0, self.dtype)


class Tensor(collections.namedtuple("Tensor", "storage offset shape strides")):
    """A view of a storage; offset and strides count elements."""

    def array(self) -> np.ndarray:
        start = self.storage.array[self.offset:]
        strides = [stride * start.itemsize for stride in self.strides]
        return np.lib.stride_tricks.as_strided(start, self.shape, strides, writeable=False)


class WeightsUnpickler(pickle.Unpickler):
    """Knows the four names that weights need. Any other name could run code, and is refused."""

    NAMES = {
        ("collections", "OrderedDict"): collections.OrderedDict,
        ("torch", "FloatStorage"): "<f4",
        ("torch", "LongStorage"): "<i8",
        ("torch._utils", "_rebuild_tensor_v2"):
            lambda storage, offset, shape, strides, *_: Tensor(storage, offset, shape, strides),
    }

    def find_class(self, module: str, name: str) -> object:
        try:
            return self.NAMES[module, name]
        except KeyError:
            raise pickle.UnpicklingError(f"the weights ask for {module}.{name}, which is not allowed") from None

    def persistent_load(self, reference: tuple) -> Storage:
        _, dtype, key, *_ = reference
        return Storage.by_key.setdefault(key, Storage(dtype))


if __name__ == "__main__":
    main()
