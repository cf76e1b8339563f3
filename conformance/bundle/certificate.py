"""certificate.json: what was found about whom, on what grounds, and the digest of every part beside it; signed.

``schemas/suite/certificate.json`` is its form. Canonical JSON: keys sorted, no spaces. The signature is over the
canonical bytes of the member ``certificate``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from conformance.bundle import fingerprints, issuer, mutation
from conformance.bundle.parts import LOAD, sha256
from conformance.report.results import DISTRIBUTION, Run, suite_version
from conformance.report.words import NOT_NHSA
from conformance.verdict import DRIVEN, JUDGE, OBSERVED, TRACED, Verdict
from schemas import jsontext
from schemas.tomlfile import FileFault
from simulator.wire.sm2 import PrivateKey

Json = dict[str, Any]
FORMAT = "1"
VALID_DAYS = 180
BEIJING = timezone(timedelta(hours=8))
MODES = {DRIVEN: "rehearsal", OBSERVED: "observed", TRACED: "traced"}
"""What is no examination, by its class."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """What a certificate says beyond the run and its verdict."""

    key: PrivateKey = issuer.TEST_KEY
    exam: bool = False
    """The seed was secret until the end, and nothing was left out."""
    made_by: str = DRIVEN
    """Class: who made the traffic."""
    build_digest: str = ""
    """As the vendor gave it."""
    simulator_version: str = ""
    load: bytes = b""
    """Results of a load run."""
    at_ms: int
    """When it is issued, real time."""

    @property
    def rehearsal(self) -> bool:
        """Anybody could have signed it; or the day could have been learned by heart; or nobody saw it happen.

        Who looks on has seen it happen, and signs for that much.
        """
        return issuer.is_test(self.key.public.to_base64()) or not (self.exam or self.made_by == OBSERVED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What lies beside the certificate."""

    parts: Mapping[str, bytes]
    trace_digest: str
    trace_lines: int


def compose(verdict: Verdict, run: Run, issue: Issue, contents: Contents) -> Json:
    """The member ``certificate``."""
    return {
        "format": FORMAT,
        "notice": NOT_NHSA.document(),
        "certifies": verdict.overall == "conformant" and not run.partial and not issue.rehearsal,
        "rehearsal": issue.rehearsal,
        "mode": "exam" if issue.exam else MODES[issue.made_by],
        "class": issue.made_by,
        "subject": _subject(run, issue),
        "edition": {"name": verdict.edition, "digest": fingerprints.edition(verdict.edition)},
        "verdict": {"overall": verdict.overall, "partial": run.partial, "counts": verdict.counts()},
        "observations": {row.requirement.id: row.held for row in verdict.judged},
        "suite": {
            "name": DISTRIBUTION, "version": suite_version(), "judge": JUDGE,
            "digests": {name: fingerprints.package(name) for name in ("conformance", "schemas")},
        },
        "simulator": {"version": issue.simulator_version, "digest": fingerprints.package("simulator")},
        "seeds": [run.seed],
        "load": _load(issue.load),
        "mutation": mutation.read(verdict.edition),
        "trace": {"digest": contents.trace_digest, "lines": contents.trace_lines},
        "parts": [{"name": name, "size": len(raw), "sha256": sha256(raw)} for name, raw in contents.parts.items()],
        "issued": stamp(issue.at_ms),
        "expires": stamp(issue.at_ms + VALID_DAYS * 86_400_000),
        "issuer": {"public_key": issue.key.public.to_base64(), "algorithm": issuer.ALGORITHM},
    }  # fmt: skip


def signed(certificate: Json, key: PrivateKey) -> bytes:
    """The file."""
    value = issuer.sign(key, jsontext.canonical(certificate))
    return jsontext.canonical({"certificate": certificate, "signature": value}) + b"\n"


def stamp(at_ms: int) -> str:
    """Beijing time to the second, with its offset."""
    return datetime.fromtimestamp(at_ms // 1000, BEIJING).isoformat()


def _subject(run: Run, issue: Issue) -> Json:
    named = {name: str(run.hello[name]) for name in ("vendor", "product", "version")}
    return named | {"rails": sorted(run.hello["rails"]), "build_digest": issue.build_digest}


def load_result(path: Path) -> bytes:
    """The results.json of a load run.

    Raises:
        FileFault: it cannot be read, or is not what ``yibao-load`` writes.
    """
    try:
        raw = path.read_bytes()
        _load(raw)
    except OSError as fault:
        raise FileFault(f"{path}: {fault.strerror}") from None
    except (AssertionError, KeyError, TypeError, ValueError):
        raise FileFault(f"{path}: not a results.json of yibao-load 不是yibao-load的results.json") from None
    return raw


def _load(raw: bytes) -> Json | None:
    if not raw:
        return None
    document = jsontext.parse(raw)
    assert isinstance(document, Mapping)
    told = {name: int(document[name]) for name in ("exit_code", "violations")}
    return {"file": LOAD, **told, "orders": int(document["orders"]["counted"]), "sha256": sha256(raw)}
