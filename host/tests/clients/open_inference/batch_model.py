"""Many calls at once of a model whose first dimension is free. usage: batch_model.py HOST:PORT GOLDEN.json"""

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import numpy as np
import tritonclient.http as http

MODEL = "ada.rows"
SPECIES = ["setosa", "versicolor", "virginica"]
N_CLIENTS = 12
N_CALLS = 8


def calls(address, flowers, expected, number, barrier):
    client = http.InferenceServerClient(address)
    for turn in range(N_CALLS):
        first = (number * N_CALLS + turn) % (len(flowers) - 2)
        rows = slice(first, first + 1 + turn % 2)
        made = http.InferInput("features", list(flowers[rows].shape), "FP32")
        made.set_data_from_numpy(flowers[rows])
        # All at once: those that come alone would be right, and not joined.
        barrier.wait(timeout=120)
        found = client.infer(MODEL, [made]).as_numpy("probabilities")
        assert np.allclose(found, expected[rows], atol=1e-4), (found, expected[rows])


def main(address, golden):
    with open(golden) as file:
        samples = json.load(file)
    flowers = np.array([list(sample["inputs"].values()) for sample in samples], np.float32)
    scores = [sample["outputs"]["species"]["confidences"] for sample in samples]
    scores = [{score["label"]: score["confidence"] for score in candidates} for candidates in scores]
    expected = np.array([[candidates[species] for species in SPECIES] for candidates in scores])
    metadata = http.InferenceServerClient(address).get_model_metadata(MODEL)
    assert metadata["inputs"] == [{"name": "features", "datatype": "FP32", "shape": [-1, 4]}], metadata
    assert metadata["outputs"] == [{"name": "probabilities", "datatype": "FP32", "shape": [-1, 3]}], metadata
    barrier = Barrier(N_CLIENTS)
    with ThreadPoolExecutor(N_CLIENTS) as pool:
        running = [pool.submit(calls, address, flowers, expected, number, barrier) for number in range(N_CLIENTS)]
        for done in running:
            done.result()
    print(N_CLIENTS * N_CALLS)


if __name__ == "__main__":
    main(*sys.argv[1:])
