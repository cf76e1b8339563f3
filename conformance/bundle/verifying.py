"""Whether a bundle is whole, and from whom: offline, each fault in one sentence with the way out.

With the TEST key it proves integrity and not origin. The digests prove that the parts are those that were signed, the
chain says in which line of the trace one was altered, and the books must tell what the evidence tells.
"""

from calendar import timegm
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from conformance.bundle import chain, issuer
from conformance.bundle.parts import BELIEFS, CERTIFICATE, EVIDENCE, LEDGER, RESULTS, TRACE, books, sha256
from conformance.findings import Both
from schemas import jsontext, loader
from schemas.tomlfile import FileFault

Json = Mapping[str, Any]

AGAIN = Both(
    "请向出具方索取未改动的整个目录，或重新运行", "ask its maker for the whole unaltered directory, or run again"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing wrong, and what to do. ``part``: the file it is about."""

    part: str
    what: Both
    remedy: Both = AGAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What was found. ``certificate`` is empty when it cannot be read at all."""

    certificate: Json
    faults: tuple[Fault, ...]
    origin: bool
    """The signature is by the issuer whose published key was given."""
    uncovered: tuple[str, ...] = ()
    """Files in the directory of which the certificate says nothing."""

    @property
    def whole(self) -> bool:
        """Nothing is wrong."""
        return not self.faults

    @property
    def rehearsal(self) -> bool:
        """Integrity and not origin: the TEST key signed, or it is not known who did."""
        return bool(self.certificate.get("rehearsal", True))


def verify(directory: Path, *, at_ms: int | None = None, published: str = "") -> Verified:
    """Check everything. ``published``: the issuer's public key in Base64, from a source other than the bundle.
    ``at_ms``: the moment at which it has to be in force; None asks only whether it is what was signed.

    Raises:
        FileFault: the directory holds no certificate at all.
    """
    path = directory / CERTIFICATE
    if not path.is_file():
        raise FileFault(
            f"{directory}: no {CERTIFICATE}; give the directory that --report wrote 请给出--report写出的目录"
        )
    raw = path.read_bytes()
    document = _read(raw)
    if isinstance(document, Fault):
        return Verified(certificate={}, faults=(document,), origin=False)
    certificate = document["certificate"]
    held = {one["name"]: _bytes(directory / one["name"]) for one in certificate["parts"]}
    faults = (
        *_signature(document, published),
        *_parts(certificate, held),
        *_trace(certificate, held),
        *_told_alike(certificate, held),
        *(() if at_ms is None else _dates(certificate, at_ms)),
    )
    listed = {CERTIFICATE, *held}
    return Verified(
        certificate=certificate,
        faults=faults,
        origin=bool(published) and certificate["issuer"]["public_key"] == published,
        uncovered=tuple(sorted(one.name for one in directory.iterdir() if one.name not in listed)),
    )


def _read(raw: bytes) -> Json | Fault:
    try:
        document = jsontext.parse(raw)
    except jsontext.JsonError as fault:
        return _damaged(Both(f"不是JSON：{fault}", f"is not JSON: {fault}"))
    if jsontext.canonical(document) + b"\n" != raw:
        return _damaged(Both("不是规范格式，签名之后被改动过", "is not canonical: it was altered after it was signed"))
    misses = loader.document("suite/certificate.json").check(document)
    if misses or not isinstance(document, Mapping):
        return _damaged(Both(f"{misses[0].path}：{misses[0].zh}", f"{misses[0].path}: {misses[0].en}"))
    return document


def _damaged(what: Both) -> Fault:
    return Fault(part=CERTIFICATE, what=what)


def _signature(document: Json, published: str) -> Iterator[Fault]:
    certificate = document["certificate"]
    public = certificate["issuer"]["public_key"]
    if not issuer.holds(public, jsontext.canonical(certificate), document["signature"]):
        yield _damaged(Both("签名验证不通过，内容被改动过", "the signature does not verify: the content was altered"))
    if published and public != published:
        yield Fault(
            part=CERTIFICATE,
            what=Both("不是由所给公钥的出具方签署", "was not signed by the issuer whose key you gave"),
            remedy=Both("核对出具方公布的公钥", "compare with the key the issuer has published"),
        )
    if issuer.is_test(public) and not certificate["rehearsal"]:
        yield _damaged(Both("用测试密钥签署却自称正式", "signed with the TEST key, yet says it is no rehearsal"))


def _parts(certificate: Json, held: Mapping[str, bytes | None]) -> Iterator[Fault]:
    for part in certificate["parts"]:
        name, raw = part["name"], held[part["name"]]
        if raw is None:
            yield Fault(part=name, what=Both("文件缺失", "is missing"))
        elif len(raw) < part["size"]:
            less = part["size"] - len(raw)
            yield Fault(part=name, what=Both(f"被截断，少{less}字节", f"is cut off: {less} bytes are missing"))
        elif sha256(raw) != part["sha256"]:
            yield Fault(part=name, what=Both("与证书中的摘要不符，被改动过", "was altered: its digest is another one"))


def _trace(certificate: Json, held: Mapping[str, bytes | None]) -> Iterator[Fault]:
    if (raw := held.get(TRACE)) is None:
        return
    try:
        digest, lines = chain.root(raw)
    except chain.ChainFault as fault:
        yield Fault(part=TRACE, what=fault.both)
        return
    if {"digest": digest, "lines": lines} != certificate["trace"]:
        yield Fault(part=TRACE, what=Both("不是证书所说的记录", "is not the trace of which the certificate speaks"))


def _told_alike(certificate: Json, held: Mapping[str, bytes | None]) -> Iterator[Fault]:
    """The books are those of the evidence, the results those of the certificate."""
    try:
        records = [_object(line) for line in (held.get(EVIDENCE) or b"").splitlines()]
        told, results = books(records), _object(held.get(RESULTS) or b"{}")
    except (jsontext.JsonError, KeyError, TypeError):
        return  # its digest says already that it was altered
    for name in (TRACE, LEDGER, BELIEFS):
        if held.get(name) not in (None, told[name]):
            what = Both(f"与{EVIDENCE}说的不一样", f"does not tell what {EVIDENCE} tells")
            yield Fault(part=name, what=what)
    said = {name: results.get(name) for name in ("overall", "partial", "counts")}
    alike = said == certificate["verdict"] and results.get("class", certificate["class"]) == certificate["class"]
    if held.get(RESULTS) is not None and not alike:
        yield Fault(part=RESULTS, what=Both("与证书的结论不一样", "does not say what the certificate says"))


def _dates(certificate: Json, at_ms: int) -> Iterator[Fault]:
    try:
        issued_ms, expires_ms = _ms(certificate["issued"]), _ms(certificate["expires"])
    except ValueError:
        yield _damaged(Both("日期不存在", "names a day that does not exist"))
        return
    if at_ms >= expires_ms:
        yield Fault(
            part=CERTIFICATE,
            what=Both(f"已于{certificate['expires']}过期", f"expired at {certificate['expires']}"),
            remedy=Both("用现行版次重新运行", "run again with the edition now in force"),
        )
    if at_ms < issued_ms:
        yield Fault(
            part=CERTIFICATE,
            what=Both(f"出具时间{certificate['issued']}在将来", f"is issued in the future, at {certificate['issued']}"),
            remedy=Both("检查本机时钟", "check the clock of this machine"),
        )


def _ms(moment: str) -> int:
    return timegm(datetime.fromisoformat(moment).utctimetuple()) * 1000


def _object(raw: bytes) -> dict[str, Any]:
    document = jsontext.parse(raw)
    if not isinstance(document, dict):
        raise TypeError("not an object")
    return document


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None
