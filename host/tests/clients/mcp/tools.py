"""The official client, in the protocol of today and in that with sessions: what a space's tools are and what they give.

usage: tools.py SERVER
"""

import asyncio
import base64
import io
import json
import struct
import sys
import wave
import zlib

from mcp import Client
from mcp.shared.exceptions import MCPError

SERVER = sys.argv[1]
SPACE = f"{SERVER}/spaces/ada/workbench"


def png(*pixels):
    """A picture of one row of red, green and blue triples."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", len(pixels), 1, 8, 2, 0, 0, 0)
    row = zlib.compress(b"\0" + b"".join(bytes(pixel) for pixel in pixels))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", row) + chunk(b"IEND", b"")


def wav():
    """A tenth of a second of silence."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(1600))
    return file.getvalue()


def text(data):
    return base64.b64encode(data).decode()


async def check_listing(client):
    tools = {tool.name: tool for tool in (await client.list_tools()).tools}
    assert {"add", "mirror", "count", "fail"} <= tools.keys(), tools.keys()
    add = tools["add"]
    assert "Adds two numbers." in add.description and '{"x":1.5,"y":2.25}' in add.description, add.description
    assert add.input_schema["required"] == ["x"], add.input_schema
    assert add.input_schema["properties"]["y"]["default"] == 3, add.input_schema
    assert len(add.output_schema["properties"]) == 1, add.output_schema
    # It has a default, so null counts as left out.
    level = tools["choose"].input_schema["properties"]["level"]
    assert level["anyOf"] == [{"type": "number", "minimum": 0, "maximum": 10}, {"type": "null"}], level
    assert add.annotations.read_only_hint is True


async def check_values(client):
    result = await client.call_tool("add", {"x": 1.5})
    assert not result.is_error, result
    assert list(result.structured_content.values()) == [4.5], result
    assert json.loads(result.content[0].text) == result.structured_content, result

    inputs = {"level": 7, "loud": True, "unit": "foot", "units": ["metre", "foot"]}
    tools = {tool.name: tool for tool in (await client.list_tools()).tools}
    unit = tools["choose"].input_schema["properties"]["unit"]["enum"]
    inputs["unit"], inputs["units"] = unit[1], unit
    result = await client.call_tool("choose", inputs)
    assert list(result.structured_content.values()) == ["7 true Foot [Metre, Foot]"], result

    result = await client.call_tool("classify", {"text": "aab"})
    (label,) = result.structured_content.values()
    assert label["label"] == "a" and abs(label["confidences"][0]["confidence"] - 2 / 3) < 1e-6, label

    table = {"headers": ["a", "b"], "data": [[1, "x"], [None, True]]}
    result = await client.call_tool("table", {"table": table})
    assert list(result.structured_content.values()) == [table], result


async def check_files(client):
    red, blue = (255, 0, 0), (0, 0, 255)
    picture = text(png(red, blue))
    mirrored = None
    for image in [picture, f"data:image/png;base64,{picture}", {"data": picture, "mime_type": "image/png"}]:
        result = await client.call_tool("mirror", {"image": image})
        described, block = result.content
        assert block.type == "image" and block.mime_type == "image/png", result
        (about,) = result.structured_content.values()
        assert about == {"mime_type": "image/png", "name": None, "size": len(base64.b64decode(block.data))}, about
        assert json.loads(described.text) == result.structured_content
        assert mirrored in (None, block.data)
        mirrored = block.data
    # Twice mirrored is as before, so it was mirrored and not only sent back.
    assert mirrored != picture
    twice = (await client.call_tool("mirror", {"image": mirrored})).content[1].data
    assert (await client.call_tool("mirror", {"image": twice})).content[1].data == mirrored

    sound = text(wav())
    result = await client.call_tool("replay", {"audio": sound})
    assert result.content[1].type == "audio" and result.content[1].data == sound, result.content[1].type

    one = {"data": text(b"one"), "name": "1.txt"}
    result = await client.call_tool("join", {"files": [one, {"data": text(b"two"), "name": "2.txt"}]})
    block = result.content[1]
    assert block.type == "resource" and block.resource.mime_type == "text/plain", block
    assert base64.b64decode(block.resource.blob) == b"1.txt+2.txt\none\ntwo", block

    result = await client.call_tool("mirror", {"image": "https://example.com/picture.png"})
    assert result.is_error and "data URL" in result.content[0].text, result
    result = await client.call_tool("mirror", {"image": "asset:missing.png"})
    assert result.is_error and "missing.png" in result.content[0].text, result


async def check_progress(client):
    told = []

    async def on_progress(progress, total, message):
        told.append((progress, total, message))

    result = await client.call_tool("count", {"to": 4}, progress_callback=on_progress)
    assert list(result.structured_content.values()) == ["1 2 3 4"], result
    numbers = [progress for progress, _, _ in told]
    assert numbers == sorted(set(numbers)) and numbers[-1] <= 1, told
    messages = [message for _, _, message in told]
    for step in range(1, 5):
        assert f"{step} of 4" in messages, told
        assert (step / 4, 1.0, f"{step} of 4") in told, told
    # Partial outputs, too; the last is the result itself.
    assert "1 2" in messages and "1 2 3" in messages, told


async def check_errors(client):
    result = await client.call_tool("fail", {"message": "the kettle is empty"})
    assert result.is_error and result.content[0].text == "the kettle is empty", result
    assert json.loads(result.content[1].text)["code"] == "app_failed", result
    result = await client.call_tool("add", {"x": "one"})
    assert result.is_error and result.content[0].text == "input `x`: expected a number, found a string", result
    result = await client.call_tool("add", {"x": 1, "z": 1})
    assert result.is_error and "there is no input `z`" in result.content[0].text, result
    try:
        await client.call_tool("subtract", {})
    except MCPError as error:
        assert "subtract" in str(error) and "add" in str(error), error
    else:
        raise AssertionError("an unknown tool was called")


async def visits(mode):
    async with Client(f"{SPACE}/mcp", mode=mode) as client:
        calls = [await client.call_tool("visits", {}) for _ in range(2)]
    return [list(result.structured_content.values())[0] for result in calls]


async def main():
    for mode in ["auto", "legacy"]:
        for address in ["mcp", "gradio_api/mcp", "gradio_api/mcp/"]:
            async with Client(f"{SPACE}/{address}", mode=mode) as client:
                await check_listing(client)
        async with Client(f"{SPACE}/mcp", mode=mode) as client:
            assert "Something of everything" in client.instructions, client.instructions
            for check in [check_values, check_files, check_progress, check_errors]:
                await check(client)
    # A session is a visitor; the protocol of today has none.
    assert await visits("legacy") == [1, 2]
    assert await visits("legacy") == [1, 2]
    assert await visits("auto") == [1, 1]


asyncio.run(main())
