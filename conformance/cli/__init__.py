"""The command ``yibao-certify``, one module for each kind of verb; ``app`` puts them together."""

import gc
import sys

__all__ = ["main"]

CONFIGURATION = 3
NEEDED = "pytest"
"""What certifying takes beside the simulator; an installation without the extra ``conformance`` lacks it."""
OBJECTS_BETWEEN_SEARCHES = 100_000
"""Modules, catalogue and evidence stay to the end of a command: looking for lost cycles after every 700 new objects, as
Python does by itself, finds nothing and costs a fiftieth of a run."""


def main() -> None:
    """Run the command; one sentence and exit code 3 when the installation lacks what it needs."""
    gc.set_threshold(OBJECTS_BETWEEN_SEARCHES)
    try:
        from conformance.cli.app import main as run  # what it needs may be missing
    except ModuleNotFoundError as missing:
        if missing.name != NEEDED:
            raise
        sys.stderr.write(
            "yibao-certify 需要附加组件，请安装 / yibao-certify needs an extra, install it:"
            " pip install '.[conformance,fast]'\n"
        )
        raise SystemExit(CONFIGURATION) from None
    run()
