"""A simulator of its own process for the tests of the pages, on a free port."""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = Path(sys.executable).parent
"""Where the installed commands lie, of the environment that runs the tests."""


@contextmanager
def simulator(token: str) -> Iterator[str]:
    """Its address."""
    words = [str(SCRIPTS / "yibao-simulator"), "serve", "--memory", "--port", "0", "--control-token", token]
    server = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    try:
        assert server.stdout
        yield next(found[0] for line in server.stdout if (found := re.search(r"http://127\.0\.0\.1:\d+", line)))
    finally:
        server.terminate()
        server.communicate(timeout=10)
