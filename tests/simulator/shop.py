"""A tiny channel for tests of the engine: sealed and institution messages over any transport, nothing clever."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import count
from typing import Any

from schemas import jsontext
from simulator import assembly
from simulator.assembly import Platform
from simulator.edge.local import LocalTransport
from simulator.wire import institution, sealed, tif
from simulator.wire.envelope import Opened
from simulator.wire.sealed import Credentials
from simulator.wire.sm2 import PrivateKey, PublicKey
from simulator.wire.timestamps import digits14
from simulator.wire.transport import HttpReply, HttpRequest

Json = dict[str, Any]
START_MS = 1_719_801_045_000
"""2024-07-01 10:30:45 Beijing time."""
STOMACH_POWDER = "XA07BCM915P001010199063"
"""甲, 19.80 a pack in the shipped catalogue."""
INSTITUTION_PATH = "/fsi/api/rsfComIfsService/callService"
PATHS = {
    "6201": "/org/local/api/hos/uldFeeInfo",
    "6202": "/org/local/api/hos/pay_order",
    "6203": "/org/local/api/hos/refund_Order",
    "6301": "/org/local/api/hos/query_order_info",
    "6401": "/org/local/api/hos/revoke_order",
    "house.auth.query": "/house/api/evoucher/authQuery",
}


def a_platform(**settings: Any) -> Platform:
    """A platform in memory whose real time stands still."""
    return assembly.build(real_ms=lambda: START_MS, **settings)


class Control:
    """Calls of the control API."""

    def __init__(self, platform: Platform, token: str = "") -> None:
        self.transport = LocalTransport(platform)
        self.headers = {"authorization": f"Bearer {token}"} if token else {}

    def __call__(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        raw = b"" if body is None else jsontext.compact(body)
        reply = self.transport.send(HttpRequest(method, f"/control{path}", self.headers, raw), timeout_ms=1_000)
        return reply.status, jsontext.parse(reply.body)

    def must(self, method: str, path: str, body: object = None) -> Any:
        status, told = self(method, path, body)
        assert status < 300, told
        return told


class Shop:
    """One channel in a room of its own."""

    def __init__(self, platform: Platform, room: str = "main", **order: Any) -> None:
        self.platform, self.room = platform, room
        self.control = Control(platform)
        registered = self.control.must("POST", "/rooms", {"room": room, **order})
        self.told = registered["channels"][0]
        self.transport = LocalTransport(platform, f"/r/{room}")
        self.credentials = Credentials(
            self.told["appId"],
            self.told["appSecret"],
            PrivateKey.from_base64(self.told["channelPrivateKey"]),
            PublicKey.from_base64(self.told["platformPublicKey"]),
        )
        self.org = self.told["orgCodgs"][0]
        self.serials = count(1)
        self.sign_no = ""

    @property
    def now_ms(self) -> int:
        return int(self.control.must("GET", f"/rooms/{self.room}/clock")["now_ms"])

    def act(self, path: str, body: object = None, method: str = "POST") -> Any:
        return self.control.must(method, f"/rooms/{self.room}{path}", body)

    def journal(self, direction: str = "in") -> list[Json]:
        lines = self.act("/journal", method="GET")["lines"]
        return [line for line in lines if line["direction"] == direction]

    def post(
        self, path: str, body: bytes, headers: Mapping[str, str] | None = None, timeout_ms: int = 5_000
    ) -> HttpReply:
        return self.transport.send(HttpRequest("POST", path, headers or {}, body), timeout_ms=timeout_ms)

    def frame(self, code: str, data: Json, *, plain: bool = False, **seal: Any) -> bytes:
        credentials = replace(self.credentials, enc_type="plain") if plain else self.credentials
        return sealed.seal(credentials, data, timestamp=seal.pop("timestamp", digits14(self.now_ms)), **seal)

    def sealed(self, code: str, data: Json, **options: Any) -> Opened:
        trans_type = "house.auth.query" if code == "house.auth.query" else None
        reply = self.post(PATHS[code], self.frame(code, data, trans_type=trans_type, **options))
        lenient = sealed.Leniency(plain=bool(options.get("plain")))
        return sealed.open_answer(reply.body, self.credentials, lenient=lenient)

    def to(self, path: str, data: Json, **options: Any) -> Opened:
        """A sealed message to any address."""
        reply = self.post(path, self.frame("", data, **options))
        return sealed.open_answer(reply.body, self.credentials)

    def twin(self, number: int) -> "Shop":
        """The same shop in the hands of another channel of its room."""
        other = Shop.__new__(Shop)
        other.__dict__.update(self.__dict__)
        other.told = self.act("/registration", method="GET")["channels"][number]
        other.org = other.told["orgCodgs"][0]
        other.credentials = Credentials(
            other.told["appId"],
            other.told["appSecret"],
            PrivateKey.from_base64(other.told["channelPrivateKey"]),
            PublicKey.from_base64(other.told["platformPublicKey"]),
        )
        return other

    def institution(self, infno: str, data: Json, *, signed: bool = True, **fields: Any) -> Json:
        told = jsontext.parse(self.institution_reply(infno, data, signed=signed, **fields).body)
        assert isinstance(told, dict)
        return told

    def institution_reply(self, infno: str, data: Json, *, signed: bool = True, **fields: Any) -> HttpReply:
        headers = self.gateway_headers() if signed else {}
        return self.post(INSTITUTION_PATH, self.institution_frame(infno, data, **fields), headers)

    def gateway_headers(self) -> Mapping[str, str]:
        gateway, nonce = self.told["tif"], str(next(self.serials))
        return tif.headers(gateway["paasid"], gateway["secret"], now_ms=self.now_ms, nonce=nonce)

    def institution_frame(self, infno: str, data: Json, **fields: Any) -> bytes:
        number = next(self.serials)
        frame = institution.Frame(
            **{
                "infno": infno,
                "msgid": institution.msgid(self.org, self.now_ms, number),
                "mdtrtarea_admvs": "110100",
                "insuplc_admdvs": "110100",
                "opter_type": "1",
                "opter": "0001",
                "opter_name": "测试员",
                "inf_time": "2024-07-01 10:30:45",
                "fixmedins_code": self.org,
                "fixmedins_name": "测试药店",
                "sign_no": self.sign_no,
                "input": data,
                **fields,
            }
        )
        return institution.request_frame(frame)

    def sign_in(self) -> None:
        told = self.institution("9001", {"signIn": {"opter_no": "0001", "mac": "00-00", "ip": "127.0.0.1"}})
        assert told["infcode"] == 0, told
        self.sign_no = told["output"]["signinoutb"]["sign_no"]

    def person(self, name: str = "测试甲") -> Json:
        people = self.act("/people", method="GET")["people"]
        return next(one for one in people if one["psn_name"] == name)

    def consent(self, person: Json) -> str:
        serial = next(self.serials)
        self.act("/person/consent", {"psn_no": person["psn_no"], "app_id": self.told["appId"], "org_codg": self.org})
        told = self.sealed(
            "house.auth.query",
            {
                "reqBizNo": f"A{serial}",
                "userId": person["ec_user_id"],
                "orgCodg": self.org,
                "orgAppId": self.told["appId"],
                "onlineDrugChnlAppId": self.told["appId"],
                "olBizTypeCode": "04107",
            },
        )
        assert told.data and told.data["authStas"] == "1", told
        return str(told.data["payAuthNo"])

    def basket(self, person: Json, pay_auth_no: str, packs: int = 2) -> Json:
        serial, fee_fen = next(self.serials), 1980 * packs
        total = f"{fee_fen // 100}.{fee_fen % 100:02d}"
        return {
            "orgCodg": self.org,
            "psnNo": person["psn_no"],
            "insutype": person["insutype"],
            "medOrgOrd": f"ORD{serial}",
            "begntime": "2024-07-01 10:30:45",
            "idNo": person["certno"],
            "userName": person["psn_name"],
            "idType": "01",
            "payAuthNo": pay_auth_no,
            "insuCode": "110100",
            "iptOtpNo": f"OTC{serial}",
            "medType": "41",
            "feeType": "07",
            "medfeeSumamt": total,
            "acctUsedFlag": "1",
            "psnSetlway": "01",
            "chrgBchno": f"B{serial}",
            "uldLatlnt": "116.310316,39.956074",
            "mdtrtCertType": "01",
            "feedetailList": [
                {
                    "feedetlSn": "1",
                    "chrgBchno": f"B{serial}",
                    "rxCircFlag": "0",
                    "feeOcurTime": "2024-07-01 10:30:45",
                    "medListCodg": STOMACH_POWDER,
                    "medinsListCodg": "SKU1",
                    "detItemFeeSumamt": total,
                    "cnt": str(packs),
                    "pric": "19.80",
                    "medType": "41",
                }
            ],
        }

    def uploaded(self, person: Json | None = None, packs: int = 2) -> Json:
        """An order in state 0, with all a later message needs."""
        person = person or self.person()
        pay_auth_no = self.consent(person)
        basket = self.basket(person, pay_auth_no, packs)
        told = self.sealed("6201", basket)
        assert told.data, told
        return {**told.data, "basket": basket, "person": person, "payAuthNo": pay_auth_no}

    def placing(self, order: Json) -> Json:
        return {
            "payAuthNo": order["payAuthNo"],
            "payOrdId": order["payOrdId"],
            "payToken": order["payToken"],
            "orgCodg": self.org,
            "orgBizSer": f"BIZ{next(self.serials)}",
            "mdtrtId": order["extData"]["mdtrtId"],
            "chrgBchno": order["basket"]["chrgBchno"],
            "feeType": "07",
        }

    def placed(self, person: Json | None = None, packs: int = 2) -> Json:
        order = self.uploaded(person, packs)
        told = self.sealed("6202", self.placing(order))
        assert told.data, told
        return {**order, "split": told.data}

    def paid(self, person: Json | None = None, packs: int = 2) -> Json:
        order = self.placed(person, packs)
        return {**order, "confirmed": self.act("/person/confirm", {"pay_ord_id": order["payOrdId"]})}

    def asking(self, order: Json) -> Json:
        person = order["person"]
        return {
            "payOrdId": order["payOrdId"],
            "payToken": order["payToken"],
            "orgCodg": self.org,
            "idNo": person["certno"],
            "userName": person["psn_name"],
            "idType": "01",
        }

    def state(self, order: Json) -> str:
        told = self.sealed("6301", self.asking(order))
        assert told.data, told
        return str(told.data["ordStas"])
