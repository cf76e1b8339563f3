"""9101 and 9102: a file in by either form, out as bytes, and nobody else's file is anybody's business."""

from base64 import b64encode
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from schemas import jsontext
from simulator.edge import answering
from tests.simulator.shop import INSTITUTION_PATH, Shop, a_platform
from tests.simulator.test_bad_input import truth
from tests.simulator.test_edge import served
from tests.simulator.till import Till, zipped

Json = dict[str, Any]
CONTENT = zipped([("110100S1", "110100G1", "99000000000000000101", "19.80", "0.00", "19.80", "0")])
AWKWARD = bytes(range(256)) + b"\r\n--BOUNDARY" + b"\r\n\r\n" + CONTENT + b"\r\n"
"""Every byte, line ends, and something that looks like a boundary."""


@pytest.fixture
def till() -> Till:
    shop = Shop(a_platform(), courier="manual")
    shop.sign_in()
    return Till(shop)


def sending(shop: Shop, sent: object, **node: object) -> Json:
    return {"fsUploadIn": {"in": sent, "filename": "list.zip", "fixmedins_code": shop.org, **node}}


def form(shop: Shop, content: bytes, *, part: str = "file", boundary: str = "XyZ") -> tuple[bytes, dict[str, str]]:
    """The multipart form of a 9101, with the envelope as text and the file beside it."""
    data = {"fsUploadIn": {"filename": "list.zip", "fixmedins_code": shop.org}}
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="jsonStr"\r\n\r\n'.encode()
    middle = (
        f'\r\n--{boundary}\r\nContent-Disposition: form-data; name="{part}"; filename="list.zip"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    ).encode()
    body = head + shop.institution_frame("9101", data) + middle + content + f"\r\n--{boundary}--\r\n".encode()
    return body, {**shop.gateway_headers(), "content-type": f'multipart/form-data; boundary="{boundary}"'}


def uploaded(raw: bytes) -> str:
    told = jsontext.parse(raw)
    assert isinstance(told, dict) and told["infcode"] == 0, told
    return str(told["output"]["file_qury_no"])


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(list(AWKWARD), id="an array of bytes"),
        pytest.param([byte - 256 if byte > 127 else byte for byte in AWKWARD], id="signed bytes, as Java prints them"),
        pytest.param(b64encode(AWKWARD).decode(), id="Base64"),
    ],
)
def test_a_file_comes_back_byte_for_byte(till: Till, sent: object) -> None:
    told = till.must("9101", sending(till.shop, sent))
    assert len(told["file_qury_no"]) <= 30 and told["dld_endtime"] == "2024-07-08 10:30:45"
    reply = till.fetch(told["file_qury_no"], told["filename"])
    assert (reply.status, reply.headers["content-type"]) == (200, "application/octet-stream")
    assert reply.body == AWKWARD


@pytest.mark.parametrize("part", ["file", "in"])
def test_a_form_is_the_same_message_with_the_file_beside_it(till: Till, part: str) -> None:
    body, headers = form(till.shop, AWKWARD, part=part)
    number = uploaded(till.shop.post(INSTITUTION_PATH, body, headers).body)
    assert till.fetch(number, "list.zip").body == AWKWARD


def test_forms_and_streams_pass_over_http_as_clients_send_them(till: Till) -> None:
    shop = till.shop
    envelope = shop.institution_frame("9101", sending(shop, "ignored"))
    with served(shop) as client:
        sent = client.post(
            f"/r/main{INSTITUTION_PATH}", headers=dict(shop.gateway_headers()),
            data={"jsonStr": envelope.decode()}, files={"file": ("list.zip", AWKWARD, "application/octet-stream")},
        )  # fmt: skip
        number = uploaded(sent.content)
        asked = {"file_qury_no": number, "filename": "list.zip", "fixmedins_code": shop.org}
        frame = shop.institution_frame("9102", {"fsDownloadIn": asked})
        got = client.post(f"/r/main{INSTITUTION_PATH}", headers=dict(shop.gateway_headers()), content=frame)
        assert (got.headers["content-type"], got.content) == ("application/octet-stream", AWKWARD)
        frame = shop.institution_frame("9102", {"fsDownloadIn": {**asked, "file_qury_no": "fsi/org/0"}})
        no = client.post(f"/r/main{INSTITUTION_PATH}", headers=dict(shop.gateway_headers()), content=frame)
    assert no.headers["content-type"] == "application/json;charset=utf-8" and no.json()["infcode"] == -1


def test_the_journal_tells_of_a_file_without_its_bytes(till: Till) -> None:
    for sent in (list(CONTENT), b64encode(CONTENT).decode()):
        number = till.must("9101", sending(till.shop, sent))["file_qury_no"]
        line = till.shop.journal()[-1]
        assert str(line["request"]["fsUploadIn"]["in"]).startswith("#") and line["answer"]["file_qury_no"] == number
    till.fetch(number, "list.zip")
    told = till.shop.journal()[-1]["answer"]
    assert told == {"file_qury_no": number, "filename": "list.zip", "size": len(CONTENT)}


@pytest.mark.parametrize("sent", ["", "not base64!", [], [256], [-129], ["80"], [1.5], [True], b64encode(b"").decode()])
def test_what_is_no_file_is_refused(till: Till, sent: object) -> None:
    before = truth(till.shop)
    told = till.shop.institution("9101", sending(till.shop, sent))
    assert told["infcode"] == -1 and "in" in told["err_msg"] and truth(till.shop) == before
    assert till.shop.journal()[-1]["refusal"]["rule"] in ("file_bytes", "schema_miss")


@pytest.mark.parametrize("owner", ["P99999999999", "plc"])
def test_a_file_is_uploaded_for_oneself_only(till: Till, owner: str) -> None:
    told = till.shop.institution("9101", sending(till.shop, [1], fixmedins_code=owner))
    assert told["infcode"] == -1 and "fixmedins_code" in told["err_msg"]
    assert till.shop.journal()[-1]["refusal"]["rule"] == "foreign_institution"


def test_another_institutions_file_is_as_good_as_unknown(till: Till) -> None:
    number = till.upload(CONTENT)
    mine, till.shop.org = till.shop.org, till.shop.told["orgCodgs"][1]
    till.shop.sign_in()
    for owner, rule in ((till.shop.org, "unknown_file"), ("plc", "unknown_file"), (mine, "foreign_institution")):
        reply = till.fetch(number, "list.zip", owner)
        told = jsontext.parse(reply.body)
        assert isinstance(told, dict) and told["infcode"] == -1
        assert reply.headers["content-type"] == "application/json;charset=utf-8"
        assert till.shop.journal()[-1]["refusal"]["rule"] == rule
    data = till.detail_data("2024-07-01", file_qury_no=number)
    assert till.shop.institution("3202", data)["infcode"] == -1


def test_a_file_is_kept_for_a_week(till: Till) -> None:
    number = till.upload(CONTENT)
    till.shop.act("/clock", {"advance_ms": 7 * 86_400_000})
    till.shop.sign_in()
    reply = till.fetch(number, "list.zip")
    assert "7 天" in reply.body.decode() and till.shop.journal()[-1]["refusal"]["rule"] == "file_expired"


def test_an_upload_that_is_sent_again_under_its_message_id_is_refused(till: Till) -> None:
    number = till.msgid()
    till.must("9101", sending(till.shop, [1, 2]), msgid=number)
    told = till.shop.institution("9101", sending(till.shop, [1, 2]), msgid=number)
    assert told["infcode"] == -1 and "msgid" in told["err_msg"]


def swapped(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    return lambda body: body.replace(old, new)


@pytest.mark.parametrize(
    ("spoil", "rule", "field"),
    [
        pytest.param(swapped(b'name="jsonStr"', b'name="json"'), "missing_field", "jsonStr", id="no text"),
        pytest.param(swapped(b'name="file"', b'name="other"'), "missing_field", "file", id="no file"),
        pytest.param(lambda body: body[:-12], "bad_form", "boundary", id="cut off"),
        pytest.param(lambda body: b"", "bad_form", "boundary", id="empty"),
        pytest.param(swapped(b"Content-Disposition", b"X"), "bad_form", "Content-Disposition", id="no names"),
        pytest.param(swapped(b'{"infno"', b'{"infno'), "not_json", "", id="a text that is not JSON"),
        pytest.param(lambda body: b"--XyZ\r\n\r\n" * 40 + body, "bad_form", "boundary", id="forty parts"),
    ],
)  # fmt: skip
def test_a_malformed_form_is_refused_in_the_institution_frame(
    till: Till, spoil: Callable[[bytes], bytes], rule: str, field: str
) -> None:
    body, headers = form(till.shop, CONTENT)
    reply = till.shop.post(INSTITUTION_PATH, spoil(body), headers)
    told = jsontext.parse(reply.body)
    assert isinstance(told, dict) and told["infcode"] == -1 and field in told["err_msg"]
    assert till.shop.journal()[-1]["refusal"]["rule"] == rule


def test_a_form_without_a_boundary_is_refused(till: Till) -> None:
    body, headers = form(till.shop, CONTENT)
    reply = till.shop.post(INSTITUTION_PATH, body, {**headers, "content-type": "multipart/form-data"})
    assert b"boundary" in reply.body and till.shop.journal()[-1]["refusal"]["rule"] == "bad_form"


def test_a_form_over_the_limit_is_not_read(till: Till) -> None:
    body, headers = form(till.shop, b"x" * answering.MAX_BODY_BYTES)
    with served(till.shop) as client:
        reply = client.post(f"/r/main{INSTITUTION_PATH}", headers=headers, content=body)
    assert reply.status_code == httpx.codes.REQUEST_ENTITY_TOO_LARGE


def test_a_stream_suffers_faults_like_any_answer(till: Till) -> None:
    number = till.upload(CONTENT)
    till.shop.act("/faults", {"name": "garbled_body", "match": {"code": "9102"}})
    cut = till.fetch(number, "list.zip").body
    assert cut != CONTENT and CONTENT.startswith(cut)
    assert till.fetch(number, "list.zip").body == CONTENT
