"""What the newest `gradio_client` can do beyond the others. usage: newest.py URL TOKEN PRIVATE-URL IMAGE"""

import os
import sys
import tempfile
import wave
from pathlib import Path

url, token, private, image = sys.argv[1:]
server = url.split("/spaces/")[0]
# Read when the client's packages are imported.
os.environ["HF_ENDPOINT"] = server
# Some other site's, which the client sends to every site.
os.environ["HF_TOKEN"] = "hf_somebody_elses"

from gradio_client import Client, handle_file  # noqa: E402
from gradio_client.utils import Status  # noqa: E402
from PIL import Image  # noqa: E402

folder = Path(tempfile.mkdtemp())
client = Client(url, verbose=False, download_files=str(folder))

# An image, there and back twice.
mirrored = client.predict(handle_file(image), api_name="/mirror")
back = client.predict(handle_file(mirrored), api_name="/mirror")
assert Image.open(back).convert("RGB").tobytes() == Image.open(image).convert("RGB").tobytes()
assert Image.open(mirrored).convert("RGB").tobytes() != Image.open(back).convert("RGB").tobytes()

# A sound.
sound = folder / "tone.wav"
with wave.open(str(sound), "wb") as file:
    file.setnchannels(1)
    file.setsampwidth(2)
    file.setframerate(8000)
    file.writeframes(bytes(range(200)))
assert Path(client.predict(handle_file(sound), api_name="/replay")).read_bytes() == sound.read_bytes()

# An example's file, and an address that is not fetched.
for wrong in ["http://127.0.0.1:1/x.png", "https://example.com/x.png"]:
    try:
        client.predict({"path": wrong, "meta": {"_type": "gradio.FileData"}}, api_name="/mirror")
    except Exception as error:
        assert "does not fetch" in str(error), error
    else:
        raise AssertionError("an address was fetched")

# The state of a job, of one that runs until it is cancelled and of one that has ended.
job = client.submit(api_name="/forever")
assert next(iter(job)) == "begun"
assert job.status().code == Status.ITERATING, job.status()
job.cancel()
job = client.submit(3, api_name="/count")
assert job.result() == "1 2 3"
assert job.status().code == Status.FINISHED and job.status().success

# Chat, in a session of its own.
assert client.predict("hello", api_name="/chat") == "You said hello"
assert list(client.submit("bye", api_name="/chat"))[-1] == "You said bye, and before that hello"
client.reset_session()
assert client.predict("hello", api_name="/chat") == "You said hello"

# A private space: by its token, by no other, and not without one.
assert Client(private, token=token, verbose=False).predict(1, api_name="/add") == 4
assert Client(private, headers={"Authorization": f"Bearer {token}"}, verbose=False).predict(1, api_name="/add") == 4
for wrong in [None, "hf_somebody_elses"]:
    try:
        Client(private, token=wrong, verbose=False)
    except Exception:
        pass
    else:
        raise AssertionError("a private space answered anybody")

# By name.
assert Client("ada/workbench", verbose=False).predict(1, 2, api_name="/add") == 3
print("ok")
