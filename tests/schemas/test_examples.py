"""Every example is what its name says: valid, or wrong at exactly one point."""

import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from schemas import jsontext, loader

EXAMPLES = loader.ROOT / "examples"
FILES = sorted(EXAMPLES.glob("*/*/*.json"))
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


def read(path: Path) -> object:
    return jsontext.parse(path.read_bytes())


def title(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def schema_of(path: Path) -> loader.InterfaceSchema:
    stem = path.parent.name
    (found,) = (one for one in loader.interfaces().values() if one.stem == stem)
    return found


def parts(path: Path) -> tuple[str, str, str]:
    match = NAME.fullmatch(path.stem)
    assert match, f"{title(path)}: name it valid_<direction>_<what> or invalid_<direction>_<fault>_<field>"
    return match[1], match[2], match[3]


def fault(text: str) -> tuple[str, str]:
    """``too_long_medOrgOrd_of_an_order`` → the rule and the field that must be blamed."""
    (word,) = (word for word in FAULTS if text.startswith(f"{word}_"))
    return FAULTS[word], text.removeprefix(f"{word}_").partition("_of_")[0]


def check(path: Path) -> list[loader.Miss]:
    direction = parts(path)[1]
    schema = schema_of(path)
    return (schema.check_input if direction == "input" else schema.check_output)(read(path))


@pytest.fixture(scope="module")
def registry() -> Registry:
    """Every schema file under its own ``$id``, resolved by the reference implementation, not by ours."""
    files = [*loader.ROOT.glob("dictionaries/*.json")]
    files += [loader.ROOT / one.family / f"{one.stem}.json" for one in loader.interfaces().values()]
    resources = [Resource.from_contents(read(path)) for path in files]
    return Registry().with_resources((one.id(), one) for one in resources)


@pytest.mark.parametrize("path", [path for path in FILES if parts(path)[0] == "valid"], ids=title)
def test_a_valid_example_misses_nothing(path: Path) -> None:
    assert check(path) == []


@pytest.mark.parametrize("path", [path for path in FILES if parts(path)[0] == "invalid"], ids=title)
def test_an_invalid_example_misses_exactly_the_point_it_is_named_after(path: Path) -> None:
    misses = check(path)
    assert [(miss.rule, miss.field) for miss in misses] == [fault(parts(path)[2])], misses


@pytest.mark.parametrize("path", FILES, ids=title)
def test_the_reference_implementation_is_of_one_mind_with_the_loader(path: Path, registry: Registry) -> None:
    one = schema_of(path)
    direction = parts(path)[1]
    address = f"{loader.BASE}/{one.family}/{one.stem}.json#/$defs/{direction}"
    reference = Draft202012Validator({"$ref": address}, registry=registry)
    assert reference.is_valid(read(path)) == (check(path) == [])


@pytest.mark.parametrize("code", sorted(loader.interfaces()))
def test_every_interface_has_its_examples(code: str) -> None:
    one = loader.interface(code)
    names = {path.stem for path in (EXAMPLES / one.family / one.stem).glob("*.json")}
    wanted = ("minimal", "full") if one.read == "hand" else ("full",)
    sizes = {f"valid_{way}_{size}" for way in ("input", "output") for size in wanted}
    assert sizes <= names, f"{one.stem}: an example of each direction, {' and '.join(wanted)}"
    faults = [name for name in names if name.startswith("invalid_")]
    fewest = FEWEST_FAULTS if one.read == "hand" else 1
    assert len(faults) >= fewest, f"{one.stem}: at least {fewest} invalid examples"


def test_people_in_examples_are_synthetic() -> None:
    for path in FILES:
        for number in re.findall(r'"(?:certno|idNo)": "([^"]{18})"', path.read_text(encoding="utf-8")):
            assert number.startswith("990000"), f"{title(path)}: area prefix 990000 belongs to nobody"
