"""A copy of an adapter to begin with, filled in with the tasks and states of the contract."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

from conformance.drivers import contract

_HERE = Path(__file__).parent / "skeletons"


class Language(NamedTuple):
    """A language there is a skeleton in: its file, how it is run, and how a task that does nothing yet is written."""

    file: str
    program: str
    task: str


LANGUAGES: Final[Mapping[str, Language]] = {
    "python": Language("adapter.py", "python", '"{name}": not_connected,  # {fields}'),
    "node": Language("adapter.mjs", "node", "{name}: notConnected, // {fields}"),
    "java": Language("Adapter.java", "java", 'TASKS.put("{name}", Adapter::notConnected); // {fields}'),
}


class Occupied(ValueError):
    """The file is there already; nothing is overwritten."""


def write(language: str, directory: Path) -> Path:
    """Write the skeleton of a language there; returns the file.

    Raises:
        Occupied: there is such a file.
        OSError: it cannot be written.
    """
    target = directory / LANGUAGES[language].file
    directory.mkdir(parents=True, exist_ok=True)
    try:
        with target.open("x", encoding="utf-8") as file:
            file.write(text(language))
    except FileExistsError:
        raise Occupied(str(target)) from None
    return target


def text(language: str) -> str:
    """The skeleton as it is written."""
    chosen = LANGUAGES[language]
    found = []
    for line in (_HERE / f"{chosen.file}.txt").read_text(encoding="utf-8").splitlines():
        before, mark, _ = line.partition("@")
        lines = _FILLED[line.strip(" #/")](chosen, before) if mark and line.strip(" #/") in _FILLED else [line]
        found.extend(lines)
    return "\n".join(found) + "\n"


def _tasks(chosen: Language, before: str) -> list[str]:
    indent = before[: len(before) - len(before.lstrip())]
    return [
        indent + chosen.task.format(name=name, fields=", ".join(fields)) for name, fields in contract.tasks().items()
    ]


def _states(chosen: Language, before: str) -> list[str]:
    return [f"{before}{name:16s} {zh} / {en}" for name, (zh, en) in contract.states().items()]


_FILLED = {"@tasks": _tasks, "@states": _states}
