"""What people do with `tritonclient.http`. usage: http_client.py HOST:PORT IRIS-GOLDEN"""

import asyncio
import json
import pathlib
import sys

import numpy as np
import tritonclient.http as http
import tritonclient.http.aio as aio

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from common import bytes_of, check_iris, iris_inputs, refused


def tensor(name, array, datatype, binary=True):
    made = http.InferInput(name, list(array.shape), datatype)
    made.set_data_from_numpy(array, binary_data=binary)
    return made


def health(client):
    assert client.is_server_live() and client.is_server_ready()
    assert client.is_model_ready("ada.iris") and client.is_model_ready("ada.iris", "1")
    assert not client.is_model_ready("ada.iris", "2") and not client.is_model_ready("ada.rose")
    assert client.get_server_metadata()["extensions"][0] == "binary_tensor_data"
    metadata = client.get_model_metadata("ada.echo")
    assert metadata["name"] == "ada.echo" and metadata["versions"] == ["1"], metadata
    assert metadata["inputs"] == [{"name": "x", "datatype": "FP32", "shape": [-1, -1]}], metadata
    assert client.get_model_metadata("ada/echo", "1") == metadata, "a slash does as well"
    iris = client.get_model_metadata("ada.iris")
    assert iris["inputs"][0] == {"name": "sepal_length", "datatype": "FP64", "shape": [1]}, iris
    assert iris["outputs"] == [{"name": "species", "datatype": "BYTES", "shape": [1]}], iris
    config = client.get_model_config("ada.batched.add")
    assert config["max_batch_size"] == 16 and config["input"][0]["dims"] == [3], config
    assert config["dynamic_batching"] == {"max_queue_delay_microseconds": 200000}, config
    index = {model["name"]: model["state"] for model in client.get_model_repository_index()}
    assert index["ada.iris"] == "READY" and "ada.secret" not in index, index
    client.load_model("ada.iris")
    statistics = client.get_inference_statistics("ada.iris")["model_stats"]
    assert statistics[0]["name"] == "ada.iris" and statistics[0]["inference_count"] >= 0, statistics
    assert any(of["name"] == "ada.iris" for of in client.get_inference_statistics()["model_stats"])


def forms(client):
    """JSON, bytes, and both mixed, in and out."""
    array = np.arange(6, dtype=np.float32).reshape(2, 3)
    for binary_in in (True, False):
        for outputs in (None, [http.InferRequestedOutput("y", True)], [http.InferRequestedOutput("y", False)]):
            result = client.infer("ada.echo", [tensor("x", array, "FP32", binary_in)], outputs=outputs, request_id="7")
            assert np.array_equal(result.as_numpy("y"), array), result.get_response()
            assert result.get_response()["id"] == "7" and result.get_response()["model_version"] == "1"
    a, b = np.ones((2, 3), np.float32), np.full((2, 3), 2, np.float32)
    outputs = [http.InferRequestedOutput("total", False), http.InferRequestedOutput("sum", True)]
    mixed = [tensor("b", b, "FP32", False), tensor("a", a, "FP32", True)]
    result = client.infer("ada.batched.add", mixed, outputs=outputs, model_version="1")
    assert np.array_equal(result.as_numpy("sum"), a + b) and result.as_numpy("total").tolist() == [9, 9]
    only = client.infer("ada.batched.add", mixed, outputs=outputs[:1])
    assert only.as_numpy("sum") is None and only.as_numpy("total") is not None
    strange = np.array([[np.nan, np.inf, -np.inf]], np.float32)
    result = client.infer("ada.echo", [tensor("x", strange, "FP32", False)])
    assert np.array_equal(result.as_numpy("y"), strange, equal_nan=True)
    as_json = [http.InferRequestedOutput("y", False)]
    result = client.infer("ada.echo", [tensor("x", strange, "FP32")], outputs=as_json)
    assert result.get_response()["outputs"][0]["data"] == [None, None, None], "JSON has no such numbers"
    empty = np.zeros((0, 4), np.float32)
    assert client.infer("ada.echo", [tensor("x", empty, "FP32")]).as_numpy("y").shape == (0, 4)


def kinds(client):
    """Each type comes back as it went, in both forms; 64 bits stay exact."""
    arrays = {
        "bool": np.array([True, False, True]),
        "u8": np.array([0, 7, 255], np.uint8),
        "s8": np.array([-128, 0, 127], np.int8),
        "s16": np.array([-32768, 0, 32767], np.int16),
        "s32": np.array([-(2**31), 0, 2**31 - 1], np.int32),
        "s64": np.array([-(2**63), 2**53 + 1, 2**63 - 1], np.int64),
        "u64": np.array([0, 2**53 + 1, 2**64 - 1], np.uint64),
        "f16": np.array([0.5, -2, 65504], np.float16),
        "f64": np.array([0.1, -2e300, 5e-324], np.float64),
    }
    types = {"bool": "BOOL", "u8": "UINT8", "s8": "INT8", "s16": "INT16", "s32": "INT32", "s64": "INT64"}
    types |= {"u64": "UINT64", "f16": "FP16", "f64": "FP64"}
    for binary in (True, False):
        # The client itself has no JSON form of FP16.
        inputs = [tensor(f"in_{k}", a, types[k], binary or k == "f16") for k, a in arrays.items()]
        outputs = [http.InferRequestedOutput(f"out_{kind}", binary) for kind in arrays]
        result = client.infer("ada.echo.kinds", inputs, outputs=outputs)
        for kind, array in arrays.items():
            found = result.as_numpy(f"out_{kind}")
            assert found.dtype == array.dtype and np.array_equal(found, array), (kind, binary, found)


def components(client):
    """Components that are no tensors."""
    number = lambda name, value, kind=np.float64, datatype="FP64": tensor(name, np.array([value], kind), datatype)
    call = lambda endpoint, inputs, **more: client.infer(f"ada.workbench.{endpoint}", inputs, **more)
    assert call("add", [number("x", 1.5), number("y", 2.25)]).as_numpy("output").tolist() == [3.75]
    assert call("add", [number("x", 4, np.int16, "INT16")]).as_numpy("output").tolist() == [7], "a default"
    assert client.infer("ada.workbench", [number("x", 1)]).as_numpy("output").tolist() == [4], "the first endpoint"
    text = lambda name, values: tensor(name, np.array(values, dtype=object), "BYTES")
    inputs = [tensor("loud", np.array([True]), "BOOL"), text("unit", ["Foot"]), text("units", ["Metre", "Foot"])]
    chosen = call("choose", inputs).as_numpy("output")
    assert chosen.tolist() == [b"5 true Foot [Metre, Foot]"], chosen
    document = json.dumps({"a": [1, None]})
    found = json.loads(call("document", [text("document", [document])]).as_numpy("output")[0])
    assert found == {"a": [1, None]}, found
    label = json.loads(call("classify", [text("text", ["aab"])]).as_numpy("output")[0])
    assert label["label"] == "a", label
    files = text("files", [b"\x00one", b"two\xff"])
    joined = call("join", [files]).as_numpy("output")[0]
    assert b"\x00one" in joined and b"two\xff" in joined, joined
    as_url = call("join", [files], outputs=[http.InferRequestedOutput("output", False)])
    assert as_url.get_response()["outputs"][0]["data"][0].startswith("data:text/plain;base64,")


def large(client):
    """50 MiB in and out again."""
    array = np.arange(50 << 18, dtype=np.float32).reshape(50, -1)
    assert np.array_equal(client.infer("ada.echo", [tensor("x", array, "FP32")]).as_numpy("y"), array)


def compressed(client):
    array = np.zeros((64, 64), np.float32)
    for coding in ("gzip", "deflate"):
        more = {"request_compression_algorithm": coding, "response_compression_algorithm": coding}
        result = client.infer("ada.echo", [tensor("x", array, "FP32")], **more)
        assert np.array_equal(result.as_numpy("y"), array), coding


def concurrent(client):
    """`async_infer` answers in the order of its handles."""
    sent = [(array, client.async_infer("ada.echo", [tensor("x", array, "FP32")]))
            for array in (np.full((1, 3), number, np.float32) for number in range(16))]
    for array, handle in sent:
        assert np.array_equal(handle.get_result().as_numpy("y"), array)


def mistakes(client):
    x = tensor("x", np.zeros((1, 2), np.float32), "FP32")
    status = lambda code: f"{code}"
    refused(lambda: client.infer("ada.rose", [x]), status(404), "ada/rose")
    refused(lambda: client.infer("rose", [x]), status(404), "owner.name")
    refused(lambda: client.infer("ada.secret", [x]), status(404), "ada/secret")
    refused(lambda: client.infer("ada.echo", [x], model_version="9"), status(404), "version")
    refused(lambda: client.infer("ada.workbench.none", [x]), status(404), "add")
    refused(lambda: client.infer("ada.echo", [tensor("z", np.zeros((1, 2), np.float32), "FP32")]), status(400), "`z`")
    refused(lambda: client.infer("ada.echo", [x, x]), status(400), "more than once")
    refused(lambda: client.infer("ada.echo", []), status(400), "missing")
    refused(lambda: client.infer("ada.echo", [tensor("x", np.zeros((1, 2)), "FP64")]), status(400), "FP32")
    refused(lambda: client.infer("ada.echo", [tensor("x", np.zeros(2, np.float32), "FP32")]), status(400), "[-1, -1]")
    ranked = [http.InferRequestedOutput("y", class_count=2)]
    refused(lambda: client.infer("ada.echo", [x], outputs=ranked), status(400), "classification")
    unknown = [http.InferRequestedOutput("nothing")]
    refused(lambda: client.infer("ada.echo", [x], outputs=unknown), status(400), "`y`")
    message = tensor("message", np.array(["it is over"], dtype=object), "BYTES")
    refused(lambda: client.infer("ada.workbench.fail", [message]), status(500), "it is over")
    refused(lambda: client.infer("ada.slow.forever", []), status(504), "deadline")
    # Little more than that space takes: a client that still sends when it is refused may miss the answer.
    long = tensor("text", np.array(["a" * 2000], dtype=object), "BYTES")
    refused(lambda: client.infer("ada.small.classify", [long]), status(413), "1 KiB")
    refused(lambda: client.get_system_shared_memory_status(), status(501), "shared memory")
    refused(lambda: client.get_trace_settings(), status(501), "tracing")
    refused(lambda: client.get_log_settings(), status(501), "log")
    refused(lambda: client.unload_model("ada.iris"), status(401), "token")


async def asynchronous(address):
    async with aio.InferenceServerClient(address) as client:
        assert await client.is_server_live()
        array = np.arange(4, dtype=np.float32).reshape(1, 4)
        answers = await asyncio.gather(*[client.infer("ada.echo", [tensor("x", array, "FP32")]) for _ in range(8)])
        assert all(np.array_equal(answer.as_numpy("y"), array) for answer in answers)


def below_the_space(address):
    client = http.InferenceServerClient(f"{address}/spaces/ada/echo")
    assert client.is_model_ready("ada.echo") and not client.is_model_ready("ada.iris")
    assert [model["name"] for model in client.get_model_repository_index()] == ["ada.echo"]


def private(client, token):
    headers = {"Authorization": f"Bearer {token}"}
    assert not client.is_model_ready("ada.secret")
    assert client.is_model_ready("ada.secret", headers=headers)
    assert "ada.secret" in [model["name"] for model in client.get_model_repository_index(headers=headers)]
    client.unload_model("ada.secret", headers=headers)
    assert client.is_model_ready("ada.secret", headers=headers), "it is loaded again when it is asked for"
    wrong = {"Authorization": "Bearer wrong"}
    refused(lambda: client.get_model_metadata("ada.iris", headers=wrong), "401", "token")


def main(address, golden, token):
    client = http.InferenceServerClient(address, concurrency=8, network_timeout=120.0, connection_timeout=120.0)
    cases = json.load(open(golden))
    for part in (health, forms, kinds, components, large, compressed, concurrent, mistakes):
        part(client)
        print(part.__name__)
    private(client, token)
    for case in cases[:20]:
        inputs = [tensor(name, array, "FP64") for name, array in iris_inputs(case)]
        check_iris(case, bytes_of(client.infer("ada.iris", inputs).as_numpy("species")))
    asyncio.run(asynchronous(address))
    below_the_space(address)


if __name__ == "__main__":
    main(*sys.argv[1:])
