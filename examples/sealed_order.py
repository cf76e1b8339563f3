"""One sealed online order, spoken by hand: nothing of this project is imported, `cryptography` is all it needs.

The settings come from the environment, as `yibao-simulator room show main --format env` prints them, and YIBAO_PSN_NO,
the buyer's person number as 1101 answers it. The buyer consents first: `yibao-simulator person consent`.

    python examples/sealed_order.py place EC990000000000000001 ORDER-1   consent fetched, 6201, 6202
    python examples/sealed_order.py ask ORD110100… TKN… ID-NUMBER NAME   6301

Plain arithmetic in place of a library for SM2: good enough to learn from and to test with, not to keep a secret with.
"""

import base64
import hashlib
import json
import os
import secrets
import sys
import time
import urllib.request

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

PRIME = 2**256 - 2**224 - 2**96 + 2**64 - 1
ORDER = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
A, B = PRIME - 3, 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
BASE = (
    0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
    0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0,
)
UNSIGNED = ("signData", "encData", "extra")


class Digits(str):
    """A number as it was printed: 12.30 must not become 12.3, or the signature over it breaks."""


def add(p, q):
    """Two points of the curve; None is the point at infinity."""
    if p is None or q is None:
        return p or q
    if p[0] == q[0] and (p[1] + q[1]) % PRIME == 0:
        return None
    top, under = (3 * p[0] ** 2 + A, 2 * p[1]) if p == q else (q[1] - p[1], q[0] - p[0])
    slope = top * pow(under, -1, PRIME)
    x = (slope**2 - p[0] - q[0]) % PRIME
    return x, (slope * (p[0] - x) - p[1]) % PRIME


def times(number, point):
    """``number`` times a point."""
    product = None
    while number:
        product, point, number = add(product, point) if number & 1 else product, add(point, point), number >> 1
    return product


def octets(*numbers):
    """Each number in 32 bytes."""
    return b"".join(number.to_bytes(32, "big") for number in numbers)


def digest(public, text):
    """SM3 over Z and the text; Z binds the key and the default user id 1234567812345678 (128 bits, hence 0x0080)."""
    z = hashlib.new("sm3", b"\x00\x80" + b"1234567812345678" + octets(A, B, *BASE, *public)).digest()
    return int.from_bytes(hashlib.new("sm3", z + text.encode()).digest(), "big")


def sign(private, text, nonce=None):
    """SM2: Base64 of raw r and s, 64 bytes. A given ``nonce`` is for the published vectors alone."""
    nonce = nonce or secrets.randbelow(ORDER - 1) + 1
    r = (digest(times(private, BASE), text) + times(nonce, BASE)[0]) % ORDER
    return base64.b64encode(octets(r, pow(1 + private, -1, ORDER) * (nonce - r * private) % ORDER)).decode()


def verify(public, text, signature):
    """Whether the holder of that public key signed this text."""
    raw = base64.b64decode(signature)
    r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
    if len(raw) != 64 or not (0 < r < ORDER and 0 < s < ORDER) or (r + s) % ORDER == 0:
        return False
    return (digest(public, text) + add(times(s, BASE), times((r + s) % ORDER, public))[0]) % ORDER == r


def sm4(key, data, *, back=False):
    """SM4-ECB with PKCS#7 padding."""
    cipher = Cipher(algorithms.SM4(key), modes.ECB())
    if back:
        clear = cipher.decryptor().update(data)
        return clear[: -clear[-1]]
    pad = 16 - len(data) % 16
    return cipher.encryptor().update(data + bytes([pad]) * pad)


def sm4_key(app_id, app_secret):
    """The appSecret encrypted under the first 16 characters of the appId; of its upper hex the first 16 characters."""
    return sm4(app_id[:16].encode(), app_secret.encode()).hex().upper()[:16].encode()


def cleaned(value):
    """Without null, empty text, empty object, empty list, at every depth."""
    if isinstance(value, dict):
        pairs = {name: cleaned(one) for name, one in value.items()}
        return {name: one for name, one in pairs.items() if one not in (None, "", {}, [])}
    if isinstance(value, list):
        return [one for one in map(cleaned, value) if one not in (None, "", {}, [])]
    return value


def canonical(value):
    """Keys in order, no blanks, Chinese as it is, numbers as they were printed."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{canonical(name)}:{canonical(value[name])}" for name in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    return str(value) if isinstance(value, Digits) else json.dumps(value, ensure_ascii=False)


def sign_text(envelope, data, app_secret):
    """Every outer field of a request or an answer but three, and the clear data: name=value&…&key=appSecret.

    A refusal has no data, and then its text has none either.
    """
    outer = {name: value for name, value in cleaned(envelope).items() if name not in UNSIGNED}
    outer |= {"data": cleaned(data)} if data is not None else {}
    texts = {name: value if type(value) is str else canonical(value) for name, value in outer.items()}
    return "&".join(f"{name}={texts[name]}" for name in sorted(texts)) + f"&key={app_secret}"


def parsed(text):
    """JSON with the printed digits kept."""
    return json.loads(text, parse_int=Digits, parse_float=Digits)


def beijing(form):
    """Now, in Beijing."""
    return time.strftime(form, time.gmtime(time.time() + 8 * 3600))


def call(path, data, trans_type=None):
    """Seal a question, send it, and open the answer once its signature is proved."""
    settings = os.environ
    app_id, secret = settings["YIBAO_APP_ID"], settings["YIBAO_APP_SECRET"]
    private = int.from_bytes(base64.b64decode(settings["YIBAO_CHANNEL_PRIVATE_KEY"]), "big")
    point = base64.b64decode(settings["YIBAO_PLATFORM_PUBLIC_KEY"])[1:]
    platform = int.from_bytes(point[:32], "big"), int.from_bytes(point[32:], "big")
    frame = {
        "appId": app_id, "timestamp": beijing("%Y%m%d%H%M%S"), "version": "2.0.1", "encType": "SM4", "signType": "SM2",
        "transType": trans_type,
    }  # fmt: skip
    key = sm4_key(app_id, secret)
    frame["signData"] = sign(private, sign_text(frame, data, secret))
    frame["encData"] = sm4(key, json.dumps(data, ensure_ascii=False).encode()).hex().upper()
    asked = urllib.request.Request(settings["YIBAO_BASE_URL"] + path, json.dumps(frame).encode())
    with urllib.request.urlopen(asked, timeout=8) as reply:
        answer = parsed(reply.read())
    told = parsed(sm4(key, bytes.fromhex(answer["encData"]), back=True)) if answer.get("encData") else None
    proved = bool(answer.get("signData")) and verify(platform, sign_text(answer, told, secret), answer["signData"])
    print(path, "code", answer.get("code"), answer.get("message"), "signature", "good" if proved else "MISSING OR BAD")
    if not proved or told is None:
        sys.exit(1)
    print("  ", json.dumps(told, ensure_ascii=False))
    return told


def place(user, number):
    """Two packs at 15.80 for the person behind the e-voucher user id: consent, upload (6201), payment order (6202)."""
    app_id, org = os.environ["YIBAO_APP_ID"], os.environ["YIBAO_ORG_CODGS"].split(",")[0]
    consent = call(
        "/house/api/evoucher/authQuery",
        {"reqBizNo": f"Q-{number}", "userId": user, "orgCodg": org, "orgAppId": app_id, "onlineDrugChnlAppId": app_id,
         "olBizTypeCode": "04107"},
        "house.auth.query",
    )  # fmt: skip
    if "payAuthNo" not in consent:
        sys.exit("the person has not consented yet: yibao-simulator person consent …")
    now, person = beijing("%Y-%m-%d %H:%M:%S"), os.environ["YIBAO_PSN_NO"]
    line = {
        "feedetlSn": "1", "chrgBchno": number, "rxCircFlag": "0", "feeOcurTime": now, "medType": "41", "psnNo": person,
        "medListCodg": "ZA01BAG9001010199001", "medinsListCodg": "SKU-1", "cnt": "2", "pric": "15.80",
        "detItemFeeSumamt": "31.60",
    }  # fmt: skip
    uploaded = call("/org/local/api/hos/uldFeeInfo", {
        "orgCodg": org, "psnNo": person, "insutype": "310", "medOrgOrd": number, "begntime": now,
        "idNo": consent["idNo"], "idType": consent["idType"], "userName": consent["userName"],
        "payAuthNo": consent["payAuthNo"], "insuCode": consent["insuOrg"], "iptOtpNo": number, "medType": "41",
        "feeType": "07", "medfeeSumamt": "31.60", "acctUsedFlag": "1", "psnSetlway": "01", "chrgBchno": number,
        "mdtrtCertType": "01", "uldLatlnt": consent["uldLatlnt"], "feedetailList": [line],
    })  # fmt: skip
    call("/org/local/api/hos/pay_order", {
        "payAuthNo": consent["payAuthNo"], "payOrdId": uploaded["payOrdId"], "payToken": uploaded["payToken"],
        "orgCodg": org, "orgBizSer": f"PAY-{number}", "mdtrtId": uploaded["extData"]["mdtrtId"],
        "chrgBchno": number, "feeType": "07",
    })  # fmt: skip


def ask(pay_ord_id, pay_token, id_no, user_name):
    """What became of it (6301): the order is named with its token and the buyer's identity."""
    call("/org/local/api/hos/query_order_info", {
        "payOrdId": pay_ord_id, "payToken": pay_token, "orgCodg": os.environ["YIBAO_ORG_CODGS"].split(",")[0],
        "idNo": id_no, "userName": user_name, "idType": "01",
    })  # fmt: skip


if __name__ == "__main__":
    {"place": place, "ask": ask}[sys.argv[1]](*sys.argv[2:])
