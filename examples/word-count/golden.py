"""Makes golden.json: the answers of a reference implementation, independent of the Rust code.

Run it with any Python 3: `python3 golden.py > golden.json`.
"""

import json
import re
from collections import Counter

CASES = [
    {"text": "The cat saw the dog. THE END", "top": 20},
    {"text": "one two\nthree two\n\nthree three", "top": 2},
    {"text": "Größe, größe! Ça va? Ναι, ναι… don’t – don't 3.14 x_y", "top": 100},
    {"text": "\n".join(f"line {n % 7} of {n}" for n in range(200)), "top": 10},
]


def count(text: str, top: int) -> dict:
    words = Counter(re.findall(r"[^\W_]+", text.lower()))
    best = sorted(words.items(), key=lambda item: (-item[1], item[0]))[:top]
    table = {"headers": ["word", "count"], "data": [list(row) for row in best]}
    return {"words": table, "total": words.total(), "distinct": len(words)}


cases = [json.dumps({"inputs": case, "outputs": count(**case)}, ensure_ascii=False) for case in CASES]
print("[\n" + ",\n".join(cases) + "\n]")
