"""What every version of `gradio_client` can do with a space. usage: checks.py URL"""

import concurrent.futures
import sys
import tempfile
from pathlib import Path

from gradio_client import Client, handle_file

url = sys.argv[1]
folder = Path(tempfile.mkdtemp())
client = Client(url, verbose=False, download_files=str(folder))

# view_api
api = client.view_api(return_format="dict", print_info=False)["named_endpoints"]
assert [p["parameter_name"] for p in api["/add"]["parameters"]] == ["x", "y"], api["/add"]
assert api["/add"]["parameters"][1]["parameter_default"] == 3.0
assert api["/mirror"]["parameters"][0]["python_type"]["type"] == "filepath"

# predict, positional and by name, with and without what has a default
assert client.predict(1.5, 2.25, api_name="/add") == 3.75
assert client.predict(y=2, x=1, api_name="/add") == 3
assert client.predict(x=1, api_name="/add") == 4
assert client.predict(7, True, "Foot", ["Metre"], api_name="/choose") == "7 true Foot [Metre]"

# submit, with each partial output
assert list(client.submit(4, api_name="/count")) == ["1", "1 2", "1 2 3", "1 2 3 4"]
assert client.submit(4, api_name="/count").result() == "1 2 3 4"

# files, up and down
for name, text in [("one.txt", "first"), ("two ü.txt", "second")]:
    (folder / name).write_text(text)
files = [handle_file(folder / "one.txt"), handle_file(folder / "two ü.txt")]
joined = Path(client.predict(files, api_name="/join"))
assert joined.name == "joined.txt" and joined.read_text() == "one.txt+two ü.txt\nfirst\nsecond", joined.read_text()

# what is not a number or a file
label = client.predict("aab", api_name="/classify")
assert label["label"] == "a" and round(label["confidences"][0]["confidence"], 6) == 0.666667, label
table = {"headers": ["x", "y"], "data": [[1, "a"], [2.5, None]], "metadata": None}
assert client.predict(table, api_name="/table") == table
document = {"path": "not/a/file", "list": [1, None, "ä"]}
assert client.predict(document, api_name="/document") == document

# the session
assert [client.predict(api_name="/visits") for _ in range(3)] == [1, 2, 3]
assert Client(url, verbose=False).predict(api_name="/visits") == 1

# errors: the author's, and what does not fit
for inputs, api_name, expected in [(["it is late"], "/fail", "it is late"), ([11, False, "Foot", []], "/choose", "level")]:
    try:
        client.predict(*inputs, api_name=api_name)
    except Exception as error:
        assert expected in str(error), error
    else:
        raise AssertionError(f"{api_name} did not fail")

# cancel, and calls after it
job = client.submit(api_name="/forever")
assert next(iter(job)) == "begun"
job.cancel()
# Versions differ in how they say it, and one may say it in either way.
try:
    error = job.exception()
except concurrent.futures.CancelledError as cancelled:
    error = cancelled
assert isinstance(error, concurrent.futures.CancelledError) or "Cancelled" in str(error), error
assert client.predict(1, 1, api_name="/add") == 2
print("ok")
