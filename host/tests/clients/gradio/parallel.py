"""Staggered parallel calls, many in one session and many sessions: none may be lost. usage: parallel.py URL CALLS

The URL is of the word count: it streams, and no output of it is JSON, so its stream is that of `sse_v3`.
"""

import random
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from gradio_client import Client

url, n_calls = sys.argv[1], int(sys.argv[2])
clients = [Client(url, verbose=False) for _ in range(8)]
pauses = random.Random(7)


def call(number: int) -> None:
    client = clients[number % len(clients)]
    # The stream closes between some of them and is crossed by others.
    time.sleep(pauses.random() * 0.05)
    n_words = number % 50 + 1
    _table, total, distinct = client.predict("word\n" * n_words, api_name="/count")
    assert (total, distinct) == (n_words, 1), (number, total, distinct)


with ThreadPoolExecutor(32) as threads:
    jobs = [threads.submit(call, number) for number in range(n_calls)]
failures = [error for error in (job.exception() for job in jobs) if error is not None]
assert not failures, f"{len(failures)} of {n_calls} calls were lost, the first: {failures[0]!r}"
print("ok")
