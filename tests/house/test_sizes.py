"""Functions and modules stay small enough to be read in one go."""

from tests.house.checks import FUNCTION_CAP, MODULE_CAP, long_functions, long_module
from tests.house.sources import expect_none, sources


def test_no_function_is_longer_than_the_cap() -> None:
    """A function fits on one screen."""
    expect_none(
        (finding for each in sources() for finding in long_functions(each)),
        why=f"a function over {FUNCTION_CAP} lines does several things, and none of them shows at a glance",
        way_out="keep the ifs here and give each loop or sum a pure function with a name; "
        "or add a row with a reason to tests/house/waivers.toml",
    )


def test_no_module_is_longer_than_the_cap() -> None:
    """A module has one subject."""
    expect_none(
        (finding for each in sources() for finding in long_module(each)),
        why=f"a module over {MODULE_CAP} lines has more than one subject, and grows because it is big",
        way_out="split it where its subjects part, and name each half for its subject; tables belong in data",
    )
