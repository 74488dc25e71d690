"""What people do with KServe's `InferenceRESTClient`. usage: kserve_client.py URL"""

import asyncio
import sys

import httpx
import numpy as np
from kserve import InferenceRESTClient, InferInput, InferRequest, RESTConfig


async def main(url):
    client = InferenceRESTClient(RESTConfig(protocol="v2", retries=0, timeout=60))
    assert await client.is_server_live(url) and await client.is_server_ready(url)
    assert await client.is_model_ready(url, "ada.echo")
    array = np.arange(6, dtype=np.float32).reshape(2, 3)
    for binary in (False, True):
        made = InferInput("x", list(array.shape), "FP32")
        made.set_data_from_numpy(array, binary_data=binary)
        request = InferRequest("ada.echo", [made], request_id="7")
        answer = await client.infer(url, request, model_name="ada.echo")
        assert answer.id == "7" and answer.model_name == "ada.echo"
        assert np.array_equal(answer.outputs[0].as_numpy(), array), (binary, answer.to_dict())
    try:
        wrong = InferInput("z", [1], "FP32", [1.0])
        await client.infer(url, InferRequest("ada.echo", [wrong]), model_name="ada.echo")
        raise AssertionError("there is no input z")
    except httpx.HTTPStatusError as error:
        assert error.response.status_code == 400 and "`z`" in error.response.json()["error"], error.response.text


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
