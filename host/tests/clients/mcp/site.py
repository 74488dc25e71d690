"""The official client on the whole host: finding, describing and calling spaces, and the spaces as resources.

usage: site.py SERVER TOKEN
"""

import asyncio
import json
import sys

import httpx2
import jsonschema
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError

SERVER, TOKEN = sys.argv[1:]


async def check_public(client):
    tools = [tool.name for tool in (await client.list_tools()).tools]
    assert tools == ["search_spaces", "describe_space", "call_space"], tools

    found = (await client.call_tool("search_spaces", {"text": "species"})).structured_content["spaces"]
    assert [space["space"] for space in found] == ["demo/iris"], found
    assert found[0]["title"] == "Iris species" and "tabular" in found[0]["tags"], found
    everything = (await client.call_tool("search_spaces", {})).structured_content["spaces"]
    assert {space["space"] for space in everything} == {"demo/iris", "ada/workbench"}, everything
    one = (await client.call_tool("search_spaces", {"limit": 1})).structured_content["spaces"]
    assert len(one) == 1, one

    described = (await client.call_tool("describe_space", {"space": "demo/iris"})).structured_content
    (endpoint,) = described["endpoints"]
    inputs = {"sepal_length": 5.1, "sepal_width": 3.5, "petal_length": 1.4, "petal_width": 0.2}
    jsonschema.validate(inputs, endpoint["inputs"])

    call = {"space": "demo/iris", "endpoint": endpoint["endpoint"], "inputs": inputs}
    result = await client.call_tool("call_space", call)
    jsonschema.validate(result.structured_content, endpoint["outputs"])
    assert result.structured_content["species"]["label"] == "setosa", result

    for arguments, words in [
        ({**call, "space": "demo/rose"}, "there is no space `demo/rose`"),
        ({**call, "endpoint": "guess"}, "no endpoint `guess`"),
        ({**call, "inputs": {"sepal_length": 99}}, "99 is above the maximum 8"),
        ({"space": "demo/iris"}, "missing field `endpoint`"),
        ({**call, "space": "ada/secret"}, "there is no space `ada/secret`"),
    ]:
        result = await client.call_tool("call_space", arguments)
        assert result.is_error and words in result.content[0].text, result

    resources = {str(resource.uri) for resource in (await client.list_resources()).resources}
    assert resources == {"vitrine://spaces/demo/iris", "vitrine://spaces/ada/workbench"}, resources
    (contents,) = (await client.read_resource("vitrine://spaces/demo/iris")).contents
    assert json.loads(contents.text) == described, contents
    try:
        await client.read_resource("vitrine://spaces/ada/secret")
    except MCPError as error:
        assert "ada/secret" in str(error), error
    else:
        raise AssertionError("a stranger read a private space")


async def check_private(mode):
    headers = {"Authorization": f"Bearer {TOKEN}"}
    address = f"{SERVER}/spaces/ada/secret/mcp"
    async with httpx2.AsyncClient(headers=headers) as http:
        async with Client(streamable_http_client(address, http_client=http), mode=mode) as client:
            result = await client.call_tool("add", {"x": 2})
            assert list(result.structured_content.values()) == [5], result
        async with Client(streamable_http_client(f"{SERVER}/mcp", http_client=http), mode=mode) as client:
            found = (await client.call_tool("search_spaces", {})).structured_content["spaces"]
            assert "ada/secret" in {space["space"] for space in found}, found
            call = {"space": "ada/secret", "endpoint": "add", "inputs": {"x": 2}}
            result = await client.call_tool("call_space", call)
            assert list(result.structured_content.values()) == [5], result
    try:
        async with Client(address, mode=mode):
            pass
    except (MCPError, ExceptionGroup):
        pass
    else:
        raise AssertionError("a stranger reached a private space")


async def main():
    for mode in ["auto", "legacy"]:
        async with Client(f"{SERVER}/mcp", mode=mode) as client:
            await check_public(client)
        await check_private(mode)


asyncio.run(main())
