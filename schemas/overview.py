"""The interfaces by family as a table in Markdown, as the README shows it: ``python -m schemas.overview``."""

import sys
from collections.abc import Iterable

from schemas.loader import InterfaceSchema, interfaces

HEAD = "| family | with behaviour | validated only |\n|---|---|---|\n"


def overview() -> str:
    """One row for each family, those with behaviour first; codes in their order."""
    families = sorted({one.family for one in interfaces().values()}, key=lambda family: (not _codes(family), family))
    rows = (f"| {family} | {_codes(family)} | {_codes(family, stateful=False)} |\n" for family in families)
    return HEAD + "".join(rows)


def _codes(family: str, *, stateful: bool = True) -> str:
    return _ranges(one for one in interfaces().values() if one.family == family and one.stateful is stateful)


def _ranges(found: Iterable[InterfaceSchema]) -> str:
    """``1301–1304, 1306A``: neighbours three or more in a row are shown by the first and the last."""
    runs: list[list[str]] = []
    for code in sorted(one.code for one in found):
        if runs and code.isdigit() and runs[-1][-1].isdigit() and int(code) == int(runs[-1][-1]) + 1:
            runs[-1].append(code)
        else:
            runs.append([code])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 2 else ", ".join(run) for run in runs)


if __name__ == "__main__":
    sys.stdout.write(overview())
