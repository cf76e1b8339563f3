"""One distribution, four packages under plain names, and nobody else under them."""

import importlib
import importlib.metadata
import importlib.util
from pathlib import Path

import pytest

from tests.house.sources import PACKAGES, ROOT, relative, table

PROJECT = table("pyproject.toml")["project"]


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_is_ours_and_no_stranger_of_the_same_name(package: str) -> None:
    """The names are plain words, so an installed distribution could stand in their place."""
    spec = importlib.util.find_spec(package)

    assert spec is not None, f"{package} cannot be imported: each of {PACKAGES} has an __init__.py"
    assert Path(spec.origin or "nowhere").resolve().is_relative_to(ROOT), (
        f"{package} comes from {spec.origin}, and the tests would judge a stranger. "
        "The way out: uninstall the distribution that brought it, or run from the root of the repository"
    )


def test_no_other_distribution_brings_our_package_names() -> None:
    """Two distributions under one name overwrite each other's files."""
    owners = importlib.metadata.packages_distributions()
    clashes = {name: set(owners[name]) - {PROJECT["name"]} for name in PACKAGES if name in owners}

    assert not any(clashes.values()), f"{clashes}: one of them must go from this environment, or our package be renamed"


def test_the_wheel_holds_exactly_our_packages() -> None:
    """Tests and tools stay out of other people's environments."""
    wheel = table("pyproject.toml")["tool"]["hatch"]["build"]["targets"]["wheel"]

    assert sorted(wheel["packages"]) == sorted(PACKAGES)


@pytest.mark.parametrize(("name", "target"), PROJECT["scripts"].items())
def test_a_console_script_leads_to_a_function(name: str, target: str) -> None:
    """What pip writes into bin/ can be called."""
    module, _, function = target.partition(":")
    path = ROOT.joinpath(*module.split("."))
    if not path.with_suffix(".py").is_file() and not (path / "__init__.py").is_file():
        pytest.skip(f"not run: {name} waits for {relative(path)}.py")

    assert callable(getattr(importlib.import_module(module), function))


def test_every_folder_of_code_is_a_package() -> None:
    """A folder without __init__.py is left out by tools that look for packages, and its law has no row."""
    bare = sorted(
        {
            relative(path.parent)
            for package in PACKAGES
            for path in (ROOT / package).rglob("*.py")
            if not (path.parent / "__init__.py").is_file()
        }
    )

    assert not bare, f"{bare}: add an __init__.py whose docstring says what the folder is for"


def test_no_data_file_is_hidden_from_the_build() -> None:
    """The wheel leaves out what .gitignore names: a data file under such a name would vanish from it."""
    ignored = {".log", ".db", ".sqlite3"}
    hidden = [relative(path) for package in PACKAGES for path in (ROOT / package).rglob("*") if path.suffix in ignored]

    assert not hidden, f"{hidden}: give the file another suffix, or write it outside the packages"
