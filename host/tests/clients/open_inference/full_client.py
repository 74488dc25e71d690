"""Fills a space that takes one call, then keeps a stream open. usage: full_client.py HOST:PORT GRPC-HOST:PORT"""

import pathlib
import queue
import sys

import tritonclient.grpc as grpc
import tritonclient.http as http

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from common import refused


def main(http_address, grpc_address):
    streaming = grpc.InferenceServerClient(grpc_address)
    answers = queue.Queue()
    streaming.start_stream(callback=lambda result, error: answers.put((result, error)))
    streaming.async_stream_infer("ada.workbench.forever", [])
    result, error = answers.get(timeout=60)
    assert error is None and result.as_numpy("output")[0] == b"begun", error
    client = http.InferenceServerClient(http_address)
    refused(lambda: client.infer("ada.workbench.add", []), "503", "full")
    other = grpc.InferenceServerClient(grpc_address)
    refused(lambda: other.infer("ada.workbench.add", []), "UNAVAILABLE", "full")
    # Cancelling takes the guest with it, so the space is free again.
    streaming.stop_stream(cancel_requests=True)
    idle = grpc.InferenceServerClient(grpc_address)
    idle.start_stream(callback=lambda result, error: answers.put((result, error)))
    print("idle", flush=True)
    # The server's end of the stream ends this side's as well.
    idle._stream._handler.join()


if __name__ == "__main__":
    main(*sys.argv[1:])
