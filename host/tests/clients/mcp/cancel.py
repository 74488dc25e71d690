"""A client that cancels a call, and one that dies: the guest stops, so that the space's only place is free again.

usage: cancel.py SERVER cancel|die auto|legacy
"""

import asyncio
import os
import sys

from mcp import Client

SERVER, how, mode = sys.argv[1:]


async def main():
    begun = asyncio.Event()

    async def on_progress(progress, total, message):
        assert message == "begun", message
        begun.set()

    async with Client(f"{SERVER}/spaces/ada/workbench/mcp", mode=mode) as client:
        call = asyncio.create_task(client.call_tool("forever", {}, progress_callback=on_progress))
        await begun.wait()
        if how == "die":
            os._exit(0)
        call.cancel()
        try:
            await call
        except asyncio.CancelledError:
            pass
        result = await client.call_tool("add", {"x": 1, "y": 1})
        assert not result.is_error, result


asyncio.run(main())
