"""What people do with `tritonclient.grpc`. usage: grpc_client.py HOST:PORT IRIS-GOLDEN TOKEN"""

import json
import queue
import pathlib
import sys

import numpy as np
import tritonclient.grpc as grpc
from tritonclient.grpc import service_pb2, service_pb2_grpc
import grpc as plain_grpc

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from common import bytes_of, check_iris, iris_inputs, refused


def tensor(name, array, datatype):
    made = grpc.InferInput(name, list(array.shape), datatype)
    made.set_data_from_numpy(array)
    return made


def text(name, values):
    return tensor(name, np.array(values, dtype=object), "BYTES")


def health(client):
    assert client.is_server_live() and client.is_server_ready()
    assert client.is_model_ready("ada.iris") and client.is_model_ready("ada.iris", "1")
    assert not client.is_model_ready("ada.iris", "2") and not client.is_model_ready("ada.rose")
    assert "binary_tensor_data" in client.get_server_metadata().extensions
    metadata = client.get_model_metadata("ada.echo")
    assert metadata.name == "ada.echo" and list(metadata.versions) == ["1"]
    assert metadata.inputs[0].datatype == "FP32" and list(metadata.inputs[0].shape) == [-1, -1]
    config = client.get_model_config("ada.batched.add").config
    assert config.max_batch_size == 16 and list(config.input[0].dims) == [3]
    assert config.dynamic_batching.max_queue_delay_microseconds == 200000
    assert client.get_model_config("ada.workbench.count").config.model_transaction_policy.decoupled
    index = [model.name for model in client.get_model_repository_index().models]
    assert "ada.iris" in index and "ada.secret" not in index, index
    assert client.get_inference_statistics("ada.iris").model_stats[0].name == "ada.iris"


def unary(client):
    array = np.arange(6, dtype=np.float32).reshape(2, 3)
    result = client.infer("ada.echo", [tensor("x", array, "FP32")], request_id="7", model_version="1")
    assert np.array_equal(result.as_numpy("y"), array) and result.get_response().id == "7"
    large = np.arange(50 << 18, dtype=np.float32).reshape(50, -1)
    assert np.array_equal(client.infer("ada.echo", [tensor("x", large, "FP32")]).as_numpy("y"), large)
    files = client.infer("ada.workbench.join", [text("files", [b"\x00one", b"two\xff"])]).as_numpy("output")
    assert b"\x00one" in files[0] and b"two\xff" in files[0], files
    outputs = [grpc.InferRequestedOutput("total")]
    ones = np.ones((2, 3), np.float32)
    only = client.infer("ada.batched.add", [tensor("a", ones, "FP32"), tensor("b", ones, "FP32")], outputs=outputs)
    assert only.as_numpy("total").tolist() == [6, 6] and only.as_numpy("sum") is None


def typed(address):
    """Contents in lists instead of raw ones, as other clients send them."""
    stub = service_pb2_grpc.GRPCInferenceServiceStub(plain_grpc.insecure_channel(address))
    request = service_pb2.ModelInferRequest(model_name="ada.workbench.add")
    for name, number in (("x", 1.5), ("y", 2.25)):
        made = request.inputs.add(name=name, datatype="FP64", shape=[1])
        made.contents.fp64_contents.append(number)
    answer = stub.ModelInfer(request)
    assert np.frombuffer(answer.raw_output_contents[0]).tolist() == [3.75], answer
    request.inputs[0].datatype = "INT8"
    request.inputs[0].contents.Clear()
    request.inputs[0].contents.int_contents.append(1000)
    try:
        stub.ModelInfer(request)
        raise AssertionError("1000 is no INT8")
    except plain_grpc.RpcError as error:
        assert error.code() == plain_grpc.StatusCode.INVALID_ARGUMENT and "INT8" in error.details(), error


def streamed(client):
    """One request, several answers; errors are answers as well, and the stream goes on."""
    answers = queue.Queue()
    client.start_stream(callback=lambda result, error: answers.put((result, error)))
    count = tensor("to", np.array([3], np.float64), "FP64")
    client.async_stream_infer("ada.workbench.count", [count], request_id="a")
    client.async_stream_infer("ada.workbench.fail", [], request_id="b")
    client.async_stream_infer("ada.rose", [], request_id="c")
    client.async_stream_infer("ada.echo", [tensor("x", np.zeros((1, 1), np.float32), "FP32")], request_id="d")
    texts = []
    while True:
        result, error = answers.get(timeout=60)
        assert error is None, error
        response = result.get_response()
        texts.append(bytes_of(result.as_numpy("output")))
        if response.parameters["triton_final_response"].bool_param:
            break
    assert texts == [b"1", b"1 2", b"1 2 3", b"1 2 3"], texts
    assert "it broke" in answers.get(timeout=60)[1].message()
    assert "ada/rose" in answers.get(timeout=60)[1].message()
    result, error = answers.get(timeout=60)
    assert error is None and result.get_response().id == "d", error
    client.stop_stream()


def mistakes(client, token):
    x = tensor("x", np.zeros((1, 2), np.float32), "FP32")
    refused(lambda: client.infer("ada.rose", [x]), "NOT_FOUND", "ada/rose")
    refused(lambda: client.infer("ada.secret", [x]), "NOT_FOUND", "ada/secret")
    refused(lambda: client.infer("ada.echo", [x], model_version="9"), "NOT_FOUND", "version")
    refused(lambda: client.infer("ada.echo", []), "INVALID_ARGUMENT", "missing")
    refused(lambda: client.infer("ada.echo", [tensor("x", np.zeros((1, 2)), "FP64")]), "INVALID_ARGUMENT", "FP32")
    refused(lambda: client.infer("ada.echo", [tensor("x", np.zeros(2, np.float32), "FP32")]), "INVALID_ARGUMENT", "[-1, -1]")
    refused(lambda: client.infer("ada.workbench.fail", []), "INTERNAL", "it broke")
    refused(lambda: client.infer("ada.slow.forever", []), "DEADLINE_EXCEEDED", "deadline")
    refused(lambda: client.get_system_shared_memory_status(), "UNIMPLEMENTED", "")
    large = tensor("x", np.zeros((65, 1 << 18), np.float32), "FP32")
    refused(lambda: client.infer("ada.echo", [large]), "RESOURCE_EXHAUSTED", "64 MiB")
    # More than any space may ask for: refused by what the message says of its length.
    larger = tensor("x", np.zeros((129, 1 << 18), np.float32), "FP32")
    refused(lambda: client.infer("ada.echo", [larger]), "RESOURCE_EXHAUSTED", "any space")
    headers = {"authorization": f"Bearer {token}"}
    assert client.is_model_ready("ada.secret", headers=headers) and not client.is_model_ready("ada.secret")
    refused(lambda: client.is_server_live(headers={"authorization": "Bearer wrong"}), "UNAUTHENTICATED", "token")


def main(address, golden, token):
    client = grpc.InferenceServerClient(address)
    health(client)
    unary(client)
    typed(address)
    streamed(client)
    mistakes(client, token)
    for case in json.load(open(golden))[:20]:
        inputs = [tensor(name, array, "FP64") for name, array in iris_inputs(case)]
        check_iris(case, bytes_of(client.infer("ada.iris", inputs).as_numpy("species")))


if __name__ == "__main__":
    main(*sys.argv[1:])
