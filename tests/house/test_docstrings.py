"""Every module, public function and public class says what it is."""

from tests.house.checks import undocumented
from tests.house.sources import expect_none, our_sources


def test_everything_public_has_a_docstring() -> None:
    """Meaning, units, errors raised, source clause: for the developer who reads our code to write theirs."""
    expect_none(
        (finding for each in our_sources() for finding in undocumented(each)),
        why="vendors learn from this code, and a name carries neither units nor the source of a rule",
        way_out="one plain sentence; a leading underscore where the thing is not public",
    )
