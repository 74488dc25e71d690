"""What the newest `gradio_client` reads and calls of the example `components`. usage: components.py URL FOLDER"""

import json
import sys
from pathlib import Path

from gradio_client import Client, handle_file

url, bundle = sys.argv[1], Path(sys.argv[2])
client = Client(url, verbose=False)

# the configuration: Gradio's own names and options
kinds = {}
for component in client.config["components"]:
    kinds.setdefault(component["type"], []).append(component["props"])
expected = {
    "textbox", "number", "slider", "checkbox", "radio", "dropdown", "colorpicker", "datetime", "highlightedtext", "label",
    "json", "markdown", "html", "image", "annotatedimage", "imageslider", "gallery", "downloadbutton", "dataframe",
    "nativeplot", "plot", "file", "audio", "video", "model3d", "chatbot",
}
assert expected <= kinds.keys(), expected - kinds.keys()
props = {props["label"]: props for all in kinds.values() for props in all if "label" in props}
assert props["Secret"]["type"] == "password"
assert props["Interests"]["allow_custom_value"] and props["Interests"]["multiselect"]
assert props["Lines"]["x"] == "month" and props["Lines"]["color"] == "region"
assert kinds["datetime"][1]["timezone"] == "Europe/Oslo" and kinds["datetime"][0]["include_time"] is False

api = client.view_api(return_format="dict", print_info=False)["named_endpoints"]
types = {p["parameter_name"]: p["python_type"]["type"] for p in api["/fields"]["parameters"]}
assert types["color"] == "str" and types["interests"] == "list[str]", types
assert api["/swap"]["returns"][0]["component"] == "Imageslider", api["/swap"]

# fields
summary, agreed, color, day, time = client.predict(
    name="Ada", secret="ab", size="Large", country="Norway", interests=["chess"], color="#12AB9F", day="2024-02-29",
    time="2026-11-28 16:00:00", api_name="/fields",
)
assert summary.startswith("Ada, Large, from Norway, likes chess. A secret of 2 letters"), summary
assert (agreed, color, day, time) == (True, "#12ab9f", "2024-02-29", "2026-11-28 16:00:00")

# words
classes, scores, kind, length, markdown, html, document = client.predict("Ada met Charles", '{"a": 1}', api_name="/words")
assert classes[0] == {"token": "Ada ", "class_or_confidence": "name"}, classes
assert isinstance(scores[0]["class_or_confidence"], float)
assert kind["label"] == "about people" and length == {"value": 3, "delta": -2}
assert html == "<p>It has <b>3</b> words.</p>"

# pictures
annotated, compared, channels, kept = client.predict(handle_file(bundle / "scene.png"), api_name="/pictures")
assert Path(annotated["image"]).read_bytes()[1:4] == b"PNG"
labels = {part["label"]: Path(part["image"]).read_text() for part in annotated["annotations"]}
assert labels.keys() == {"middle", "red"} and all("<svg" in text for text in labels.values()), labels
assert len(compared) == 2 and len(channels) == 3 and Path(kept).name == "negative.png"
swapped = client.predict([handle_file(path) for path in compared], api_name="/swap")
assert Path(swapped[0]).read_bytes() == Path(compared[1]).read_bytes()

# plots
table = {"headers": ["month", "sales", "region"], "data": [[1, 10, "north"], [2, 14, "south"]], "metadata": None}
shown, lines, bars, dots, plot, place = client.predict(table, api_name="/tables")
assert shown == table
assert (lines["mark"], bars["mark"], dots["mark"]) == ("line", "bar", "point")
assert lines["columns"] == table["headers"] and lines["data"] == table["data"]
assert lines["datatypes"] == {"month": "quantitative", "sales": "quantitative", "region": "nominal"}
assert plot["type"] == "altair" and json.loads(plot["plot"])["mark"] == "bar"
assert place["type"] == "FeatureCollection"

# files
first, sound, film, model = client.predict(files=None, sound=None, film=None, model=handle_file(bundle / "tetrahedron.obj"), api_name="/files")
assert first is None and Path(model).read_bytes() == (bundle / "tetrahedron.obj").read_bytes()

# a conversation: what comes back is sent with the next question
said = client.predict([{"role": "user", "content": "Hello"}], api_name="/converse")
assert said[1]["content"][0] == {"type": "text", "text": "You said **Hello**, which has 5 letters."}, said
said = client.predict(said + [{"role": "user", "content": "Hi"}], api_name="/converse")
assert [message["role"] for message in said] == ["user", "assistant"] * 2
assert len(list(client.submit([{"role": "user", "content": "a b c"}], api_name="/converse"))) > 3
print("ok")
