"""Makes the spaces that these tests call: graphs that give their inputs back, so that every answer is known.

usage: models.py FOLDER
"""

import pathlib
import sys

import onnx
from onnx import TensorProto, helper

# The largest tensor of these tests has 50 MiB.
LIMITS = '[limits]\nmax_body = "64 MiB"\n'


def save(folder, name, nodes, inputs, outputs, manifest, constants=()):
    graph = helper.make_graph(nodes, name, inputs, outputs, list(constants))
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    bundle = folder / name
    bundle.mkdir()
    onnx.save(model, bundle / "model.onnx")
    (bundle / "space.toml").write_text(manifest)


def value(name, kind, shape):
    return helper.make_tensor_value_info(name, kind, shape)


def main(folder):
    # Any number of rows, any length.
    shape = ["n", "m"]
    save(
        folder,
        "echo",
        [helper.make_node("Identity", ["x"], ["y"])],
        [value("x", TensorProto.FLOAT, shape)],
        [value("y", TensorProto.FLOAT, shape)],
        LIMITS,
    )
    kinds = {
        "bool": TensorProto.BOOL,
        "u8": TensorProto.UINT8,
        "s8": TensorProto.INT8,
        "s16": TensorProto.INT16,
        "s32": TensorProto.INT32,
        "s64": TensorProto.INT64,
        "u64": TensorProto.UINT64,
        "f16": TensorProto.FLOAT16,
        "f64": TensorProto.DOUBLE,
    }
    save(
        folder,
        "kinds",
        [helper.make_node("Identity", [f"in_{kind}"], [f"out_{kind}"]) for kind in kinds],
        [value(f"in_{name}", kind, [3]) for name, kind in kinds.items()],
        [value(f"out_{name}", kind, [3]) for name, kind in kinds.items()],
        "",
    )
    # Two inputs that are joined together, and two outputs of different rank.
    save(
        folder,
        "batched",
        [
            helper.make_node("Add", ["a", "b"], ["sum"]),
            helper.make_node("ReduceSum", ["sum", "axis"], ["total"], keepdims=0),
        ],
        [value("a", TensorProto.FLOAT, ["n", 3]), value("b", TensorProto.FLOAT, ["n", 3])],
        [value("sum", TensorProto.FLOAT, ["n", 3]), value("total", TensorProto.FLOAT, ["n"])],
        "[batching]\nmax_size = 16\ndelay_ms = 200\n",
        [helper.make_tensor("axis", TensorProto.INT64, [1], [1])],
    )


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
