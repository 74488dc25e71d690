"""Many calls at once of a space that joins them; each gets its own rows. usage: batch_client.py HOST:PORT GRPC-HOST:PORT"""

import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import numpy as np
import tritonclient.grpc as grpc
import tritonclient.http as http

N_CLIENTS = 12
N_CALLS = 8


def calls(kind, address, number, barrier):
    client = kind.InferenceServerClient(address)
    for turn in range(N_CALLS):
        n_rows = 1 + (number + turn) % 2
        a = np.full((n_rows, 3), number, np.float32)
        b = np.full((n_rows, 3), turn, np.float32)
        inputs = []
        for name, array in (("a", a), ("b", b)):
            made = kind.InferInput(name, list(array.shape), "FP32")
            made.set_data_from_numpy(array)
            inputs.append(made)
        # All at once: those that come alone would be right, and not joined.
        barrier.wait(timeout=120)
        result = client.infer("ada.batched.add", inputs)
        assert np.array_equal(result.as_numpy("sum"), a + b), (number, turn)
        assert result.as_numpy("total").tolist() == [3.0 * (number + turn)] * n_rows, (number, turn)


def main(http_address, grpc_address):
    barrier = Barrier(N_CLIENTS)
    with ThreadPoolExecutor(N_CLIENTS) as pool:
        running = []
        for number in range(N_CLIENTS):
            kind, address = (http, http_address) if number % 2 else (grpc, grpc_address)
            running.append(pool.submit(calls, kind, address, number, barrier))
        for done in running:
            done.result()
    print(N_CLIENTS * N_CALLS)


if __name__ == "__main__":
    main(*sys.argv[1:])
