"""What the scripts share."""

import json

import numpy as np


def iris_inputs(case):
    return [(name, np.array([value], np.float64)) for name, value in case["inputs"].items()]


def check_iris(case, answer):
    """The answer is the golden one."""
    found, expected = json.loads(answer), case["outputs"]["species"]
    assert found["label"] == expected["label"], (found, expected)
    for one, other in zip(found["confidences"], expected["confidences"], strict=True):
        assert one["label"] == other["label"] and abs(one["confidence"] - other["confidence"]) < 1e-5, (found, expected)


def bytes_of(array):
    assert array.shape == (1,), array
    return array[0]


def refused(call, status, words):
    """The call is refused with this status, and a message for a person."""
    try:
        call()
    except Exception as error:
        found = str(error.status()), error.message()
        assert status in found[0] and words in found[1], found
    else:
        raise AssertionError(f"not refused: {words}")
