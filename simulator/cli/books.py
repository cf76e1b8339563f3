"""Commands for data: an official catalogue in, the three books out."""

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from schemas import jsontext
from simulator import assembly
from simulator.assembly import Platform
from simulator.cli.asking import DEFAULT_URL, STORE, RoomName, Simulator, Token, Url
from simulator.misuse import Misuse
from simulator.store.store import StoreInUse
from simulator.store.unit import CATALOGUE
from simulator.worlds.importer import Rejected, read_catalogue


def import_catalogue(
    file: Annotated[Path, typer.Argument(help="CSV, the 97-column text file of 1301, or either in a ZIP.")],
    store: Annotated[Path, typer.Option(envvar="YIBAO_STORE", help="The store; stop its server first.")] = STORE,
    name: Annotated[str, typer.Option(help="Name of the catalogue; left out, that of the file.")] = "",
    rejected: Annotated[Path | None, typer.Option(help="Where rejected rows go; left out, beside the file.")] = None,
) -> None:
    """Read an official catalogue: every row becomes a drug or is rejected with its reason.

    A room uses it with `yibao-simulator room create big catalogue=NAME`.
    """
    if not file.is_file():
        raise Misuse("file", f"没有文件{file}", f"there is no file {file}")
    found = read_catalogue(file)
    platform = _alone(store)
    try:
        assembly.shelve(platform, f"{CATALOGUE}{name or file.stem}", found.accepted)
    finally:
        platform.store.close()
    typer.echo(
        f"接受 accepted {len(found.accepted)}  拒绝 rejected {len(found.rejected)}  目录 catalogue {name or file.stem}"
    )
    if found.rejected:
        target = rejected or file.with_name(f"{file.stem}.rejected.csv")
        _write_rejected(target, found.rejected)
        typer.echo(f"拒绝的行及原因 rejected rows with reasons: {target}")


def _alone(store: Path) -> Platform:
    """The platform of a store no server has open.

    Raises:
        Misuse: one has.
    """
    try:
        return assembly.build(store)
    except StoreInUse as busy:
        raise Misuse(
            "store",
            f"导入目录须独占存储文件{store}：请先停止正在使用它的服务器（yibao-simulator serve），导入后再启动",
            f"import-catalogue needs the store {store} for itself: stop its server, import, start it again",
        ) from busy


def _write_rejected(path: Path, rows: Iterable[Rejected]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("line", "code", "field", "reason_zh", "reason_en"))
        writer.writerows((row.line, row.code, row.field, row.reason_zh, row.reason_en) for row in rows)


def export(
    folder: Annotated[Path, typer.Argument(help="Folder for journal.jsonl, ledger.jsonl and cash.jsonl.")],
    room: RoomName = "main",
    url: Url = DEFAULT_URL,
    token: Token = "",
) -> None:
    """Write a room's books as JSON lines: what was said, what is true, what was paid in cash."""
    books = Simulator(url, token).call("GET", f"/rooms/{room}/books")
    folder.mkdir(parents=True, exist_ok=True)
    wanted: Mapping[str, list[Any]] = {
        "journal": books["journal"],
        "ledger": books["ledger"]["transfers"],
        "cash": books["cash"],
    }
    if books["journal_first"] > 1:
        typer.echo(f"日志自第{books['journal_first']}行起 the journal begins with line {books['journal_first']}")
    for name, rows in wanted.items():
        (folder / f"{name}.jsonl").write_bytes(b"".join(jsontext.compact(row) + b"\n" for row in rows))
        typer.echo(f"{folder / name}.jsonl  {len(rows)}")


journals = typer.Typer(no_args_is_help=True, help="The journal of a room: old lines go, books stay.")


@journals.command("trim")
def trim(
    keep_days: Annotated[int, typer.Option(min=1, help="Days of the room's clock that stay.")],
    room: RoomName = "main",
    url: Url = DEFAULT_URL,
    token: Token = "",
) -> None:
    """Remove journal lines older than so many days. Ledger, orders and all other books stay whole.

    The file does not shrink: what comes next takes the room. `serve --journal-days N` does the same by itself.

    Example: `yibao-simulator journal trim --keep-days 30`
    """
    simulator, removed, told = Simulator(url, token), 0, {"more": True}
    while told["more"]:
        told = simulator.call("POST", f"/rooms/{room}/journal/trim", {"keep_days": keep_days})
        removed += told["removed"]
    typer.echo(f"删去 removed {removed}  日志自此行起 the journal begins with line {told['first']}")
