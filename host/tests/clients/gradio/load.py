"""A Gradio app that shows a space inside itself, called from outside. usage: load.py URL"""

import sys

import gradio
from gradio import external
from gradio_client import Client

url = sys.argv[1]
# Gradio 6 takes only names of Hugging Face for `src="spaces"`; given a function it loads from any URL by the same code.
app = gradio.load(url, src=lambda name, token: external.from_spaces_blocks(name, token))
kinds = {block.get_block_name() for block in app.blocks.values()}
assert {"number", "image", "label", "dataframe", "tabs", "button"} <= kinds, kinds
app.queue().launch(prevent_thread_lock=True, quiet=True)
client = Client(app.local_url, verbose=False)
assert client.predict(1, 2, api_name="/add") == 3
assert client.predict(3, api_name="/count") == "1 2 3"
app.close()
print("ok")
