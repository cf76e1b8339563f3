"""The pytest part, one item per requirement.

``pytest -p conformance.suite.plugin conformance/requirements --channel …`` runs it.

The process ends with the exit codes of ``conformance.verdict``; a failed preflight ends it with 3.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from conformance import catalogue
from conformance.findings import UNSAID
from conformance.requirement import Requirement
from conformance.suite.certification import Certification
from conformance.suite.session import Order, Prepared, Unready, prepare
from conformance.verdict import Judged, Verdict
from schemas.tomlfile import FileFault

PREPARED = pytest.StashKey[Prepared]()
CONFIGURATION = 3


def pytest_addoption(parser: pytest.Parser) -> None:
    """What a run is about."""
    group = parser.getgroup("yibao", "certify a channel")
    group.addoption("--channel", default="reference", help='reference, "command:PROGRAM ARGUMENTS" or mutant:NAME')
    group.addoption("--edition", default=catalogue.LATEST, help="frozen list of requirements")
    group.addoption("--only", action="append", default=[], help="requirement id or its beginning; may be repeated")
    group.addoption("--seed", type=int, default=1, help="seed of every room")
    group.addoption("--report", default="", help="directory for the report")
    group.addoption(
        "--simulator", default="", help="address of a running simulator; without it one is started in process"
    )
    group.addoption("--control-token", default="", help="its control token")


def pytest_configure(config: pytest.Config) -> None:
    """Connect to platform and channel, unless who called pytest has done so."""
    if config.option.help or PREPARED in config.stash:
        return
    given = config.pluginmanager.get_plugin("yibao-prepared")
    config.stash[PREPARED] = given.prepared if isinstance(given, Given) else _prepared(config)


class Given:
    """A plugin that brings a run somebody prepared already."""

    __name__ = "yibao-prepared"

    def __init__(self, prepared: Prepared) -> None:
        self.prepared = prepared


def certify(prepared: Prepared) -> Verdict:
    """Run the items of a prepared run in a pytest of its own, which says nothing itself; answers the verdict.

    No configuration file and no plugin of the surroundings takes part.

    Raises:
        KeyboardInterrupt: somebody stopped it; nothing is judged.
    """
    alone = ("--rootdir", str(catalogue.REQUIREMENTS), "-c", os.devnull, "--noconftest", "--capture=no",
             "--disable-plugin-autoload", "--assert=plain")  # fmt: skip
    without = ("terminal", "cacheprovider", "faulthandler", "logging", "unraisableexception", "threadexception")
    disabled = [word for name in without for word in ("-p", f"no:{name}")]
    pytest.main(["-p", __name__, *alone, *disabled, str(catalogue.REQUIREMENTS)], plugins=[Given(prepared)])
    if prepared.verdict is None:  # the exit code cannot tell: 2 is an incomplete verdict, and pytest's own interruption
        raise KeyboardInterrupt
    return prepared.finish()


def pytest_collect_file(parent: pytest.Collector, file_path: Path) -> pytest.Collector | None:
    """The requirement files, and nothing else."""
    if file_path.suffix == ".toml" and file_path.is_relative_to(catalogue.REQUIREMENTS):
        return RequirementFile.from_parent(parent, path=file_path)
    return None


def pytest_sessionfinish(session: pytest.Session) -> None:
    """The verdict decides how the process ends; the report is written."""
    prepared = session.config.stash.get(PREPARED, None)
    if prepared is None or session.config.option.collectonly or session.exitstatus == pytest.ExitCode.INTERRUPTED:
        return
    prepared.finish()
    session.exitstatus = prepared.weighed().exit_code


def pytest_unconfigure(config: pytest.Config) -> None:
    """Let the channel go."""
    if prepared := config.stash.get(PREPARED, None):
        prepared.certification.close()


class RequirementFile(pytest.File):
    """A file of requirements."""

    def collect(self) -> Iterator["RequirementItem"]:
        """Those of its requirements that the run is about."""
        certification = self.config.stash[PREPARED].certification
        folder = f"{self.path.parent.name}/{self.path.stem}/"
        for requirement in certification.requirements:
            if requirement.id.startswith(folder):
                yield RequirementItem.from_parent(
                    self, name=requirement.id.removeprefix(folder), requirement=requirement, certification=certification
                )


class RequirementItem(pytest.Item):
    """One requirement."""

    def __init__(self, *, requirement: Requirement, certification: Certification, **rest: object) -> None:
        super().__init__(**rest)  # type: ignore[arg-type]  # pytest's own arguments, handed through
        self.requirement = requirement
        self.certification = certification

    def runtest(self) -> None:
        """Play what it needs, judge it."""
        judged = self.certification.judge(self.requirement)
        if judged.outcome in ("not_applicable", "unchecked"):
            pytest.skip(judged.why.en)
        if judged.outcome in ("failed", "untested", "suite_error"):
            raise Fell(judged)
        if judged.outcome == "warned":
            self.add_report_section("call", "warned", worded(judged))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: object = None) -> str:
        """What was required, what was seen, and where."""
        return worded(excinfo.value.judged) if isinstance(excinfo.value, Fell) else str(excinfo.getrepr())

    def reportinfo(self) -> tuple[Path, None, str]:
        """The requirement by its id."""
        return self.path, None, self.requirement.id


class Fell(Exception):
    """A requirement that did not pass."""

    def __init__(self, judged: Judged) -> None:
        super().__init__(judged.requirement.id)
        self.judged = judged


def worded(judged: Judged) -> str:
    """One requirement's fate for a terminal, in both languages."""
    requirement = judged.requirement
    lines = [
        f"{judged.outcome}  {requirement.id}",
        f"  {requirement.text.zh}",
        f"  {requirement.text.en}",
        f"  ({requirement.source})",
    ]
    if judged.why != UNSAID:
        lines.append(f"  {judged.why.zh} / {judged.why.en}")
    for seen in judged.seen[:5]:
        broken = seen.broken
        where = f" (journal {', '.join(map(str, broken.lines))})" if broken.lines else ""
        lines.append(f"  {seen.scenario}: {broken.expected.zh} / {broken.expected.en}")
        lines.append(f"    → {broken.actual.zh} / {broken.actual.en}{where}")
    return "\n".join(lines)


def _prepared(config: pytest.Config) -> Prepared:
    option = config.option
    order = Order(
        channel=option.channel,
        edition=option.edition,
        only=tuple(option.only),
        seed=option.seed,
        report=Path(option.report) if option.report else None,
        simulator=option.simulator,
        control_token=option.control_token,
    )
    try:
        return prepare(order)
    except (Unready, FileFault) as fault:
        pytest.exit(str(fault), returncode=CONFIGURATION)
