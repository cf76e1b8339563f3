"""The two lists of 3202: what an institution uploads and what it gets back (institution-interfaces.md 5.3)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from schemas.amount import AmountError, to_fen, to_text
from schemas.tabfile import TabFileError, pack, unpack
from simulator.domain.refused import Refusal

COLUMNS = ("setl_id", "mdtrt_id", "psn_no", "medfee_sumamt", "fund_pay_sumamt", "acct_pay", "refd_setl_flag")
"""An eighth, ``exp_content``, is accepted and not read (0.1)."""
MAX_ROWS = 10_000
"""House: the most records one list may hold."""
MAX_ID_CHARS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One record as the institution has it; the amounts of a refund are negative."""

    setl_id: str
    mdtrt_id: str
    psn_no: str
    medfee_fen: int
    fund_fen: int
    acct_fen: int
    refund: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One record of the result; what only the centre has carries its msgid and neither visit nor settlement id."""

    psn_no: str
    mdtrt_id: str
    setl_id: str
    msgid: str
    stmt_rslt: str
    refund: bool
    memo: str
    medfee_fen: int
    fund_fen: int
    acct_fen: int


def read(raw: bytes) -> list[Row]:
    """An uploaded list, row by row.

    Raises:
        Refusal: ``stmt_zip``, ``stmt_text``, ``stmt_too_long``, ``stmt_columns``, ``stmt_cell``; the last two name
            line and column.
    """
    try:
        rows = unpack(raw, most_rows=MAX_ROWS)
    except TabFileError as fault:
        raise Refusal(f"stmt_{fault.kind}", "file_qury_no", zh=fault.zh, en=fault.en) from fault
    return [_row(cells, number) for number, cells in enumerate(rows, 1)]


def write(name: str, verdicts: Iterable[Verdict]) -> bytes:
    """A result list of ten columns, zipped (5.3)."""
    return pack(name, (_cells(verdict) for verdict in verdicts))


def _row(cells: Sequence[str], line: int) -> Row:
    if len(cells) not in (len(COLUMNS), len(COLUMNS) + 1):
        raise Refusal("stmt_columns", "file_qury_no", line=line, found=len(cells), wanted=len(COLUMNS))
    for column in range(3):
        if not 0 < len(cells[column]) <= MAX_ID_CHARS:
            zh, en = f"应为 1 至 {MAX_ID_CHARS} 个字符", f"must have 1 to {MAX_ID_CHARS} characters"
            raise _bad(line, column, zh, en)
    if cells[6] not in ("0", "1"):
        raise _bad(line, 6, "应为 0 或 1", "must be 0 or 1")
    return Row(
        setl_id=cells[0], mdtrt_id=cells[1], psn_no=cells[2], medfee_fen=_fen(cells, line, 3),
        fund_fen=_fen(cells, line, 4), acct_fen=_fen(cells, line, 5), refund=cells[6] == "1",
    )  # fmt: skip


def _fen(cells: Sequence[str], line: int, column: int) -> int:
    try:
        return to_fen(cells[column])
    except AmountError as error:
        raise _bad(line, column, "应为金额（元，最多两位小数）", "must be yuan with at most two decimals") from error


def _bad(line: int, column: int, zh: str, en: str) -> Refusal:
    return Refusal("stmt_cell", "file_qury_no", line=line, column=column + 1, name=COLUMNS[column], zh=zh, en=en)


def _cells(verdict: Verdict) -> tuple[str, ...]:
    return (
        verdict.psn_no, verdict.mdtrt_id, verdict.setl_id, verdict.msgid, verdict.stmt_rslt,
        "1" if verdict.refund else "0", verdict.memo, to_text(verdict.medfee_fen), to_text(verdict.fund_fen),
        to_text(verdict.acct_fen),
    )  # fmt: skip
