"""Calls to a running simulator, as the commands make them."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from schemas import jsontext
from simulator.edge import outbound
from simulator.misuse import Misuse

PORT = 8470
STORE = Path("yibao.sqlite")
TIMEOUT_MS = 60_000

Url = Annotated[str, typer.Option(envvar="YIBAO_URL", help="Address of the running simulator.", show_default=True)]
Token = Annotated[
    str,
    typer.Option(
        "--control-token",
        envvar="YIBAO_CONTROL_TOKEN",
        help="Control token; left out, it is read from the file the server wrote beside its store.",
    ),
]
RoomName = Annotated[str, typer.Option("--room", help="The room meant.")]
DEFAULT_URL = f"http://127.0.0.1:{PORT}"


def token_file(store: Path) -> Path:
    """Where a server keeps the control token of a store, readable by its owner alone."""
    return store.with_name(f"{store.name}.token")


@dataclass(frozen=True, slots=True)
class Simulator:
    """A running simulator's control side."""

    url: str
    token: str

    def raw(self, method: str, path: str, body: object = None) -> bytes:
        """The answer of a call as it came.

        Raises:
            Misuse: the simulator refused it; worded as it worded it.
        """
        headers = {"authorization": f"Bearer {self.token or _token()}"}
        sent = b"" if body is None else jsontext.compact(body)
        reply = outbound.ask(self.url, method, f"/control{path}", headers, sent, timeout_ms=TIMEOUT_MS)
        if reply.status >= 300:
            raise _refusal(reply.body, reply.status)
        return reply.body

    def call(self, method: str, path: str, body: object = None) -> Any:
        """The answer of a call, parsed."""
        return jsontext.parse(self.raw(method, path, body))


def _token() -> str:
    path = token_file(Path(os.environ.get("YIBAO_STORE", STORE)))
    return path.read_text(encoding="ascii").strip() if path.is_file() else ""


def _refusal(body: bytes, status: int) -> Misuse:
    try:
        told = jsontext.parse(body)
    except jsontext.JsonError:
        told = None
    error = told.get("error") if isinstance(told, dict) else None
    if not isinstance(error, dict):
        return Misuse("", f"模拟器应答HTTP {status}", f"the simulator answered HTTP {status}", status)
    return Misuse(str(error.get("field", "")), str(error.get("zh", "")), str(error.get("en", "")), status)


def pairs(texts: list[str]) -> dict[str, Any]:
    """``name=text`` and ``name:=json`` as an object.

    Raises:
        Misuse: neither form.
    """
    found: dict[str, Any] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name.strip(":"):
            raise Misuse(text, "参数应写作 名称=文本 或 名称:=JSON", "write name=text or name:=json")
        try:
            found[name.removesuffix(":")] = jsontext.parse(value) if name.endswith(":") else value
        except jsontext.JsonError as fault:
            raise Misuse(text, f"不是合法JSON：{fault}", f"not JSON: {fault}") from None
    return found


def show(document: object) -> None:
    """Print an answer for people."""
    typer.echo(jsontext.pretty(document))
