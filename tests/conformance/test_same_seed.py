"""Same seed, same day: the whole catalogue played twice, by two processes that agree on nothing but the seed."""

import os
import subprocess
import sys

import pytest

from conformance.suite.sweep import SOUND

PLAY = """
import hashlib, sys
from conformance.bundle.parts import books
from conformance.suite.session import Order, prepare
prepared = prepare(Order(channel=sys.argv[1]))
prepared.finish()
for name, raw in books(one.record for one in prepared.run().evidence.values()).items():
    print(name, len(raw), hashlib.sha256(raw).hexdigest())
"""


def played(channel: str, hash_seed: str) -> list[str]:
    """Name, size and digest of each book of one run."""
    surroundings = {**os.environ, "PYTHONHASHSEED": hash_seed}
    words = [sys.executable, "-c", PLAY, channel]
    return subprocess.run(words, env=surroundings, capture_output=True, text=True, check=True).stdout.splitlines()


@pytest.mark.matrix
@pytest.mark.parametrize("channel", SOUND)
def test_the_whole_catalogue_twice_gives_the_same_books_to_the_byte(channel: str) -> None:
    first = played(channel, "0")
    assert [line.split()[0] for line in first] == ["trace.jsonl", "ledger.jsonl", "beliefs.jsonl", "evidence.jsonl"]
    assert all(int(line.split()[1]) > 10_000 for line in first)
    assert played(channel, "7") == first
