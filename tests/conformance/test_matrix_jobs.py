"""The matrix cut into processes and to chosen rules: the same rows in the same order, whoever worked on them."""

from conformance.suite.matrix import Trying, chosen, matrix

NOTICES = Trying(rules=("notice/inbox/duplicate-counts",))
NAMES = ("counts-copies", "turns-copies-away", "storms")


def test_two_processes_find_what_one_finds_in_the_same_order() -> None:
    names = chosen(NAMES)
    alone = list(matrix(names, NOTICES, jobs=1))
    together = list(matrix(names, NOTICES, jobs=2))
    assert [row.mutant.name for row in together] == names
    assert [(row.broken, row.asked) for row in together] == [(row.broken, row.asked) for row in alone]


def test_chosen_rules_are_judged_and_no_others() -> None:
    (caught,) = matrix(["counts-copies"], NOTICES)
    assert caught.asked and all(id_.startswith(NOTICES.rules) for id_ in caught.asked)
    assert caught.good
    assert caught.aimed_at
    assert caught.broken <= caught.asked


def test_a_mutant_that_breaks_none_of_them_stands() -> None:
    (stands,) = matrix(["storms"], NOTICES)
    assert stands.good
    assert not stands.aimed_at
    assert stands.broken == frozenset()
