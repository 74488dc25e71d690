"""Trains the network of this example with numpy alone, and writes `digits.onnx` and the example pictures.

usage: train.py [FOLDER]    (default: the folder of this script)

The network takes `image`, f32 `[n, 1, 8, 8]`, 0 for the ground and 1 for full ink, and gives
`probabilities`, f32 `[n, 10]`. A run takes a few minutes. Another processor or numpy may round otherwise,
so a second run gives weights as good but not the same to the last bit.
"""

import sys
from pathlib import Path

import numpy as np
import onnx
from numpy.lib.stride_tricks import sliding_window_view
from onnx import TensorProto, helper, numpy_helper
from PIL import Image
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

SEED = 7
EPOCHS = 80
BATCH = 32
# Enlarged by this factor, an example can be looked at; visitors' own pictures are larger than 8×8 as well.
EXAMPLE_SCALE = 16


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    train_images, test_images, train_target, test_target = load_split()
    rng = np.random.default_rng(SEED)
    network = Network(rng)
    train(network, rng, train_images, train_target)
    print(f"accuracy on the {len(test_target)} images held back:")
    print(f"  as they are: {accuracy(network, test_images, test_target):.4f}")
    large = np.stack([enlarge_and_shrink(image) for image in test_images])
    print(f"  enlarged {EXAMPLE_SCALE} times and shrunk again: {accuracy(network, large, test_target):.4f}")

    model = to_onnx(network)
    onnx.checker.check_model(model, full_check=True)
    (folder / "digits.onnx").write_bytes(model.SerializeToString(deterministic=True))
    for digit in (3, 4, 8):
        image = test_images[np.flatnonzero(test_target == digit)[0], 0]
        to_picture(image, EXAMPLE_SCALE).save(folder / f"{digit}.png", optimize=True)


def load_split() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Loads scikit-learn's digits, f32 `[n, 1, 8, 8]` in 0..1 as a picture of 256 greys holds them, and
    splits off 360 for the test."""
    images, target = load_digits(return_X_y=True)
    images = np.rint(images.reshape(-1, 1, 8, 8) * 255 / 16).astype(np.float32) / 255
    split = train_test_split(images, target, test_size=360, stratify=target, random_state=0)
    return tuple(split)


def to_picture(image: np.ndarray, scale: int = 1) -> Image.Image:
    """Draws `image`, `[8, 8]` in 0..1, as dark ink on white paper, enlarged `scale` times."""
    greys = 255 - np.rint(image * 255).astype(np.uint8)
    return Image.fromarray(greys.repeat(scale, 0).repeat(scale, 1), "L")


def enlarge_and_shrink(image: np.ndarray) -> np.ndarray:
    """Does to `[1, 8, 8]` what happens to a visitor's larger picture."""
    small = to_picture(image[0], EXAMPLE_SCALE).resize((8, 8), Image.Resampling.BILINEAR)
    return 1 - np.asarray(small, np.float32)[None] / 255


def augment(rng: np.random.Generator, images: np.ndarray) -> np.ndarray:
    """Moves each image by up to a pixel, and blurs half of them as shrinking a larger picture does."""
    padded = np.pad(images, ((0, 0), (0, 0), (1, 1), (1, 1)))
    moves = rng.choice(3, size=(len(images), 2), p=[0.2, 0.6, 0.2])
    images = np.stack([image[:, y : y + 8, x : x + 8] for image, (y, x) in zip(padded, moves)])
    padded = np.pad(images, ((0, 0), (0, 0), (1, 1), (1, 1)), mode="edge")
    rows = 0.125 * padded[:, :, :-2] + 0.75 * padded[:, :, 1:-1] + 0.125 * padded[:, :, 2:]
    blurred = 0.125 * rows[..., :-2] + 0.75 * rows[..., 1:-1] + 0.125 * rows[..., 2:]
    chosen = rng.random(len(images)) < 0.5
    return np.where(chosen[:, None, None, None], blurred, images).astype(np.float32)


class Network:
    """Two convolutions of 3×3, a maximum over 2×2, and two dense layers."""

    def __init__(self, rng: np.random.Generator) -> None:
        def weights(*shape: int) -> np.ndarray:
            inputs = np.prod(shape[1:])
            return rng.normal(0, np.sqrt(2 / inputs), shape).astype(np.float32)

        self.parameters = {
            "conv1.weight": weights(16, 1, 3, 3), "conv1.bias": np.zeros(16, np.float32),
            "conv2.weight": weights(32, 16, 3, 3), "conv2.bias": np.zeros(32, np.float32),
            "dense1.weight": weights(64, 512), "dense1.bias": np.zeros(64, np.float32),
            "dense2.weight": weights(10, 64), "dense2.bias": np.zeros(10, np.float32),
        }

    def scores(self, images: np.ndarray) -> np.ndarray:
        """Gives the logits, `[n, 10]`, and keeps what `gradients` needs."""
        p, self.kept = self.parameters, {}
        x = relu(self.convolve(images, "conv1"))
        x = relu(self.convolve(x, "conv2"))
        tiles = x.reshape(len(x), 32, 4, 2, 4, 2)
        pooled = tiles.max((3, 5))
        hidden = relu(pooled.reshape(len(x), 512) @ p["dense1.weight"].T + p["dense1.bias"])
        self.kept |= {"tiles": tiles, "pooled": pooled, "hidden": hidden}
        return hidden @ p["dense2.weight"].T + p["dense2.bias"]

    def gradients(self, d: np.ndarray) -> dict[str, np.ndarray]:
        """Gives the gradient of each parameter; `d` is that of the logits."""
        p, kept, grads = self.parameters, self.kept, {}
        n = len(d)
        grads["dense2.weight"], grads["dense2.bias"] = d.T @ kept["hidden"], d.sum(0)
        d = (d @ p["dense2.weight"]) * (kept["hidden"] > 0)
        flat = kept["pooled"].reshape(n, 512)
        grads["dense1.weight"], grads["dense1.bias"] = d.T @ flat, d.sum(0)
        d = (d @ p["dense1.weight"]).reshape(n, 32, 4, 1, 4, 1)
        largest = kept["tiles"] == kept["pooled"][:, :, :, None, :, None]
        d = (d * largest).reshape(n, 32, 8, 8) * (kept["tiles"].reshape(n, 32, 8, 8) > 0)
        d = self.convolve_back(d, "conv2", grads)
        # The windows of the second convolution hold the first's output at their centre.
        first = kept["conv2"][:, :, :, :, 1, 1].transpose(0, 3, 1, 2)
        self.convolve_back(d * (first > 0), "conv1", grads)
        return grads

    def convolve(self, x: np.ndarray, name: str) -> np.ndarray:
        padded = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
        windows = sliding_window_view(padded, (3, 3), (2, 3)).transpose(0, 2, 3, 1, 4, 5)
        self.kept[name] = windows
        weight = self.parameters[f"{name}.weight"]
        out = windows.reshape(-1, weight[0].size) @ weight.reshape(len(weight), -1).T
        out += self.parameters[f"{name}.bias"]
        return out.reshape(len(x), 8, 8, -1).transpose(0, 3, 1, 2)

    def convolve_back(self, d: np.ndarray, name: str, grads: dict[str, np.ndarray]) -> np.ndarray:
        """Adds the gradients of the convolution's parameters, and gives that of its input."""
        weight, windows = self.parameters[f"{name}.weight"], self.kept[name]
        flat = d.transpose(0, 2, 3, 1).reshape(-1, len(weight))
        grads[f"{name}.weight"] = (flat.T @ windows.reshape(len(flat), -1)).reshape(weight.shape)
        grads[f"{name}.bias"] = flat.sum(0)
        padded = np.pad(d, ((0, 0), (0, 0), (1, 1), (1, 1)))
        turned = weight[:, :, ::-1, ::-1].transpose(1, 0, 2, 3).reshape(weight.shape[1], -1)
        around = sliding_window_view(padded, (3, 3), (2, 3)).transpose(0, 2, 3, 1, 4, 5)
        out = around.reshape(len(flat), -1) @ turned.T
        return out.reshape(len(d), 8, 8, -1).transpose(0, 3, 1, 2)


def relu(x: np.ndarray) -> np.ndarray:
    return np.maximum(x, 0)


def softmax(scores: np.ndarray) -> np.ndarray:
    powers = np.exp(scores - scores.max(1, keepdims=True))
    return powers / powers.sum(1, keepdims=True)


def accuracy(network: Network, images: np.ndarray, target: np.ndarray) -> float:
    return float((network.scores(images).argmax(1) == target).mean())


def train(network: Network, rng: np.random.Generator, images: np.ndarray, target: np.ndarray) -> None:
    """Minimises the cross entropy with Adam; the step shrinks to zero along a cosine."""
    first = {name: np.zeros_like(value) for name, value in network.parameters.items()}
    second = {name: np.zeros_like(value) for name, value in network.parameters.items()}
    step, steps = 0, EPOCHS * -(-len(images) // BATCH)
    for epoch in range(EPOCHS):
        order = rng.permutation(len(images))
        for start in range(0, len(order), BATCH):
            chosen = order[start : start + BATCH]
            d = softmax(network.scores(augment(rng, images[chosen])))
            d[np.arange(len(chosen)), target[chosen]] -= 1
            step += 1
            rate = 2e-3 * 0.5 * (1 + np.cos(np.pi * step / steps))
            for name, grad in network.gradients(d / np.float32(len(chosen))).items():
                first[name] += 0.1 * (grad - first[name])
                second[name] += 0.001 * (grad**2 - second[name])
                mean, square = first[name] / (1 - 0.9**step), second[name] / (1 - 0.999**step)
                network.parameters[name] -= (rate * mean / (np.sqrt(square) + 1e-8)).astype(np.float32)
        if epoch % 10 == 9:
            print(f"epoch {epoch + 1}: {accuracy(network, images, target):.4f} on the training images")


def to_onnx(network: Network) -> onnx.ModelProto:
    convolution = {"kernel_shape": [3, 3], "pads": [1, 1, 1, 1]}
    nodes = [
        helper.make_node("Conv", ["image", "conv1.weight", "conv1.bias"], ["conv1"], name="conv1", **convolution),
        helper.make_node("Relu", ["conv1"], ["relu1"], name="relu1"),
        helper.make_node("Conv", ["relu1", "conv2.weight", "conv2.bias"], ["conv2"], name="conv2", **convolution),
        helper.make_node("Relu", ["conv2"], ["relu2"], name="relu2"),
        helper.make_node("MaxPool", ["relu2"], ["pool"], name="pool", kernel_shape=[2, 2], strides=[2, 2]),
        helper.make_node("Flatten", ["pool"], ["flat"], name="flat", axis=1),
        helper.make_node("Gemm", ["flat", "dense1.weight", "dense1.bias"], ["dense1"], name="dense1", transB=1),
        helper.make_node("Relu", ["dense1"], ["relu3"], name="relu3"),
        helper.make_node("Gemm", ["relu3", "dense2.weight", "dense2.bias"], ["scores"], name="dense2", transB=1),
        helper.make_node("Softmax", ["scores"], ["probabilities"], name="softmax", axis=1),
    ]
    graph = helper.make_graph(
        nodes,
        "digits",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, ["n", 1, 8, 8])],
        [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["n", 10])],
        [numpy_helper.from_array(value, name) for name, value in network.parameters.items()],
    )
    opset = [helper.make_opsetid("", 13)]
    return helper.make_model(graph, opset_imports=opset, ir_version=8, producer_name="vitrine examples")


if __name__ == "__main__":
    main()
