"""Generates a client from a space's document, calls iris with it and compares each answer with the stored one.

usage: generated.py SERVER FOLDER GOLDEN
"""

import importlib
import json
import pathlib
import subprocess
import sys

SERVER, folder, golden = sys.argv[1:]
TOLERANCE = 1e-4


def generate(document, name, *options):
    """Generates a package."""
    generator = pathlib.Path(sys.executable).parent / "openapi-python-client"
    config = pathlib.Path(folder) / "config.json"
    # Formatting is for people.
    config.write_text(json.dumps({"post_hooks": []}))
    command = [generator, "generate", "--url", f"{SERVER}{document}", "--output-path", f"{folder}/{name}"]
    command += ["--meta", "none", "--config", config, *options]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, f"{document}:\n{done.stdout}{done.stderr}"


# What the generator does not understand of a space is an error. Of the management API it leaves out the unions within
# an interface, and says so.
generate("/spaces/demo/iris/openapi.json", "iris", "--fail-on-warning")
generate("/spaces/ada/workbench/openapi.json", "workbench", "--fail-on-warning")
generate("/openapi.json", "management")

sys.path.insert(0, folder)
iris = importlib.import_module("iris")
predict = importlib.import_module("iris.api.default.predict")
inputs = importlib.import_module("iris.models").PredictInputs
client = iris.Client(base_url=SERVER)
cases = json.loads(pathlib.Path(golden).read_text())
assert cases
for case in cases:
    answer = predict.sync(client=client, body=inputs.from_dict(case["inputs"]))
    (found,) = answer.to_dict()["data"]
    expected = case["outputs"]["species"]
    assert found["label"] == expected["label"], (found, expected)
    scores = {candidate["label"]: candidate["confidence"] for candidate in found["confidences"]}
    for candidate in expected["confidences"]:
        difference = abs(scores.get(candidate["label"], 0.0) - candidate["confidence"])
        assert difference <= TOLERANCE, (found, expected)

# An error is a value of its type.
error = predict.sync(client=client, body=inputs.from_dict({"sepal_length": 99}))
assert error.error.code == "invalid_input" and error.error.field == "sepal_length", error

# The management API, by its own types.
management = importlib.import_module("management")
list_spaces = importlib.import_module("management.api.spaces.list_spaces")
listing = list_spaces.sync(client=management.Client(base_url=SERVER), q="iris")
assert [space.id for space in listing.spaces] == ["demo/iris"], listing
