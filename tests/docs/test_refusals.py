"""The page of refusals: every rule as the platform words it, and the order in which a wrong message meets them."""

import base64
import re
from pathlib import Path

import pytest

from simulator.refusal import TABLE
from simulator.wire.errors import RULES
from tests.simulator.shop import PATHS, Json, Shop, a_platform
from tests.simulator.test_bad_input import edited

DOCS = Path(__file__).resolve().parents[2] / "docs"
ROW = re.compile(r"^\| `(\w+)` \| (\d+) \| ([^|]+) \| ([^|]*?) ?\|$", re.MULTILINE)


def published(language: str) -> list[tuple[str, ...]]:
    return ROW.findall((DOCS / language / "refusals.md").read_text(encoding="utf-8"))


@pytest.fixture
def shop() -> Shop:
    opened = Shop(a_platform(), courier="manual", switches={"plain": False})
    opened.sign_in()
    return opened


def rule(shop: Shop) -> str:
    return str(shop.journal()[-1]["refusal"]["rule"])


def in_order(met: list[str]) -> bool:
    """Whether these rules stand on the page one below the other."""
    order = [name for name, *_ in published("en")]
    places = [order.index(name) for name in met]
    return len(set(met)) == len(met) and places == sorted(places)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_lists_every_refusal_in_its_order(language: str) -> None:
    outer = [(name, "400", texts[language == "en"].replace("|", "/"), "") for name, texts in RULES.items()]
    inner = [
        (name, str(row.code), str(getattr(row, language)), str(getattr(row, f"way_{language}")))
        for name, row in TABLE.items()
    ]
    assert published(language) == outer + inner, f"write what changed into docs/{language}/refusals.md"


def test_a_sealed_frame_wrong_in_every_way_is_put_right_one_way_at_a_time(shop: Shop) -> None:
    order = shop.uploaded()
    good = shop.frame("6202", shop.placing(order))
    stale = shop.frame("6202", shop.placing(order), timestamp="20240101000000")
    noise = base64.b64encode(bytes(64)).decode()
    wrong: Json = {
        "appId": "NOBODY", "signType": "RSA", "version": "9", "timestamp": "never", "signData": "?", "encData": "zz",
    }  # fmt: skip
    met = []
    shop.post(PATHS["6202"], b"?")
    met.append(rule(shop))
    shop.post(PATHS["6202"], b"[]")
    met.append(rule(shop))
    rights = (
        {}, {"appId": shop.told["appId"], "encType": "DES"}, {"encType": "SM4"}, {"signType": "SM2"},
        {"version": "2.0.1"}, {"timestamp": "20240101000000"}, {"signData": noise, "encData": "0" * 32},
    )  # fmt: skip
    for right in rights:
        wrong |= right
        shop.post(PATHS["6202"], edited(stale, **wrong))
        met.append(rule(shop))
    shop.post(PATHS["6202"], edited(stale, signData=noise))
    met.append(rule(shop))
    shop.post(PATHS["6202"], stale)
    met.append(rule(shop))
    assert met == [
        "not_json", "not_object", "unknown_app", "unsupported_enc_type", "unsupported_sign_type", "bad_version",
        "bad_timestamp", "bad_encoding", "bad_ciphertext", "bad_signature", "stale_timestamp",
    ]  # fmt: skip
    assert in_order(met)
    shop.post(PATHS["6202"], good)
    assert shop.journal()[-1]["outcome"] == "ok"


def peeled(shop: Shop, code: str, good: Json, faults: list[tuple[str, object]]) -> list[str]:
    """The rules met by a message with all these faults, then without the first, and so on; at last it is taken."""
    met = []
    for at in range(len(faults)):
        shop.sealed(code, good | dict(reversed(faults[at:])))
        met.append(rule(shop))
    assert shop.sealed(code, good).data
    return met


def test_a_6201_wrong_in_every_way_is_put_right_one_way_at_a_time(shop: Shop) -> None:
    person = shop.person()
    good = shop.basket(person, shop.consent(person))
    (line,) = good["feedetailList"]
    faults: list[tuple[str, object]] = [
        ("orgCodg", "P99999999999"), ("feeType", "77"), ("psnNo", "99000000000000009999"), ("userName", "别人"),
        ("insutype", "390"), ("medfeeSumamt", "39.61"), ("feedetailList", [{**line, "medListCodg": "XX"}]),
        ("payAuthNo", "AUTH0"),
    ]  # fmt: skip
    met = peeled(shop, "6201", good, faults)
    assert met == [
        "foreign_institution", "schema_miss", "unknown_person", "identity_mismatch", "insutype_wrong", "total_mismatch",
        "unknown_drug", "consent_unknown",
    ]  # fmt: skip
    assert in_order(met)


def test_a_6202_wrong_in_every_way_is_put_right_one_way_at_a_time(shop: Shop) -> None:
    order = shop.placed()
    good = shop.placing(order)
    used = order["basket"]["medOrgOrd"]
    faults: list[tuple[str, object]] = [
        ("payToken", "TKN0"), ("orgBizSer", used), ("chrgBchno", "OTHER"), ("mdtrtId", "OTHER"), ("payAuthNo", "AUTH0"),
    ]  # fmt: skip
    met = peeled(shop, "6202", good, faults)
    assert met == ["unknown_order", "biz_ser_used", "chrg_bchno_differs", "mdtrt_id_differs", "consent_unknown"]
    assert in_order(met)
