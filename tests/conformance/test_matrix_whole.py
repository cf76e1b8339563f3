"""Every broken channel against every rule: nothing falls that is none of its business.

Many minutes: ``tox run -e matrix`` runs it, and ``yibao-certify matrix --write`` keeps what it finds.
"""

import pytest

from conformance.channels.mutants.registry import Mutant, mutants
from conformance.suite.matrix import Trying, try_one

pytestmark = pytest.mark.whole


@pytest.mark.parametrize("mutant", mutants().values(), ids=lambda mutant: mutant.name)
def test_a_mutant_falls_by_its_own_rules_and_by_no_others(mutant: Mutant) -> None:
    row = try_one(mutant.name, Trying())
    assert sorted(row.escaped) == [], "a rule it must break let it pass: the suite is too weak"
    assert sorted(row.collateral) == [], (
        "a rule that is none of its business fell: name it in may_break, or mend the rule"
    )
    assert sorted(row.suite_errors) == [], "the platform contradicted itself: our own fault"
