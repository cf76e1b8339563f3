"""Each check of the house fails on the one fault it is for, and on nothing beside it."""

import pytest

from tests.house import checks
from tests.house.sources import source

DO_LATER = "TO" + "DO"
NOT_YET = "NotImplemented" + "Error"
QUIET = "no" + "qa"
LONG_BODY = "\n".join(f"    x = {n}" for n in range(checks.FUNCTION_CAP))

BREACHES = [
    (checks.long_functions, "a.py", f'"""D."""\ndef f():\n{LONG_BODY}\n'),
    (checks.long_module, "a.py", "x = 1\n" * (checks.MODULE_CAP + 1)),
    (checks.banned_names, "simulator/wire/sm_utils.py", ""),
    (checks.banned_names, "simulator/common/frame.py", ""),
    (checks.banned_names, "a.py", "class OrderManager: ..."),
    (checks.shadowing_names, "simulator/domain/calendar.py", ""),
    (checks.shadowing_names, "conformance/types/order.py", ""),
    (checks.collected_classes, "a.py", "class TestPerson: ..."),
    (checks.floats, "a.py", "rate = 0.1"),
    (checks.floats, "a.py", "x = float('1')"),
    (checks.floats, "a.py", "def f(x: float) -> int: ..."),
    (checks.floats, "a.py", "x = 1e3"),
    (checks.divisions, "a.py", "x = total / 2"),
    (checks.divisions, "a.py", "x /= 2"),
    (checks.prints, "simulator/edge/app.py", "print('here')"),
    (checks.sleeps, "a.py", "time.sleep(1)"),
    (checks.sleeps, "a.py", "async def f():\n    await sleep(1)"),
    (checks.leftovers, "a.py", f"# {DO_LATER} later"),
    (checks.leftovers, "a.py", f"def f():\n    raise {NOT_YET}"),
    (checks.leftovers, "a.py", f"x = 1  # {checks.NO_COVER}"),
    (checks.silent_switches, "a.py", f"x = 1  # {QUIET}"),
    (checks.silent_switches, "a.py", f"x = 1  # {QUIET}: E501"),
    (checks.silent_switches, "a.py", "x = 1  # type: ig" + "nore[attr-defined]"),
    (checks.bare_skips, "a.py", "def f():\n    pytest.skip()"),
    (checks.bare_skips, "a.py", "@pytest.mark.skip\ndef f(): ..."),
    (checks.bare_skips, "a.py", "@pytest.mark.skipif(True)\ndef f(): ..."),
    (checks.undocumented, "a.py", "x = 1"),
    (checks.undocumented, "a.py", '"""D."""\ndef f(): ...'),
    (checks.undocumented, "a.py", '"""D."""\nclass Bill: ...'),
    (checks.impurities, "a.py", "import sqlite3"),
    (checks.impurities, "a.py", "def f():\n    from pathlib import Path"),
    (checks.impurities, "a.py", "x = open('f')"),
    (checks.impurities, "a.py", "x = datetime.now(UTC)"),
    (checks.impurities, "a.py", "x = random.choice(xs)"),
]

SOUND = [
    (checks.long_functions, "a.py", f"def f():\n{LONG_BODY.rpartition(chr(10))[0]}\n"),
    (checks.long_module, "a.py", "x = 1\n" * checks.MODULE_CAP),
    (checks.banned_names, "simulator/wire/base64_text.py", "class Baseline: ..."),
    (checks.shadowing_names, "simulator/edge/over_http.py", ""),
    (checks.collected_classes, "a.py", "class Trial: ..."),
    (checks.floats, "a.py", "x = 1\ny = isinstance(x, float)\nz = isinstance(x, (bool, float))"),
    (checks.divisions, "a.py", "x = total // 2\ny = Decimal(total) / 2"),
    (checks.prints, "simulator/cli.py", "print('here')"),
    (checks.prints, "simulator/cli/run.py", "print('here')"),
    (checks.prints, "schemas/generate/__main__.py", "print('written')"),
    (checks.prints, "schemas/generate.py", 'if __name__ == "__main__":\n    print("written")'),
    (checks.sleeps, "a.py", "clock.advance(1)"),
    (checks.leftovers, "a.py", "# Why: the order counts.\nMETHOD = 1"),
    (checks.silent_switches, "a.py", f"x = 1  # {QUIET}: E501 # the vector stays in one piece"),
    (checks.bare_skips, "a.py", "def f():\n    pytest.skip('not run: set OFFICIAL_DATA')"),
    (checks.bare_skips, "a.py", "@pytest.mark.skipif(True, reason='not run: no openssl')\ndef f(): ..."),
    (checks.undocumented, "a.py", '"""D."""\ndef _f(): ...\ndef g():\n    """D."""'),
    (
        checks.impurities,
        "a.py",
        "import random\nfrom datetime import datetime\nx = random.Random(seed)\ny = clock.now()",
    ),
]


@pytest.mark.parametrize(("check", "path", "text"), BREACHES, ids=lambda value: getattr(value, "__name__", None))
def test_a_check_finds_its_breach(check, path, text) -> None:
    """A check that has never failed proves nothing."""
    assert check(source(path, text))


@pytest.mark.parametrize(("check", "path", "text"), SOUND, ids=lambda value: getattr(value, "__name__", None))
def test_a_check_leaves_the_sound_twin_alone(check, path, text) -> None:
    """Right beside the breach."""
    assert check(source(path, text)) == []


def test_a_dependency_is_seen_inside_functions_too() -> None:
    """Hidden imports count."""
    text = "import os, simulator\ndef f():\n    import httpx\n    from rich import table\nfrom . import near\n"

    assert checks.third_party(source("a.py", text)) == {"httpx", "rich"}
