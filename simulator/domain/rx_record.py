"""An electronic prescription at the prescription centre, and the table of its steps (online-payment.md 11.1)."""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from simulator.domain.refused import Refusal

ISSUED, AUTHORISED, DOWNLOADED, VERIFIED, PASSED, REFUSED, SOLD, RECEIVED = (
    "issued", "authorised", "downloaded", "verified", "passed", "refused", "sold", "received",
)  # fmt: skip
LAPSED, WITHDRAWN = "lapsed", "withdrawn"
"""Never written down: lapsed is a matter of the time, withdrawn a word of the hospital."""

_ANEW = {"authorise": AUTHORISED}
STEPS: dict[str, dict[str, str]] = {
    ISSUED: _ANEW,
    AUTHORISED: {**_ANEW, "download": DOWNLOADED},
    DOWNLOADED: {**_ANEW, "download": DOWNLOADED, "verify": VERIFIED},
    VERIFIED: {**_ANEW, "download": VERIFIED, "verify": VERIFIED, "pass": PASSED, "refuse": REFUSED},
    PASSED: {**_ANEW, "download": PASSED, "verify": PASSED, "sell": SOLD},
    REFUSED: _ANEW,
    SOLD: {"download": SOLD, "undo": PASSED, "deliver": SOLD, "receive": RECEIVED},
    RECEIVED: {"download": RECEIVED, "receive": RECEIVED},
    LAPSED: {},
    WITHDRAWN: {},
}
"""STEPS[state][act] → next state. authorise 7201–7203 · download 7204 · verify 7205 · pass, refuse 7206 · sell 7207 ·
undo 7208 · deliver 7209 · receive 7210. Authorised anew it is reviewed anew: it may be another pharmacy."""

NAMES = {
    ISSUED: "已开具", AUTHORISED: "已授权", DOWNLOADED: "已下载", VERIFIED: "已核验", PASSED: "审核通过",
    REFUSED: "审核不通过", SOLD: "已出库", RECEIVED: "已签收", LAPSED: "已失效", WITHDRAWN: "已撤销",
}  # fmt: skip

ON_THE_WAY = {"": "01", "0": "013", "1": "1234", "4": "1234", "2": "2", "3": "3"}
"""delv_stas_codg → what may follow it (house), itself told again included: 0 to deliver, 1 delivering, 2 delivered,
3 cancelled, 4 abnormal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RxLine:
    """One medicine that was prescribed; ``cnt`` in packs."""

    med_list_codg: str
    cnt: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Prescription:
    """What a hospital issued, and how far one pharmacy has come with it; ``state`` follows ``STEPS``."""

    KEY: ClassVar[str] = "hi_rxno"
    INDEXES: ClassVar[tuple[str, ...]] = ("psn_no", "auth_rxno")

    hi_rxno: str
    rx_trace_code: str
    psn_no: str
    hospital: str
    hospital_name: str
    lines: tuple[RxLine, ...]
    rx_file: str
    """Base64 of the signed original."""
    prsc_ms: int
    vali_end_ms: int
    state: str = ISSUED
    withdrawn: bool = False
    circulated: str = ""
    """``authCircBizSn/appId``: the online authorisation the person gave (7202)."""
    auth_rxno: str = ""
    epc_token: str = ""
    token_until_ms: int = 0
    fixmedins_code: str = ""
    """The pharmacy that is authorised, and whose review and sale the rest is."""
    app_id: str = ""
    rx_sign_verify_sn: str = ""
    rx_chk_biz_sn: str = ""
    sel_stoout_sn: str = ""
    setl_id: str = ""
    """The settlement behind the sale; empty when it was self-paid."""
    delv_no: str = ""
    delv_stas_codg: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RxCode:
    """A prescription's code on the person's screen: read once, within a minute (as 9.9; house)."""

    KEY: ClassVar[str] = "epc_qrcd"
    INDEXES: ClassVar[tuple[str, ...]] = ()

    epc_qrcd: str
    hi_rxno: str
    shown_ms: int
    used: bool = False


def step(hi_rxno: str, state: str, act: str) -> str:
    """The state an act leads to.

    Raises:
        Refusal: ``rx_step`` names the state.
    """
    following = STEPS[state].get(act)
    if following is None:
        raise Refusal("rx_step", "hiRxno", value=hi_rxno, state=state, zh=NAMES[state])
    return following
