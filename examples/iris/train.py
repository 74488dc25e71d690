"""Trains the random forest of this example and writes it as `iris.onnx`.

usage: train.py [FOLDER]    (default: the folder of this script)
"""

import sys
from pathlib import Path

from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType
from sklearn.datasets import load_iris
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    data, target = load_iris(return_X_y=True)
    train_data, test_data, train_target, test_target = train_test_split(
        data, target, test_size=0.2, stratify=target, random_state=0
    )
    forest = RandomForestClassifier(n_estimators=100, random_state=0).fit(train_data, train_target)
    print(f"accuracy on the {len(test_target)} rows held back: {forest.score(test_data, test_target):.4f}")

    model = to_onnx(
        forest,
        initial_types=[("features", FloatTensorType([None, 4]))],
        # Without `ZipMap` the probabilities are a plain tensor `[n, 3]`.
        options={"zipmap": False},
        target_opset=17,
    )
    (folder / "iris.onnx").write_bytes(model.SerializeToString(deterministic=True))


if __name__ == "__main__":
    main()
