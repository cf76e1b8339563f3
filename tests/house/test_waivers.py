"""An exception lives as long as its cause."""

from tests.house import checks
from tests.house.sources import sources, waived
from tests.house.test_doors import crowds, strangers

RULES = (
    checks.long_functions,
    checks.long_module,
    checks.banned_names,
    checks.shadowing_names,
    checks.collected_classes,
    checks.floats,
    checks.divisions,
    checks.impurities,
    checks.prints,
    checks.sleeps,
    checks.leftovers,
    checks.silent_switches,
    checks.bare_skips,
    checks.undocumented,
)


def test_every_waiver_still_waives_something() -> None:
    """A row whose offence is gone is removed."""
    places = {where.partition("::")[0] for _, where in waived()}
    named = [each for each in sources() if each.path in places]
    alive = {(finding.rule, finding.where) for each in named for rule in RULES for finding in rule(each)}
    alive |= {(finding.rule, finding.where) for finding in (*strangers(), *crowds())}
    stale = sorted(set(waived()) - alive)

    assert not stale, f"nothing left to waive at {stale}: delete the rows from tests/house/waivers.toml"


def test_every_waiver_gives_its_reason() -> None:
    """In a sentence that a reviewer can judge."""
    short = [place for place, reason in waived().items() if len(reason.split()) < 4]

    assert not short, f"{short}: say why this place is better as it is"
