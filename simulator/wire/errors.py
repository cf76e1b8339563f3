"""What can be wrong with a message before its content is looked at: one closed list, in zh and en.

A text names the field and the way out and never carries a key, a secret or the clear data.
"""

from typing import Final

RULES: Final[dict[str, tuple[str, str]]] = {
    "gateway_header_missing": ("缺少请求头 {field}", "request header {field} is missing"),
    "gateway_stale": (
        "请求头 {field} 超出允许的时间窗口，请校准时钟",
        "request header {field} is outside the allowed window; set the clock",
    ),
    "gateway_unknown_key": (
        "请求头 {field} 中的应用标识未登记",
        "the key named by request header {field} is unknown",
    ),
    "gateway_signature": (
        "请求头 {field} 中的签名不匹配，请核对密钥与拼接顺序",
        "the signature in request header {field} does not match; check the secret and the order of the parts",
    ),
    "bad_form": (
        "multipart/form-data 报文格式错误（{field}），应含文本部分 jsonStr 与文件部分 file",
        "malformed multipart/form-data ({field}); send the text part jsonStr and the file part file",
    ),
    "not_json": ("{field} 不是合法的 JSON：{reason}", "{field} is not acceptable JSON: {reason}"),
    "not_object": ("{field} 必须是 JSON 对象", "{field} must be a JSON object"),
    "unknown_app": (
        "appId 未登记或与密钥不符，请核对 appId",
        "appId is not registered or not the one expected",
    ),
    "unsealed": (
        "报文未加密签名，请使用 encData 与 signData",
        "the message is not sealed; send encData and signData",
    ),
    "missing_field": ("缺少必填字段 {field}", "required field {field} is missing or empty"),
    "unsupported_enc_type": ("encType 应为 SM4", "encType must be SM4"),
    "unsupported_sign_type": ("signType 应为 SM2", "signType must be SM2"),
    "bad_version": ("不支持的 version：{version}", "unsupported version: {version}"),
    "bad_timestamp": (
        "timestamp 格式错误，应为 yyyyMMddHHmmss（北京时间）",
        "timestamp must read yyyyMMddHHmmss, Beijing time",
    ),
    "bad_encoding": ("{field} 编码错误，应为 {wanted}", "{field} must be encoded as {wanted}"),
    "der_signature": (
        "signData 为 DER 格式，应为 64 字节 r||s 的 Base64",
        "signData is DER; send the Base64 of the raw 64 bytes r||s",
    ),
    "bad_ciphertext": (
        "encData 无法解密，请核对 appId 与 appSecret 派生的 SM4 密钥",
        "encData does not decrypt; check the SM4 key derived from appId and appSecret",
    ),
    "bad_signature": (
        "signData 验签失败，请核对签名原文、密钥与用户标识 1234567812345678",
        "signData does not verify; check the sign text, the key and the user id 1234567812345678",
    ),
    "stale_timestamp": (
        "timestamp 与平台时间相差超过 {window_ms} 毫秒，请校准时钟",
        "timestamp is more than {window_ms} ms away from platform time; set the clock",
    ),
}


class WireError(Exception):
    """A message refused by its outer form; ``rule`` is a key of ``RULES``, anything else a ``KeyError``."""

    def __init__(self, rule: str, *, field: str = "", **values: str | int) -> None:
        chinese, english = RULES[rule]
        self.rule = rule
        self.field = field
        self.values = values
        self.message = chinese.format(field=field, **values)
        self.message_en = english.format(field=field, **values)
        super().__init__(f"{rule}: {self.message} / {self.message_en}")
