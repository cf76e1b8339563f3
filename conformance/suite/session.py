"""From what was ordered on a command line to a run that is ready, and from its end to the report."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from conformance import catalogue
from conformance.bundle import issuer
from conformance.bundle.certificate import BEIJING, Issue, load_result
from conformance.bundle.writing import write
from conformance.drivers.driver import DriverFault
from conformance.findings import Both
from conformance.known import Known, Weighed, weigh
from conformance.known import read as read_known
from conformance.report.results import Run
from conformance.requirement import Edition, Requirement
from conformance.scenarios.listing import scenarios
from conformance.suite import start
from conformance.suite.abreast import JOB, Seat
from conformance.suite.certification import Certification, Told, silent
from conformance.suite.preflight import Check, hello_of, preflight
from conformance.suite.reach import UnknownChannel, driver_for, teller
from conformance.suite.run import Bench
from conformance.verdict import DRIVEN, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a person or a script wants certified, and how."""

    channel: str = "reference"
    edition: str = catalogue.LATEST
    only: tuple[str, ...] = ()
    seed: int = 1
    report: Path | None = None
    simulator: str = ""
    control_token: str = ""
    passing: bool = False
    """The simulator lives for this run alone: a replay starts one of its own."""
    gateway: str = "tif"
    exam: bool = False
    issuer_key: Path | None = None
    """Who signs the certificate; without one the published TEST key does."""
    build_digest: str = ""
    load: Path | None = None
    """results.json of a load run, to go with the certificate."""
    known: Path | None = None
    """Known failures; an examination heeds none."""
    jobs: int = 1
    """Adapters at work at the same time, each with a scenario of its own."""


class Unready(Exception):
    """The run cannot begin: a matter of configuration, with the check that failed when there is one."""

    def __init__(self, both: Both, check: Check | None = None) -> None:
        super().__init__(f"{both.zh} / {both.en}")
        self.both = both
        self.check = check


@dataclass(slots=True, kw_only=True)
class Prepared:
    """A run after its preflight."""

    order: Order
    certification: Certification
    checks: tuple[Check, ...]
    issue: Issue
    known: tuple[Known, ...] = ()
    verdict: Verdict | None = None

    def finish(self) -> Verdict:
        """Judge, and write the report if one was ordered; a second call answers the first."""
        if self.verdict is None:
            self.verdict = self.certification.verdict()
            if self.order.report:
                write(self.order.report, self.verdict, self.run(), self.issue)
        return self.verdict

    def weighed(self) -> Weighed:
        """What is left of the verdict after the known failures; its exit code is how the process ends."""
        today = datetime.fromtimestamp(self.issue.at_ms // 1000, BEIJING).date()
        return weigh(self.finish(), self.known, listed=self.certification.edition.requirements, today=today)

    def run(self) -> Run:
        """What the report says of the run itself."""
        texts = {name: scenario.text for name, scenario in scenarios().items() if name in self.certification.evidence}
        return Run(
            hello=self.certification.hello, evidence=self.certification.evidence, texts=texts, seed=self.order.seed,
            replay=self.replay, partial=bool(self.order.only), edition_title=self.certification.edition.title,
            channel=self.order.channel, known={id_: entry.reason for id_, entry in self.weighed().excused.items()},
        )  # fmt: skip

    def replay(self, requirement: str) -> str:
        """The one command that plays a requirement again."""
        words = ["yibao-certify", "run", "--channel", f'"{self.order.channel}"', "--edition", self.order.edition]
        words += ["--seed", str(self.order.seed), "--only", requirement]
        words += ["--simulator", self.order.simulator] if self.order.simulator and not self.order.passing else []
        return " ".join(words)


def prepare(order: Order, *, told: Told = silent, checked: Callable[[Check], None] | None = None) -> Prepared:
    """Reach the platform and the channel, and make sure that they can talk.

    Raises:
        Unready: unknown channel, or the preflight failed.
        FileFault: unknown edition, or a key, a load result or a list of known failures that cannot be read.
    """
    edition = catalogue.edition(order.edition)
    issue, known = issue_for(order), read_known(order.known) if order.known else ()
    requirements = chosen(edition, order.only)
    if order.jobs > 1 and not (order.channel.startswith("command:") and JOB in order.channel):
        raise Unready(_TOO_MANY)
    reached = start.over_http(order.simulator, order.control_token) if order.simulator else start.in_process()
    bench = Bench(
        control=reached.control, base_url=reached.base_url, seed=order.seed, gateway=order.gateway,
        tell=teller(order.channel),
    )  # fmt: skip
    try:
        driver = driver_for(order.channel, reached)
    except UnknownChannel as fault:
        raise Unready(fault.both) from None
    except DriverFault as fault:
        raise Unready(Both(f"{fault.zh}；{fault.remedy_zh}", f"{fault.en}; {fault.remedy_en}")) from None
    checks = []
    for check in preflight(bench, driver):
        checks.append(check)
        if checked:
            checked(check)
        if not check.ok:
            driver.close()
            reached.close()
            raise Unready(_worded(check), check)
    certification = Certification(
        bench=bench, driver=driver, hello=hello_of(driver), edition=edition, requirements=requirements, told=told,
        leave=reached.close, others=tuple(_seat(order, bench, job) for job in range(2, order.jobs + 1)),
    )  # fmt: skip
    version = str(reached.control.call("GET", "/health")["version"])
    return Prepared(
        order=order, certification=certification, checks=tuple(checks), known=known,
        issue=replace(issue, simulator_version=version),
    )  # fmt: skip


_TOO_MANY = Both(
    f"--jobs大于1时，--channel须为command:…且含{JOB}，使每个适配器各有端口与数据",
    f"--jobs above 1 needs a channel command:… with {JOB} in it, so that each adapter has ports and data of its own",
)


def _seat(order: Order, bench: Bench, job: int) -> Seat:
    """One more adapter, with its own way to the simulator that the first one uses."""
    reached = start.over_http(order.simulator, order.control_token)
    try:
        driver = driver_for(order.channel, reached, job=job)
    except DriverFault as fault:
        raise Unready(Both(f"{fault.zh}；{fault.remedy_zh}", f"{fault.en}; {fault.remedy_en}")) from None
    return Seat(bench=replace(bench, control=reached.control), driver=driver, leave=reached.close)


def issue_for(order: Order, *, made_by: str = DRIVEN) -> Issue:
    """Who signs what, with the files it needs read before anything runs.

    Raises:
        FileFault: a key or a load result that cannot be read.
    """
    return Issue(
        key=issuer.read_private(order.issuer_key) if order.issuer_key else issuer.TEST_KEY,
        exam=order.exam,
        made_by=made_by,
        build_digest=order.build_digest,
        load=load_result(order.load) if order.load else b"",
        at_ms=time.time_ns() // 1_000_000,
    )


def chosen(edition: Edition, only: tuple[str, ...]) -> tuple[Requirement, ...]:
    """The edition's requirements, or those that ``only`` means.

    Raises:
        Unready: ``only`` names nothing.
    """
    for wanted in only:
        if not catalogue.meant(edition, [wanted]):
            raise Unready(
                Both(
                    f"--only：没有要求{wanted}",
                    f"--only: no requirement begins with {wanted!r} or has that at stake; see yibao-certify list",
                )
            )
    return catalogue.meant(edition, only)


def _worded(check: Check) -> Both:
    return Both(
        f"{check.what.zh}：期望{check.expected.zh}，实际{check.seen.zh}。{check.hint.zh}",
        f"{check.what.en}: expected {check.expected.en}, saw {check.seen.en}. {check.hint.en}",
    )
