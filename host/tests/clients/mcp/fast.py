"""FastMCP's client: a space's tools, and the whole host, with and without a token.

usage: fast.py SERVER TOKEN
"""

import asyncio
import sys

from fastmcp import Client
from fastmcp.exceptions import ToolError

SERVER, TOKEN = sys.argv[1:]


async def main():
    told = []

    async def on_progress(progress, total, message):
        told.append(message)

    async with Client(f"{SERVER}/spaces/ada/workbench/mcp", progress_handler=on_progress) as client:
        assert "add" in {tool.name for tool in await client.list_tools()}
        result = await client.call_tool("add", {"x": 1.5, "y": 2})
        assert list(result.structured_content.values()) == [3.5], result
        result = await client.call_tool("count", {"to": 2})
        assert list(result.structured_content.values()) == ["1 2"], result
        assert "1 of 2" in told, told
        try:
            await client.call_tool("fail", {"message": "no tea"})
        except ToolError as error:
            assert str(error).startswith("no tea"), error
        else:
            raise AssertionError("the failure was not told")
    async with Client(f"{SERVER}/mcp") as client:
        found = await client.call_tool("search_spaces", {"text": "workbench"})
        assert [space["space"] for space in found.structured_content["spaces"]] == ["ada/workbench"], found
    async with Client(f"{SERVER}/spaces/ada/secret/mcp", auth=TOKEN) as client:
        result = await client.call_tool("add", {"x": 2})
        assert list(result.structured_content.values()) == [5], result


asyncio.run(main())
