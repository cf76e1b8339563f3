"""3201: the institution's totals against the platform's."""

from simulator.domain import statements
from simulator.domain.baskets import fen, text
from simulator.domain.ports import Unit
from simulator.domain.reconciliation import compare_totals, records, totals
from simulator.exchange import Call, Json


def handle(call: Call, unit: Unit) -> Json:
    """Unequal totals are an answer, not a refusal: the verdict stands in ``stmt_rslt`` alone (5.1)."""
    asked = call.node("data")
    theirs = statements.totals(asked, acct_fen=fen(asked, "acct_pay"))
    ours = totals(unit, records(unit, statements.scope(unit, asked, call.org_codg)))
    verdict = compare_totals(ours, theirs)
    return {
        "stmtinfo": {
            "setl_optins": text(asked, "setl_optins"), "stmt_rslt": statements.printed(unit, verdict),
            "stmt_rslt_dscr": statements.described(verdict, ours),
        }
    }  # fmt: skip
