"""Every example is what its name says: valid, or wrong at exactly one point."""

import re

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry

from schemas import loader

EXAMPLES = loader.ROOT / "examples"
NAME = re.compile(r"(valid|invalid)_(input|output)_(.+)")
FAULTS = {
    "missing": "required",
    "too_long": "max_length",
    "unknown_code": "dictionary",
    "wrong_type": "type",
    "bad_format": "format",
    "too_few": "min_items",
    "neither": "condition",
    "unexpected": "absent",
}
FEWEST_FAULTS = 4


INTERFACES = sorted(loader.interfaces().values(), key=lambda one: one.code)


def parts(name: str) -> tuple[str, str, str]:
    match = NAME.fullmatch(name)
    assert match, f"{name}: name it valid_<direction>_<what> or invalid_<direction>_<fault>_<field>"
    return match[1], match[2], match[3]


def fault(text: str) -> tuple[str, str]:
    """``too_long_medOrgOrd_of_an_order`` → the rule and the field that must be blamed."""
    (word,) = (word for word in FAULTS if text.startswith(f"{word}_"))
    return FAULTS[word], text.removeprefix(f"{word}_").partition("_of_")[0]


@pytest.mark.parametrize("one", INTERFACES, ids=lambda one: one.code)
def test_a_valid_example_misses_nothing_and_an_invalid_one_exactly_the_point_it_is_named_after(
    one: loader.InterfaceSchema,
) -> None:
    for name in loader.example_names(one):
        kind, direction, what = parts(name)
        misses = getattr(one, direction).check(loader.example(one, name))
        wanted = [] if kind == "valid" else [fault(what)]
        assert [(miss.rule, miss.field) for miss in misses] == wanted, (name, misses)


@pytest.mark.parametrize("one", INTERFACES, ids=lambda one: one.code)
def test_the_reference_implementation_is_of_one_mind_with_the_loader(
    one: loader.InterfaceSchema, registry: Registry
) -> None:
    for direction in ("input", "output"):
        address = f"{loader.BASE}/{one.family}/{one.stem}.json#/$defs/{direction}"
        reference = Draft202012Validator({"$ref": address}, registry=registry)
        for name in loader.example_names(one):
            if parts(name)[1] == direction:
                assert reference.is_valid(loader.example(one, name)) == (parts(name)[0] == "valid"), name


@pytest.mark.parametrize("one", INTERFACES, ids=lambda one: one.code)
def test_every_interface_has_its_examples(one: loader.InterfaceSchema) -> None:
    names = set(loader.example_names(one))
    wanted = ("minimal", "full") if one.read == "hand" else ("full",)
    sizes = {f"valid_{way}_{size}" for way in ("input", "output") for size in wanted}
    assert sizes <= names, f"{one.stem}: an example of each direction, {' and '.join(wanted)}"
    faults = [name for name in names if name.startswith("invalid_")]
    fewest = FEWEST_FAULTS if one.read == "hand" else 1
    assert len(faults) >= fewest, f"{one.stem}: at least {fewest} invalid examples"


def test_every_folder_of_examples_belongs_to_an_interface() -> None:
    folders = {f"{path.parent.name}/{path.name}" for path in EXAMPLES.glob("*/*")}
    assert folders == {f"{one.family}/{one.stem}" for one in INTERFACES}


def test_people_in_examples_are_synthetic() -> None:
    for path in EXAMPLES.glob("*/*/*.json"):
        for number in re.findall(r'"(?:certno|idNo)": "([^"]{18})"', path.read_text(encoding="utf-8")):
            assert number.startswith("990000"), f"{path}: area prefix 990000 belongs to nobody"
