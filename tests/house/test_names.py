"""Names say what a thing is, in the trade's own words."""

from tests.house.checks import banned_names, collected_classes, shadowing_names
from tests.house.sources import expect_none, our_sources, sources


def test_no_name_says_nothing() -> None:
    """No utils, helpers, common, manager, base or misc."""
    expect_none(
        (finding for each in sources() for finding in banned_names(each)),
        why="such a name says that nobody decided what belongs there, so everything will",
        way_out="name it for what it does in the trade's words: bill, frame, arrivals, ledger",
    )


def test_no_module_is_named_like_a_standard_one() -> None:
    """`import types` means the standard library, wherever it is written."""
    expect_none(
        (finding for each in sources() for finding in shadowing_names(each)),
        why="run as a script or put on a path, such a module hides the standard one and breaks code far away",
        way_out="add the word that tells them apart: over_http.py, order_queue.py, load_profile.py",
    )


def test_no_class_outside_the_tests_is_collected_by_pytest() -> None:
    """Nothing of ours is named Test…"""
    expect_none(
        (finding for each in our_sources() for finding in collected_classes(each)),
        why="pytest collects a class by this name in a vendor's own test run, and warns or stops",
        way_out="name it for its part: Probe, Trial, Scenario",
    )
