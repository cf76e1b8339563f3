"""A hook for Schemathesis: each generated message goes out in the name of a registered channel, signed and sealed.

A generator knows neither who it is nor what time it is, so its messages end at the door. This hook names the channel's
first institution, signs in, signs at the gateway or seals, and opens what comes back sealed so that the answer can be
held to its schema. The settings come from the environment, as `yibao-simulator room show --format env` prints them.

    SCHEMATHESIS_HOOKS=examples.signing_hook schemathesis run …

A value no channel could sign goes out as it was generated: what the platform makes of it is part of the question.
"""

import json
import os
import time
import urllib.request
from collections.abc import Mapping
from itertools import count
from typing import Any

import schemathesis
from schemathesis.core import NotSet

from schemas import jsontext
from simulator.wire import institution, sealed, tif
from simulator.wire.errors import WireError
from simulator.wire.sm2 import PrivateKey, PublicKey
from simulator.wire.timestamps import digits14

TOLD = {name.removeprefix("YIBAO_"): value for name, value in os.environ.items() if name.startswith("YIBAO_")}
ORG = TOLD["ORG_CODGS"].split(",")[0]
KEYS = sealed.Credentials(
    TOLD["APP_ID"],
    TOLD["APP_SECRET"],
    PrivateKey.from_base64(TOLD["CHANNEL_PRIVATE_KEY"]),
    PublicKey.from_base64(TOLD["PLATFORM_PUBLIC_KEY"]),
)
OPERATOR = "0001"
OURS = {"orgCodg": ORG, "orgId": ORG, "fixmedinsCode": ORG, "fixmedins_code": ORG}
"""Every name under which a message says which institution is meant."""
SMALLEST, LARGEST = 1e-40, 1e40
NUMBERS, ASKED = count(1), count()


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def outer(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The part of an institution frame that says who speaks: our shop, our operator, a number never used before."""
    msgid = institution.msgid(ORG, now_ms(), next(NUMBERS) % 10_000)
    return {**fields, "msgid": msgid, "fixmedins_code": ORG, "opter": OPERATOR, "sign_no": ""}


def gateway() -> dict[str, str]:
    return tif.headers(TOLD["TIF_PAASID"], TOLD["TIF_SECRET"], now_ms=now_ms(), nonce=str(next(NUMBERS)))


def sign_in() -> None:
    """9001, once: for the rest of the day the platform knows our operator."""
    frame = outer({
        "infno": "9001", "mdtrtarea_admvs": "110100", "insuplc_admdvs": "110100", "recer_sys_code": "MBS_LOCAL",
        "infver": "V1.0", "opter_type": "1", "opter_name": "测试员", "inf_time": time.strftime("%Y-%m-%d %H:%M:%S"),
        "fixmedins_name": "测试药店", "input": {"signIn": {"opter_no": OPERATOR, "mac": "00-00", "ip": "127.0.0.1"}},
    })  # fmt: skip
    address = f"{TOLD['BASE_URL']}/fsi/api/rsfComIfsService/callService"
    headers = {"content-type": "application/json", **gateway()}
    with urllib.request.urlopen(urllib.request.Request(address, json.dumps(frame).encode(), headers)) as reply:
        told = json.load(reply)
    if told["infcode"] != 0:
        raise SystemExit(f"9001: {told['err_msg']}")


def ours(value: Any) -> Any:
    """The same content with our institution wherever it names one, and without numbers no reader takes."""
    if isinstance(value, dict):
        return {name: OURS.get(name, ours(inner)) for name, inner in value.items()}
    if isinstance(value, list):
        return [ours(inner) for inner in value]
    return 0.5 if isinstance(value, float) and value and not SMALLEST < abs(value) < LARGEST else value


def seal(body: Mapping[str, Any]) -> dict[str, Any]:
    """What was generated as plain, sealed; left as it is where no channel could seal it."""
    try:
        data = jsontext.parse(json.dumps(body.get("data")))
        frame = sealed.seal(KEYS, data, timestamp=digits14(now_ms()), trans_type=body.get("transType"))
        return dict(json.loads(frame))
    except (WireError, ValueError, TypeError, RecursionError):
        return {**body, "appId": KEYS.app_id, "timestamp": digits14(now_ms())}


def framed(case: Any, keep: bool) -> Any:
    """What is no frame at all takes the place of the first field of a right message; ``keep`` sends it as it is."""
    example = case.operation.definition.raw["requestBody"]["content"]["application/json"].get("example")
    if keep or isinstance(case.body, dict) or not example:
        return case.body
    case.media_type = "application/json"
    node = "input" if "input" in example else "data"
    odd = case.body.decode("latin-1") if isinstance(case.body, bytes) else case.body
    wrong = {} if isinstance(odd, NotSet) else {next(iter(example[node]), "odd"): odd}
    return {**example, node: {**example[node], **wrong}}


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: Any) -> None:
    """One message in eight stays what the generator made of it; of the others only the sender is right."""
    keep = next(ASKED) % 8 == 0
    body = framed(case, keep)
    body = body if keep or not isinstance(body, dict) else ours(body)
    if case.operation.path.startswith("/fsi/"):
        case.headers = {**(case.headers or {}), **gateway()}
        case.body = outer(body) if isinstance(body, dict) else body
    elif isinstance(body, dict):
        case.body = seal(body)


@schemathesis.hook
def after_call(context: Any, case: Any, response: Any) -> None:
    """A signed answer, opened: a seal that does not hold is an error of the run."""
    if b'"signData"' in response.content:
        frame = json.loads(response.content)
        clear = {name: value for name, value in frame.items() if name not in ("encData", "signData")}
        clear["data"] = sealed.open_answer(response.content, KEYS).data
        response.content = jsontext.compact({**clear, "encType": "plain"})


sign_in()
