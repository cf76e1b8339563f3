"""The bundle: what it holds, what the certificate says, and the chain of the trace."""

import sys
from pathlib import Path

import pytest

from conformance.bundle import chain, fingerprints, mutation, volatile
from conformance.bundle.certificate import load_result
from conformance.bundle.issuer import make, read_private, read_public
from conformance.bundle.mutation import Trial
from conformance.bundle.parts import books
from conformance.cli.simulating import simulator
from conformance.suite.session import Order, prepare
from schemas import jsontext, loader
from schemas.tomlfile import FileFault
from tests.conformance.bundle_lab import DAY_MS, ISSUED_MS, ISSUER, bundle, certificate, certified

ALIKE = ("refund/refund/everything", "notice/inbox/genuine", "counter/sale/known-sale")


def test_every_part_is_written_and_stands_in_the_certificate(tmp_path: Path) -> None:
    bundle(tmp_path)
    listed = {part["name"]: part["size"] for part in certificate(tmp_path)["parts"]}
    written = {path.name: path.stat().st_size for path in tmp_path.iterdir() if path.name != "certificate.json"}
    assert written == listed
    assert set(listed) == {
        "results.json", "junit.xml", "report.html", "trace.jsonl", "ledger.jsonl", "beliefs.jsonl", "evidence.jsonl",
    }  # fmt: skip


def test_the_certificate_fits_its_schema_and_is_canonical(tmp_path: Path) -> None:
    raw = (bundle(tmp_path) / "certificate.json").read_bytes()
    document = jsontext.parse(raw)
    assert loader.document("suite/certificate.json").check(document) == []
    assert jsontext.canonical(document) + b"\n" == raw


def test_the_certificate_counts_what_was_observed_and_names_who_made_it(tmp_path: Path) -> None:
    told = certificate(bundle(tmp_path, build_digest="sha256:TEST"))
    verdict, run = certified()
    assert told["observations"] == {row.requirement.id: row.held for row in verdict.judged}
    assert min(told["observations"].values()) > 0
    assert told["subject"]["product"] == run.hello["product"] and told["subject"]["build_digest"] == "sha256:TEST"
    assert told["suite"]["digests"]["conformance"] == fingerprints.package("conformance")
    assert "NHSA" in told["notice"]["en"] or "National Healthcare Security" in told["notice"]["en"]
    assert told["issued"] == "2026-03-02T08:00:00+08:00" and told["expires"] == "2026-08-29T08:00:00+08:00"


@pytest.mark.parametrize(
    ("given", "rehearsal"),
    [({}, True), ({"exam": True}, True), ({"key": ISSUER}, True), ({"key": ISSUER, "exam": True}, False)],
    ids=["test key", "test key, exam", "issuer's key, rehearsal", "issuer's key, exam"],
)
def test_only_an_exam_under_an_issuers_own_key_is_no_rehearsal(tmp_path: Path, given: dict, rehearsal: bool) -> None:
    told = certificate(bundle(tmp_path, **given))
    assert told["rehearsal"] is rehearsal
    assert ("REHEARSAL" in (tmp_path / "report.html").read_text(encoding="utf-8")) is rehearsal


def test_a_partial_run_certifies_nothing(tmp_path: Path) -> None:
    told = certificate(bundle(tmp_path, key=ISSUER, exam=True))
    assert told["verdict"]["partial"] and not told["certifies"]


def test_a_load_result_goes_with_the_bundle(tmp_path: Path) -> None:
    given = tmp_path / "given.json"
    given.write_text('{"exit_code": 0, "violations": 0, "orders": {"counted": 15000}}', encoding="utf-8")
    told = certificate(bundle(tmp_path / "bundle", load=load_result(given)))
    assert (told["load"]["orders"], told["load"]["violations"]) == (15000, 0)
    assert (tmp_path / "bundle" / "load.json").read_bytes() == given.read_bytes()


@pytest.mark.parametrize("content", ["{}", "[]", "no JSON", '{"exit_code": "x", "violations": 0, "orders": {}}'])
def test_what_is_no_load_result_is_refused_before_anything_runs(tmp_path: Path, content: str) -> None:
    (tmp_path / "load.json").write_text(content, encoding="utf-8")
    with pytest.raises(FileFault, match="yibao-load"):
        load_result(tmp_path / "load.json")


def test_the_same_seed_gives_the_same_books_to_the_byte() -> None:
    certified.cache_clear()
    first = books(one.record for one in certified()[1].evidence.values())
    certified.cache_clear()
    second = books(one.record for one in certified()[1].evidence.values())
    assert first == second


def test_two_certificates_of_the_same_run_differ_in_their_date_and_signature_alone(tmp_path: Path) -> None:
    one, other = certificate(bundle(tmp_path / "1")), certificate(bundle(tmp_path / "2", at_ms=ISSUED_MS + DAY_MS))
    differing = {name for name in one if one[name] != other[name]}
    assert differing == {*volatile.CERTIFICATE, "parts"}
    parts = zip(one["parts"], other["parts"], strict=True)
    assert {part["name"] for part, again in parts if part != again} == {"results.json", "report.html"}


def over_http(notes: Path) -> dict[str, list[object]]:
    """The books of a channel in a process of its own, on a simulator of its own, without what is volatile."""
    with simulator() as (address, token):
        adapter = f"{sys.executable} -m conformance.channels.reference --driver --notes {notes} --timeout-ms 1000"
        order = Order(channel=f"command:{adapter}", simulator=address, control_token=token, only=ALIKE)
        prepared = prepare(order)
        try:
            prepared.finish()
            written = books(one.record for one in prepared.run().evidence.values())
        finally:
            prepared.certification.close()
    return {
        name: [volatile.settled(jsontext.parse(line)) for line in written[name].splitlines()]
        for name in ("trace.jsonl", "ledger.jsonl", "beliefs.jsonl")
    }


@pytest.mark.slow
def test_over_http_the_same_seed_gives_the_same_books_apart_from_what_is_listed(tmp_path: Path) -> None:
    assert over_http(tmp_path / "first.sqlite") == over_http(tmp_path / "second.sqlite")


class TestChain:
    """Every line carries the digest of the one before it."""

    ROWS = ({"seq": 1}, {"seq": 2}, {"seq": 3})

    def test_a_chain_holds_and_counts_its_lines(self) -> None:
        assert chain.root(chain.chained(self.ROWS)) == chain.closing(chain.chained(self.ROWS))
        assert chain.root(chain.chained(self.ROWS))[1] == 3

    def test_an_empty_trace_has_a_root_too(self) -> None:
        assert chain.root(chain.chained([]))[1] == 0

    @pytest.mark.parametrize(
        ("change", "told"),
        [
            (lambda lines: lines[:1] + lines[2:], "line 2"),
            (lambda lines: [lines[1], lines[0], *lines[2:]], "line 1"),
            (lambda lines: [lines[0], lines[1].replace(b'"seq":2', b'"seq":9'), *lines[2:]], "line 3"),
            (lambda lines: lines[:-1], "closing line is missing"),
            (lambda lines: [*lines, lines[0]], "after the closing line"),
            (lambda lines: [*lines[:-1], lines[-1].replace(b'"count":3', b'"count":4')], "counts 4"),
            (lambda lines: [lines[0], b"{", *lines[2:]], "line 2 is not JSON"),
        ],
        ids=["removed", "swapped", "altered", "cut off", "added", "miscounted", "garbled"],
    )
    def test_a_broken_chain_says_where(self, change, told: str) -> None:
        lines = chain.chained(self.ROWS).splitlines()
        with pytest.raises(chain.ChainFault, match=told):
            chain.root(b"\n".join(change(lines)) + b"\n")


class TestIssuerKey:
    """A key is given in a file and never overwritten."""

    def test_a_made_key_is_for_its_owner_alone_and_can_be_read(self, tmp_path: Path) -> None:
        public = make(tmp_path / "key")
        assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
        assert read_private(tmp_path / "key").public == public
        (tmp_path / "public").write_text(public.to_base64() + "\n", encoding="ascii")
        assert read_public(tmp_path / "public") == public

    def test_a_key_is_never_overwritten(self, tmp_path: Path) -> None:
        make(tmp_path / "key")
        with pytest.raises(FileFault, match="never overwritten"):
            make(tmp_path / "key")

    @pytest.mark.parametrize("content", [b"", b"not base64!", "密钥".encode(), b"AAAA"])
    def test_what_is_no_key_is_refused_with_the_name_of_the_file(self, tmp_path: Path, content: bytes) -> None:
        (tmp_path / "key").write_bytes(content)
        with pytest.raises(FileFault, match="key"):
            read_private(tmp_path / "key")


def test_a_mutant_counts_in_every_area_in_which_something_must_fall() -> None:
    told = mutation.score([
        Trial(frozenset({"unknown/order/a", "refund/refund/b"}), True),
        Trial(frozenset({"unknown/order/c"}), False),
    ])  # fmt: skip
    assert (told["mutants"], told["caught"]) == (2, 1)
    assert told["areas"] == {"refund": {"mutants": 1, "caught": 1}, "unknown": {"mutants": 2, "caught": 1}}


class TestScores:
    """One file per edition, a score for each way to reach a channel."""

    CAUGHT = (Trial(frozenset({"unknown/order/a"}), True),)

    @pytest.fixture(autouse=True)
    def elsewhere(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(mutation, "place", lambda edition: tmp_path / f"{edition}.json")

    def test_another_mode_stands_beside_the_one_in_process(self) -> None:
        mutation.write("2026.0", self.CAUGHT * 3, seed=1)
        mutation.write("2026.0", self.CAUGHT, seed=1, mode="command")
        mutation.write("2026.0", self.CAUGHT * 2, seed=2)
        told = mutation.read("2026.0")
        assert told is not None
        assert (told["driving"], told["mutants"], told["seed"], told["current"]) == ("in_process", 2, 2, True)
        assert {mode: (one["mutants"], one["current"]) for mode, one in told["modes"].items()} == {"command": (1, True)}

    def test_people_read_it_by_area_and_mode(self) -> None:
        mutation.write("2026.0", self.CAUGHT * 3, seed=1)
        mutation.write("2026.0", (Trial(frozenset({"wire/a/b"}), False),), seed=1, mode="observed", unseen=2)
        told = mutation.read("2026.0")
        assert told is not None
        assert told["modes"]["observed"]["unseen"] == 2
        assert mutation.table(told) == (
            ("", "in_process", "observed"),
            ("", "3/3", "0/1"),
            ("unknown", "3/3", "–"),
            ("wire", "–", "0/1"),
        )
        assert (mutation.table(None), mutation.stale(None)) == ((), ())
        assert mutation.stale({**told, "modes": {"observed": {"current": False}}}) == ("observed",)

    def test_another_mode_does_not_come_first(self) -> None:
        with pytest.raises(FileFault, match="in process comes first"):
            mutation.write("2026.0", self.CAUGHT, seed=1, mode="command")

    def test_a_file_of_one_score_is_still_read(self) -> None:
        mutation.write("2026.0", self.CAUGHT, seed=1)
        old = jsontext.parse(mutation.place("2026.0").read_bytes())
        assert isinstance(old, dict)
        mutation.place("2026.0").write_bytes(jsontext.compact({k: v for k, v in old.items() if k != "modes"}))
        told = mutation.read("2026.0")
        assert told is not None
        assert told["modes"] == {}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_documents_list_every_field_that_may_differ(language: str) -> None:
    told = (Path(__file__).parents[2] / "docs" / language / "certificate.md").read_text(encoding="utf-8")
    assert [name for name in volatile.BOOKS | volatile.CERTIFICATE if f"`{name}`" not in told] == []
