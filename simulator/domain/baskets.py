"""Reading a basket from the wire: the same lines under the snake_case and the camelCase names."""

from collections.abc import Mapping
from typing import Any

from schemas.amount import AmountError, to_fen
from simulator.domain.bill import Bill, Line
from simulator.domain.money import positive
from simulator.domain.refused import Refusal
from simulator.domain.rules import Switches
from simulator.domain.scans import of_online_line, of_sale


def fen(data: Mapping[str, Any], field: str) -> int:
    """An amount of the message in fen.

    Raises:
        Refusal: ``schema_miss`` names the field.
    """
    try:
        return to_fen(data[field])
    except AmountError as error:
        zh = f"字段 {field} 应为金额（元，最多两位小数）"
        raise Refusal("schema_miss", field, zh=zh, en=f"{field}: {error}") from error


def optional_fen(data: Mapping[str, Any], field: str) -> int | None:
    """An amount that may be absent, null or an empty text."""
    return None if data.get(field) in (None, "") else fen(data, field)


def text(data: Mapping[str, Any], field: str) -> str:
    """A text that may be absent or null."""
    value = data.get(field)
    return "" if value is None else str(value)


def online(data: Mapping[str, Any]) -> Bill:
    """The bill of a 6201."""
    lines = tuple(
        Line(
            feedetl_sn=text(row, "feedetlSn"), med_list_codg=text(row, "medListCodg"),
            medins_list_codg=text(row, "medinsListCodg"), cnt=positive(row["cnt"], "cnt"),
            pric=positive(row["pric"], "pric"), amount_fen=fen(row, "detItemFeeSumamt"), rxno=text(row, "rxno"),
            scans=of_online_line(row),
        )
        for row in data["feedetailList"]
    )  # fmt: skip
    return Bill(
        fixmedins_code=text(data, "orgCodg"), psn_no=text(data, "psnNo"), insutype=text(data, "insutype"),
        med_type=text(data, "medType"), acct_used_flag=text(data, "acctUsedFlag"), total_fen=fen(data, "medfeeSumamt"),
        lines=lines,
    )  # fmt: skip


def counter(data: Mapping[str, Any], fixmedins_code: str, switches: Switches) -> Bill:
    """The bill of a 2101 or 2102; the switches say where its trace codes stand."""
    info = data["druginfo"]
    codes = of_sale(data, data["drugdetail"], switches.trace_place, switches.trace_node)
    lines = tuple(
        Line(
            feedetl_sn=text(row, "feedetl_sn"), med_list_codg=text(row, "med_list_codg"),
            medins_list_codg=text(row, "medins_list_codg"), cnt=positive(row["cnt"], "cnt"),
            pric=positive(row["pric"], "pric"), amount_fen=fen(row, "det_item_fee_sumamt"), rxno=text(row, "rxno"),
            scans=codes.get(text(row, "feedetl_sn"), ()),
        )
        for row in data["drugdetail"]
    )  # fmt: skip
    return Bill(
        fixmedins_code=fixmedins_code, psn_no=text(info, "psn_no"), insutype=text(info, "insutype"),
        med_type=text(info, "med_type"), acct_used_flag=text(info, "acct_used_flag"),
        total_fen=fen(info, "medfee_sumamt"), lines=lines,
    )  # fmt: skip
