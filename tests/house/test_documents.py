"""What the documents say can be run, is on no particular machine, and needs no network."""

import configparser
import re
from pathlib import Path

import pytest

from tests.house.checks import LEFTOVER
from tests.house.sources import PACKAGES, ROOT, files, relative, source, table

SHELL_FENCE = re.compile(r"^```(?:sh|bash|shell|console)\n(.*?)^```", re.MULTILINE | re.DOTALL)
# Folders of one person's machine, at the start of a path (not inside an address or behind a variable).
MACHINE_PATH = re.compile(
    r"(?<![\w.~}\-*])/(?:" + "|".join(("home", "root", "tmp", "work", "Users", "opt", "mnt")) + r")/"
)
TRACKER = re.compile(r"\bissue\s+#?\d+\b", re.IGNORECASE)
PROMISE = re.compile(
    r"coming soon|under construction|to be written|\bT" + r"BD\b|lorem ipsum|world[- ]class|cutting[- ]edge|blazing|"
    r"seamless|revolutionary|敬请期待|" + LEFTOVER.pattern,
    re.IGNORECASE,
)
ADDRESS = re.compile(r"https?://([\w.\-\[\]]+)")
KNOWN_HOSTS = {
    "127.0.0.1": "our own servers",
    "localhost": "our own servers",
    "json-schema.org": "the name of the schema dialect",
    "www.apache.org": "the licence",
}
TEXT_SUFFIXES = (".py", ".md", ".toml", ".ini", ".html", ".j2", ".sh", ".yml", ".yaml")


def documents() -> list[Path]:
    """The prose: Markdown at the root, in docs/ and in examples/."""
    return [*sorted(ROOT.glob("*.md")), *files(("docs", "examples"), ".md")]


def texts() -> list[Path]:
    """Everything written by hand: prose, code, tables, configuration."""
    rooted = [path for path in ROOT.iterdir() if path.suffix in TEXT_SUFFIXES]
    return sorted({*documents(), *rooted, *files((*PACKAGES, "tests", "examples", ".ci"), *TEXT_SUFFIXES, "")})


def readme_commands() -> list[str]:
    """Each command line in the README's shell fences, comments and prompts left out."""
    blocks = SHELL_FENCE.findall((ROOT / "README.md").read_text(encoding="utf-8"))
    lines = (line.strip().removeprefix("$ ") for block in blocks for line in block.replace("\\\n", " ").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def tox_environments() -> set[str]:
    """Names of the environments tox.ini defines."""
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(ROOT / "tox.ini", encoding="utf-8")
    return {section.removeprefix("testenv:") for section in parser.sections() if section.startswith("testenv:")}


def default_environments() -> list[str]:
    """What a bare `tox run` runs, in order."""
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(ROOT / "tox.ini", encoding="utf-8")
    return re.split(r"[\s,]+", parser["tox"]["env_list"].strip())


def proof_exists(proof: str) -> bool:
    """Whether the thing that proves a command is there and is run."""
    if proof.startswith("tox:"):
        return proof.removeprefix("tox:") in default_environments()
    if proof == ".ci/run":
        return (ROOT / ".ci" / "run").stat().st_mode & 0o111 != 0
    path, _, name = proof.partition("::")
    return (ROOT / path).is_file() and f"def {name}(" in (ROOT / path).read_text(encoding="utf-8")


def test_the_readme_shows_commands() -> None:
    """The check below would pass on an empty list."""
    assert len(readme_commands()) >= 2


@pytest.mark.parametrize("line", readme_commands())
def test_every_command_of_the_readme_is_run_by_something(line: str) -> None:
    """A command nobody runs is wrong within a month."""
    proofs = {row["line"]: row["proved_by"] for row in table("readme_commands.toml")["command"]}

    assert line in proofs, f"{line!r}: say in tests/house/readme_commands.toml which test or environment runs it"
    assert proof_exists(proofs[line]), (
        f"{line!r} is said to be run by {proofs[line]}, which does not exist or is not run"
    )


def test_no_proof_is_kept_for_a_command_that_is_gone() -> None:
    """The table follows the README."""
    stale = {row["line"] for row in table("readme_commands.toml")["command"]} - set(readme_commands())

    assert not stale, f"the README no longer shows {stale}: delete the rows from tests/house/readme_commands.toml"


def test_every_tox_environment_the_documents_name_exists() -> None:
    """`tox run -e name` in prose or in a fence."""
    pattern = re.compile(r"tox run[^`\n]* -e ([\w,\-]+)")
    named = {
        (relative(path), name)
        for path in documents()
        for names in pattern.findall(path.read_text(encoding="utf-8"))
        for name in names.split(",")
    }
    unknown = sorted((path, name) for path, name in named if name not in tox_environments())

    assert not unknown, f"{unknown}: tox.ini has {sorted(tox_environments())}; correct the document"


def test_every_script_the_documents_name_exists() -> None:
    """`yibao-…` is one of the console scripts, or the distribution itself."""
    project = table("pyproject.toml")["project"]
    known = {project["name"], *project["scripts"]}
    named = {
        (relative(path), name)
        for path in documents()
        for name in re.findall(r"\byibao-[a-z\-]*[a-z]", path.read_text(encoding="utf-8"))
    }
    unknown = sorted((path, name) for path, name in named if name not in known)

    assert not unknown, f"{unknown}: the scripts are {sorted(known)}; correct the document or add the script"


@pytest.mark.parametrize(
    ("pattern", "why", "way_out"),
    [
        (
            MACHINE_PATH,
            "a path of one machine is wrong on every other",
            "a path from the repository's root, or a variable",
        ),
        (
            TRACKER,
            "a tracker's number means nothing to a reader of the code",
            "say the reason itself, in a sentence",
        ),
    ],
    ids=["machine path", "tracker number"],
)
def test_no_text_leans_on_what_a_reader_does_not_have(pattern: re.Pattern[str], why: str, way_out: str) -> None:
    """Documents and code stand alone."""
    found = [
        f"{relative(path)}:{number}: {line.strip()}"
        for path in texts()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if pattern.search(line)
    ]
    listing = "\n".join(found)

    assert not found, f"{len(found)} found:\n{listing}\nWhy: {why}\nThe way out: {way_out}"


def test_the_documents_say_what_is_and_promise_nothing() -> None:
    """No boast and no blank."""
    found = [
        f"{relative(path)}:{number}: {line.strip()}"
        for path in documents()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if PROMISE.search(line)
    ]
    listing = "\n".join(found)

    assert not found, (
        f"{len(found)} found:\n{listing}\nWhy: a reader plans by what the page says. "
        "The way out: say what works, with a figure where one was measured, and leave out what does not"
    )


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("see " + "/" + "home/me/notes", True),
        ("'" + "/" + "tmp/report'", True),
        ("{base}" + "/" + "work/orders", False),
        ("https://host" + "/" + "home/page", False),
    ],
)
def test_a_machine_path_is_told_from_an_address(line: str, found: bool) -> None:
    """The check's own broken twin."""
    assert bool(MACHINE_PATH.search(line)) is found


def test_the_documents_link_to_no_unknown_host() -> None:
    """A reader may be offline, and a link rots."""
    unknown = sorted(
        (relative(path), host)
        for path in [*documents(), ROOT / "LICENSE"]
        for host in ADDRESS.findall(path.read_text(encoding="utf-8"))
        if host not in KNOWN_HOSTS and not host.endswith((".example", "example.com", "example.org"))
    )

    assert not unknown, (
        f"{unknown}: say what the page says, in the document; "
        "a host that must be named goes into KNOWN_HOSTS of this test with its reason"
    )


def test_every_file_the_documents_link_to_exists() -> None:
    """Relative links of the prose."""
    pattern = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")
    broken = [
        f"{relative(path)} -> {target}"
        for path in documents()
        for target in pattern.findall(path.read_text(encoding="utf-8"))
        if not (path.parent / target).exists()
    ]

    assert not broken, f"{broken}: a link to nothing sends the reader away; correct or remove it"


def test_python_in_the_documents_parses() -> None:
    """Fences marked python are real Python."""
    fence = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
    for path in documents():
        for block in fence.findall(path.read_text(encoding="utf-8")):
            assert source(relative(path), block).tree.body
