"""Constructs that cost more than they save, with what to write instead."""

from tests.house.checks import (
    bare_skips,
    divisions,
    floats,
    impurities,
    leftovers,
    prints,
    silent_switches,
    sleeps,
)
from tests.house.sources import expect_none, our_sources, sources

MONEY = ("simulator/domain/", "conformance/", "loadtests/")
PURE = (
    "simulator/domain/",
    "conformance/probes/",
    "conformance/probes.py",
    "conformance/oracle/",
    "conformance/oracle.py",
    "conformance/verdict.py",
)


def test_no_float_where_money_lives() -> None:
    """Money is integer fen."""
    expect_none(
        (finding for each in sources() if each.within(*MONEY) for finding in floats(each)),
        why="0.1 + 0.2 is not 0.3, and one fen lost in a float is a settlement that no longer balances",
        way_out="integer fen and integer milliseconds inside, schemas/amount.py at the wire, "
        "Decimal where cnt meets pric",
    )


def test_no_true_division_in_the_pure_parts() -> None:
    """Two integers divided by / are a float."""
    expect_none(
        (finding for each in sources() if each.within(*PURE) for finding in divisions(each)),
        why="int / int is a float, whatever the annotation says",
        way_out="// in a function whose name states the rounding, or Decimal(…) in the same expression",
    )


def test_the_pure_parts_touch_nothing_outside() -> None:
    """Domain, probes, oracle and verdict are functions of their arguments."""
    expect_none(
        (finding for each in sources() if each.within(*PURE) for finding in impurities(each)),
        why="old evidence must give the same verdict offline, and the same bill the same split, on any day",
        way_out="take the bytes, the time, the dice as an argument; a port in the domain, filled by the assembly",
    )


def test_only_commands_print() -> None:
    """print() belongs to command lines."""
    expect_none(
        (finding for each in our_sources() for finding in prints(each)),
        why="the same code runs in a server, in a test and as a load user; and stdout is the driver's wire",
        way_out="return the text and let the package's cli print it",
    )


def test_no_test_sleeps() -> None:
    """Time is a clock the test moves."""
    expect_none(
        (finding for each in sources() if each.package == "tests" for finding in sleeps(each)),
        why="a sleeping test is slow when it passes and flaky when it does not",
        way_out="move the virtual clock, or wait on the event itself with a bound",
    )


def test_nothing_is_left_undone_in_the_code() -> None:
    """What is there is whole; what is not there is an entry of the tracker."""
    expect_none(
        (finding for each in sources() for finding in leftovers(each)),
        why="a note to oneself in the code is read by all and done by nobody; a stub passes for the thing",
        way_out="do it, or take it out and write down elsewhere what is missing",
    )


def test_a_checker_is_never_switched_off_without_a_reason() -> None:
    """Each exception names its rule and says why."""
    expect_none(
        (finding for each in sources() for finding in silent_switches(each)),
        why="an exception without a reason cannot be reviewed, and outlives its cause",
        way_out="name the rule and say why behind it, in three words or more, after a second #",
    )


def test_no_test_is_skipped_in_silence() -> None:
    """What was not run says so, with the way to run it."""
    expect_none(
        (finding for each in sources() for finding in bare_skips(each)),
        why="a test that is skipped without a word counts as green and proves nothing",
        way_out='pytest.skip("not run: set OFFICIAL_DATA …"), or delete the test',
    )
