"""A person's code is read once: 6101 through the gateway, ec.query by the scanner, and the token it yields checked."""

from typing import Any

import pytest

from tests.simulator.shop import Shop, a_platform
from tests.simulator.test_bad_input import Json, truth

EVOUCHER = "/localcfc/api/hsecfc"
TOKEN_CHECK = f"{EVOUCHER}/localEcTokenCheck"
MINUTE_MS = 60_000


@pytest.fixture
def shop() -> Shop:
    opened = Shop(a_platform(), courier="manual")
    opened.sign_in()
    return opened


def shown(shop: Shop, name: str = "测试甲") -> str:
    return str(shop.act("/person/show_code", {"psn_no": shop.person(name)["psn_no"]})["qr"])


def asking(shop: Shop, qr: str, **changes: object) -> Json:
    about = {
        "orgId": shop.org, "businessType": "02121", "operatorId": "0001", "operatorName": "测试员", "officeId": "01",
        "officeName": "药店", "qrCode": qr, **changes,
    }  # fmt: skip
    return {"InData": {name: value for name, value in about.items() if value is not ...}}


def checked(shop: Shop, person: Json, ec_token: str, **changes: object) -> Any:
    data = {"ecToken": ec_token, "idType": "01", "idNo": person["certno"], "userName": person["psn_name"], **changes}
    return shop.to(TOKEN_CHECK, data).data["flag"]


def test_6101_tells_who_it_is_and_yields_a_token_that_pays(shop: Shop) -> None:
    person = shop.person()
    told = shop.institution("6101", asking(shop, shown(shop)))
    assert told["infcode"] == 0, told
    out = told["output"]["OutData"]
    assert (out["idNo"], out["userName"], out["insuOrg"]) == (person["certno"], person["psn_name"], "110100")
    assert checked(shop, person, out["ecToken"]) == "1"
    basket = shop.basket(person, "")
    told = shop.sealed("6201", basket | {"ecToken": out["ecToken"]})
    assert told.data and told.data["payOrdId"]


WRONG = [
    pytest.param({"orgId": ...}, "schema_miss", "orgId", id="a missing field"),
    pytest.param({"operatorName": "员" * 31}, "schema_miss", "operatorName", id="an over-long value"),
    pytest.param({"businessType": "99999"}, "schema_miss", "businessType", id="a wrong code"),
    pytest.param({"orgId": ["x"]}, "schema_miss", "orgId", id="a wrong type"),
    pytest.param({"orgId": "P99999999999"}, "foreign_institution", "orgId", id="a foreign institution"),
    pytest.param({"qrCode": "QR-OF-NOBODY"}, "unknown_qr", "qrCode", id="a code of nobody"),
    pytest.param({"qrCode": None}, "unknown_qr", "qrCode", id="no code at all"),
]


@pytest.mark.parametrize(("change", "rule", "field"), WRONG)
def test_a_wrong_6101_is_refused_by_its_rule_and_changes_nothing(
    shop: Shop, change: Json, rule: str, field: str
) -> None:
    qr = shown(shop)
    before = truth(shop)
    told = shop.institution("6101", asking(shop, qr, **change))
    last = shop.journal()[-1]
    assert (told["infcode"], told["output"]) == (-1, None)
    assert (last["refusal"]["rule"], last["refusal"]["field"]) == (rule, field) and field in told["err_msg"]
    assert truth(shop) == before
    assert shop.institution("6101", asking(shop, qr))["infcode"] == 0


def test_a_code_is_read_once_and_within_its_minute_by_whichever_door(shop: Shop) -> None:
    qr, late = shown(shop), shown(shop)
    assert shop.institution("6101", asking(shop, qr))["infcode"] == 0
    shop.institution("6101", asking(shop, qr))
    assert shop.journal()[-1]["refusal"]["rule"] == "qr_used"
    shop.act("/clock", {"advance_ms": MINUTE_MS + 1})
    shop.institution("6101", asking(shop, late))
    assert shop.journal()[-1]["refusal"]["rule"] == "qr_expired"


def test_no_code_and_no_token_is_readable_in_the_journal(shop: Shop) -> None:
    qr = shown(shop)
    told = shop.institution("6101", asking(shop, qr))
    line = str(shop.journal()[-1])
    assert qr not in line and told["output"]["OutData"]["ecToken"] not in line


STRANGE = [
    pytest.param({"userName": "别人"}, id="another name"),
    pytest.param({"idNo": "990000199901010000"}, id="another number"),
    pytest.param({"idType": "02"}, id="another kind of document"),
    pytest.param({"ecToken": "F" * 36}, id="a token of nobody"),
]


@pytest.mark.parametrize("change", STRANGE)
def test_a_token_check_says_no_without_a_reason(shop: Shop, change: Json) -> None:
    token = shop.institution("6101", asking(shop, shown(shop)))["output"]["OutData"]["ecToken"]
    assert checked(shop, shop.person(), token, **change) == "0"


def test_a_token_is_not_good_when_its_time_is_over_or_at_a_shop_of_others() -> None:
    platform = a_platform()
    orgs = [one["fixmedins_code"] for one in Shop(platform, "look").act("/institutions", method="GET")["institutions"]]
    shop = Shop(platform, channels=[{"name": "a", "orgs": orgs[:1]}, {"name": "b", "orgs": orgs[1:2]}])
    shop.sign_in()
    token = shop.institution("6101", asking(shop, shown(shop)))["output"]["OutData"]["ecToken"]
    other = shop.twin(1)
    assert (checked(shop, shop.person(), token), checked(other, shop.person(), token)) == ("1", "0")
    shop.act("/clock", {"advance_ms": 31 * MINUTE_MS})
    assert checked(shop, shop.person(), token) == "0"


@pytest.mark.parametrize(
    ("change", "field"), [({"ecToken": ""}, "ecToken"), ({"idNo": "9" * 65}, "idNo"), ({"userName": 5}, "userName")]
)
def test_a_wrong_token_check_is_refused_naming_the_field(shop: Shop, change: Json, field: str) -> None:
    data = {"ecToken": "T", "idType": "01", "idNo": "1", "userName": "测试甲", **change}
    assert field in shop.to(TOKEN_CHECK, data).message
    assert shop.journal()[-1]["refusal"]["rule"] == "schema_miss"
