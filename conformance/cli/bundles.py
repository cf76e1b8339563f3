"""Verbs for a bundle that a run left behind: verify, rejudge, diff, and the key of an issuer. All offline."""

import time
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from conformance.bundle import issuer, mutation
from conformance.bundle.parts import CERTIFICATE
from conformance.bundle.reading import saved
from conformance.bundle.rejudging import Change, Difference, changes, differences, rejudge
from conformance.bundle.verifying import Fault, Verified
from conformance.bundle.verifying import verify as verified
from conformance.cli.options import console
from conformance.findings import UNSAID, Both
from conformance.report import words

Bundle = Annotated[Path, typer.Argument(help="Directory that --report wrote 报告目录")]
ALTERED = 1


def verify(
    bundle: Bundle,
    issuer_public: Annotated[
        Path | None, typer.Option("--issuer", help="File with the public key the issuer has published 出具方公钥")
    ] = None,
) -> None:
    """Is a bundle whole, and from whom? Offline; exit code 0 whole, 1 not, 3 no bundle. 校验证据包。"""
    published = issuer.read_public(issuer_public).to_base64() if issuer_public else ""
    found = verified(bundle, at_ms=time.time_ns() // 1_000_000, published=published)
    _say(_origin(found), "yellow" if found.rehearsal or not found.origin else "green")
    if found.certificate:
        _say(_about(found), "bold")
        _say(words.CLASS[found.certificate["class"]], "dim")
        _say(_proved(found), "dim")
    _name(found.faults)
    for name in found.uncovered:
        _say(Both(f"证书未涵盖{name}", f"the certificate says nothing of {name}"), "yellow")
    if found.whole:
        _say(Both("完整，未被改动", "whole and unaltered"), "green")
    raise typer.Exit(0 if found.whole else ALTERED)


def rejudge_bundle(
    bundle: Bundle,
    edition: Annotated[str, typer.Option(help="Judge by another edition 换一个版次")] = "",
) -> None:
    """Draw the verdict again from the saved evidence: the printed one, or what differs. Offline. 重新判定。

    Exit code 0 when the verdict is the printed one, else 1; under another edition that of the new verdict.
    Evidence that verify refuses is judged all the same, and ends with 1.
    """
    evidence, unaltered = saved(bundle), _unaltered(bundle)
    verdict = rejudge(evidence, edition)
    said = words.OVERALL[verdict.overall]
    _say(words.CLASS[evidence.made_by], "dim")
    counted = " · ".join(f"{words.OUTCOME[name].zh} {name} {number}" for name, number in verdict.counts().items())
    console.print(f"[bold]{verdict.edition}: {said.zh} / {said.en}[/]  {counted}")
    found = differences(evidence, verdict)
    for one in found:
        _show(one)
    if not found:
        _say(Both("与当时的结论一致", "the same verdict as printed"), "green")
    other = bool(edition) and edition != evidence.results["edition"]
    code = verdict.exit_code if other else int(bool(found))
    raise typer.Exit(code if unaltered else max(code, ALTERED))


def diff(bundle: Bundle, edition: Annotated[str, typer.Option(help="The other edition 另一版次")]) -> None:
    """What would change for this channel under another edition, by the saved evidence. 换版次会有什么变化。

    Exit code: that of the verdict under the other edition; at least 1 when verify refuses the evidence.
    """
    evidence, unaltered = saved(bundle), _unaltered(bundle)
    verdict = rejudge(evidence, edition)
    found = changes(evidence, verdict)
    for one in found:
        _changed(one)
    then, now = words.OVERALL[evidence.results["overall"]], words.OVERALL[verdict.overall]
    console.print(f"\n{evidence.results['edition']}: {then.zh} / {then.en} → [bold]{edition}: {now.zh} / {now.en}[/]")
    if any(one.now == "untested" for one in found):
        _say(Both("未能验证的要求须重新运行", "what is untested needs a new run"), "yellow")
    raise typer.Exit(verdict.exit_code if unaltered else max(verdict.exit_code, ALTERED))


def new_issuer_key(
    file: Annotated[Path, typer.Argument(help="Where to write it; nobody but its owner may read it 私钥文件")],
) -> None:
    """Make an issuer's key, and print the public half to be published. 生成出具方密钥。"""
    public = issuer.make(file)
    console.print(public.to_base64())


def _unaltered(bundle: Path) -> bool:
    """Whether the evidence is what was signed; says what is not. A bundle past its day still is."""
    if not (bundle / CERTIFICATE).is_file():
        _say(
            Both("没有证书，无从得知证据是否被改动", "no certificate: nothing says whether this was altered"), "yellow"
        )
        return True
    found = verified(bundle)
    _name(found.faults)
    if found.faults:
        _say(Both("以下结论出自被改动过的证据", "what follows is drawn from altered evidence"), "yellow")
    return found.whole


def _name(faults: Iterable[Fault]) -> None:
    for fault in faults:
        console.print(f"[red]✗[/] {fault.part} {escape(fault.what.zh)}；{fault.remedy.zh}")
        console.print(f"  {fault.part} {escape(fault.what.en)}; {fault.remedy.en}")


def _origin(found: Verified) -> Both:
    if found.rehearsal:
        return words.REHEARSAL
    if found.origin:
        return Both("由所给公钥的出具方签署", "signed by the issuer whose key you gave")
    return words.WHO_SIGNED


def _about(found: Verified) -> Both:
    subject, verdict = found.certificate["subject"], words.OVERALL[found.certificate["verdict"]["overall"]]
    name = f"{subject['vendor']} {subject['product']} {subject['version']} · {found.certificate['edition']['name']}"
    if found.certificate["certifies"]:
        return Both(f"{name}：{verdict.zh}，构成证书", f"{name}: {verdict.en}; it certifies")
    return Both(f"{name}：{verdict.zh}，不构成证书", f"{name}: {verdict.en}; it does not certify")


def _proved(found: Verified) -> Both:
    """How good the suite is at catching what is broken."""
    score = found.certificate["mutation"]
    if score is None:
        return Both("本版次没有变异得分", "no mutation score of this edition")
    parts = [_scored(mode, one) for mode, one in mutation.by_mode(score).items()]
    return Both(
        f"变异得分 {' · '.join(one.zh for one in parts)}", f"mutation score {' · '.join(one.en for one in parts)}"
    )


def _scored(mode: str, score: dict[str, Any]) -> Both:
    stale = UNSAID if score["current"] else Both("（要求其后有改动）", " (the requirements have changed since)")
    counted, unseen = f"{score['caught']}/{score['mutants']}", score.get("unseen", 0)
    beyond = Both(f"（另有{unseen}个看不到）", f" ({unseen} more are out of sight)") if unseen else UNSAID
    return Both(f"{mode} {counted}{beyond.zh}{stale.zh}", f"{mode} {counted}{beyond.en}{stale.en}")


def _show(one: Difference) -> None:
    what = one.what or "结论 / verdict"
    console.print(f"[yellow]≠[/] {escape(what)}")
    console.print(f"    当时 / before: {escape(one.before or '–')}\n    现在 / now:    {escape(one.now or '–')}")


def _changed(one: Change) -> None:
    before, now = (words.OUTCOME[name] if name else words.NOT_ASKED for name in (one.before, one.now))
    console.print(f"[bold]{one.id}[/]  {before.zh} → {now.zh} / {before.en} → {now.en}")
    console.print(f"    {escape(one.text.zh)}\n    {escape(one.text.en)}")
    if one.why.en:
        console.print(f"    [yellow]{escape(one.why.zh)} / {escape(one.why.en)}[/]")


def _say(both: Both, style: str) -> None:
    console.print(f"[{style}]{escape(both.zh)} / {escape(both.en)}[/]")
