"""3202: the institution's list, row by row, against the platform's records; the verdicts are a file to fetch (9102)."""

from dataclasses import replace

from simulator.domain import files, statement_file, statements
from simulator.domain.baskets import fen, text
from simulator.domain.moment import datetime19
from simulator.domain.ports import Unit
from simulator.domain.reconciliation import check_header, compare
from simulator.exchange import Call, Json


def handle(call: Call, unit: Unit) -> Json:
    """A list without rows is a good list: everything is then the centre's alone."""
    asked = call.node("data")
    scope = statements.scope(unit, asked, call.org_codg)
    rows = statement_file.read(files.fetch(unit, text(asked, "file_qury_no"), fixmedins_code=call.org_codg).content)
    theirs = statements.totals(asked, acct_fen=sum(row.acct_fen for row in rows))
    check_header(unit, theirs, fen(asked, "cash_payamt"), rows)
    verdicts = [
        replace(verdict, stmt_rslt=statements.printed(unit, verdict.stmt_rslt))
        for verdict in compare(unit, scope, rows)
    ]
    name = f"3202_{call.org_codg}_{text(asked, 'stmt_begndate')}_{text(asked, 'stmt_enddate')}"
    file = files.keep(
        unit, filename=f"{name}.zip", fixmedins_code=call.org_codg, content=statement_file.write(name, verdicts)
    )
    return {
        "fileinfo": {
            "file_qury_no": file.file_qury_no, "filename": file.filename, "dld_endtime": datetime19(file.expires_ms),
        }
    }  # fmt: skip
