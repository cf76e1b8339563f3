"""The wire as both controls use it, and the few sums every channel has to get right by itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Protocol, cast

from conformance.channels.reference import calling, sealing
from conformance.channels.reference.notebook import Notebook
from conformance.channels.reference.outcomes import Outcome
from conformance.channels.reference.parts import Context
from conformance.channels.reference.settings import Settings
from conformance.channels.reference.sound import SOUND
from schemas.amount import AmountError, to_fen
from schemas.loader import interface
from simulator.wire import sealed
from simulator.wire.errors import WireError
from simulator.wire.timestamps import digits14
from simulator.wire.transport import Transport

Json = dict[str, Any]
Facts = Mapping[str, Any]
TAKEN = ("4", "5", "6")
"""ordStas in which insurance has paid."""
MEDICINE, ONLINE, MOBILE, E_VOUCHER, OPERATOR = "41", "07", "04107", "01", "0001"


class Numbers(Protocol):
    """Whoever counts: 1, 2, 3 … per name, never the same twice."""

    def next_number(self, name: str) -> int:
        """The next one."""
        ...


@dataclass(frozen=True, slots=True)
class Wire:
    """One channel's line to the platform: sends once, judges the answer, concludes nothing."""

    settings: Settings
    context: Context

    @classmethod
    def of(cls, settings: Settings, transport: Transport, clock: Callable[[], int], numbers: Numbers) -> "Wire":
        """The line of a channel with these settings. Of a notebook the wire uses the numbers alone."""
        return cls(settings, Context(settings, SOUND, cast("Notebook", numbers), transport, clock))

    def now_ms(self) -> int:
        """The channel's time."""
        return self.context.clock()

    def send(self, code: str, data: Json) -> Outcome:
        """One sealed exchange."""
        return calling.sealed(self.context, interface(code), data)

    def frame(
        self, code: str, org: str, content: Json, *, msgid: str, sign_no: str = "", insured_at: str = ""
    ) -> Outcome:
        """One exchange in the institution frame."""
        return calling.framed(
            self.context, interface(code), org, content, msgid=msgid, sign_no=sign_no, insuplc_admdvs=insured_at
        )

    def file(self, org: str, content: Json, *, sign_no: str) -> bytes | Outcome:
        """9102: the bytes of a file, or what was said instead."""
        return calling.fetch(self.context, org, content, sign_no=sign_no)

    def desk(self, action: str, body: Json) -> Outcome:
        """Ask the cash desk."""
        return calling.cash_desk(self.context, action, body)

    def msgid(self, org: str) -> str:
        """A message id nobody used before."""
        return calling.fresh_msgid(self.context, org)

    def notice(self, raw: bytes) -> Json | None:
        """What a notice says, when its signature holds and it fits the table of 6302, or of 6204 at a cashier."""
        try:
            data = sealing.open_notice(self.settings, raw).data or {}
        except WireError:
            return None
        return None if interface("6204" if "thdPayType" in data else "6302").check_input(data) else data

    def acknowledge(self, *, success: bool, message: str) -> bytes:
        """The answer to a notice."""
        data: Json = {"success": success, "message": message}
        now = digits14(self.now_ms())
        return sealed.seal(self.settings.credentials, data, timestamp=now, code=0, message=message)


def datetime19(ms: int) -> str:
    """``yyyy-MM-dd HH:mm:ss``."""
    d = digits14(ms)
    return f"{d[:4]}-{d[4:6]}-{d[6:8]} {d[8:10]}:{d[10:12]}:{d[12:]}"


def line_fen(line: Facts) -> int:
    """What a line costs: count times price, half a fen up."""
    yuan = Decimal(line["cnt"]) * Decimal(line["pric"])
    return int(yuan.quantize(Decimal("0.01"), ROUND_HALF_UP).scaleb(2))


def split_of(data: Facts) -> Json | None:
    """Who pays what, as 6202, 6301 or a notice tells it; None when it tells no amounts.

    Raises:
        AmountError: an amount is none, or they do not add up.
    """
    if data.get("feeSumamt") in (None, ""):
        return None
    cash = to_fen(data.get("ownPayAmt", data.get("ownpayAmt")))
    account, fund = to_fen(data.get("psnAcctPay")), to_fen(data.get("fundPay"))
    total, other = to_fen(data["feeSumamt"]), to_fen(data.get("othFeeAmt") or "0")
    if min(cash, account, fund, other) < 0 or cash + account + fund + other != total:
        raise AmountError("the parts do not add up to the total")
    return {"total": total, "cash": cash, "account": account, "fund": fund}


def sale_split(setlinfo: Facts) -> Json:
    """The same for a sale at the counter; the fund's sum may contain the account.

    Raises:
        AmountError: as ``split_of``.
    """
    total, cash = to_fen(setlinfo["medfee_sumamt"]), to_fen(setlinfo["psn_cash_pay"])
    account = to_fen(setlinfo["acct_pay"])
    fund = total - cash - account - to_fen(setlinfo.get("hosp_part_amt") or "0")
    if fund < 0 or to_fen(setlinfo["fund_pay_sumamt"]) not in (fund, fund + account):
        raise AmountError("the parts do not add up to the total")
    return {"total": total, "cash": cash, "account": account, "fund": fund}


def barred(lines: list[Json]) -> str:
    """The first medicine of a basket that may not be sold online, or an empty text."""
    return next(
        (
            line.get("name") or line["med_list_codg"]
            for line in lines
            if line.get("rx_flag") == "1" or line.get("online_barred")
        ),
        "",
    )


def insured(output: Facts) -> Json | None:
    """Who pays, as 1101 tells it, under the first insurance in force; None when there is none."""
    row = next((one for one in output["insuinfo"] if one.get("psn_insu_stas", "1") == "1"), None)
    if row is None:
        return None
    names = ("psn_no", "psn_name", "certno", "psn_cert_type")
    rest = ("psn_type", "insutype", "insuplc_admdvs")
    return {name: output["baseinfo"][name] for name in names} | {name: row[name] for name in rest}
