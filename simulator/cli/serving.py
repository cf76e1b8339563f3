"""``serve``: a platform on a port of this machine, with a first room in it."""

import os
import secrets
import signal
import socket
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from simulator import assembly, rooms
from simulator.assembly import Platform
from simulator.cli.asking import PORT, STORE, token_file
from simulator.cli.cards import deck_of
from simulator.edge import doors
from simulator.edge.answering import MAIN
from simulator.edge.asgi import Application
from simulator.edge.core import Core
from simulator.edge.listening import bind, server
from simulator.faults.cards import deal
from simulator.misuse import Misuse

_INTRODUCTION = """模拟医保平台已启动 / the simulated platform is up

  地址 address        {url}/r/{room}
  机构接口 institution  {url}/r/{room}/fsi/api/rsfComIfsService/callService
  移动支付 pay centre   {url}/r/{room}/org/local/api/hos/…
  存储 store          {store}
  控制令牌 token       {token}

登记信息（测试密钥） the channel's registration (TEST keys):
  curl -H 'Authorization: Bearer {token}' {url}/control/rooms/{room}/registration
登记回调地址 where your channel wants its notices:
  curl -H 'Authorization: Bearer {token}' -d '{{"url":"http://127.0.0.1:9000/in"}}' \\
    {url}/control/rooms/{room}/callback
逐条查看报文 watch each message as it is judged:
  yibao-simulator watch --room {room}{options}
"""


def _checked(workers: int) -> int:
    if workers and os.name != "posix":
        raise Misuse("workers", "本系统上只能以单进程服务", "this system can serve with one process alone")
    return workers


Workers = Annotated[
    int,
    typer.Option(
        min=0,
        max=64,
        callback=_checked,
        help="Processes that speak HTTP, open and seal beside the one that stores; 0 for none.",
    ),
]
JournalDays = Annotated[
    int, typer.Option(min=0, help="Journal lines older than so many days of their room's clock go; 0 keeps all.")
]


def serve(
    port: Annotated[int, typer.Option(min=0, max=65_535, help="Port; 0 takes a free one.")] = PORT,
    host: Annotated[
        str, typer.Option(help="Address to listen on. The keys are test keys: stay on this machine.")
    ] = "127.0.0.1",
    store: Annotated[Path, typer.Option(envvar="YIBAO_STORE", help="File that holds every room.")] = STORE,
    memory: Annotated[bool, typer.Option("--memory", help="Keep nothing after the end.")] = False,
    control_token: Annotated[
        str,
        typer.Option(
            envvar="YIBAO_CONTROL_TOKEN", help="Control token; left out, one is made and kept beside the store."
        ),
    ] = "",
    room: Annotated[str, typer.Option(help="Room to make when it is not there.")] = MAIN,
    world: Annotated[
        str, typer.Option(help="Its world: small (by hand, one person per case) or city (by seed).")
    ] = "small",
    people: Annotated[int, typer.Option(help="People of a city; 0 for the usual number.")] = 0,
    pharmacies: Annotated[int, typer.Option(help="Pharmacies of a city; 0 for the usual number.")] = 0,
    city: Annotated[str, typer.Option(help="Whose rules.")] = "beijing",
    seed: Annotated[int, typer.Option(help="Keys, people and ids follow from it.")] = 1,
    cards: Annotated[
        str, typer.Option(help="Fault cards to deal in a new room: all, or a file with a deck of your own.")
    ] = "",
    allow_remote_callbacks: Annotated[
        bool, typer.Option("--allow-remote-callbacks", help="Let notices leave this machine.")
    ] = False,
    workers: Workers = 0,
    journal_days: JournalDays = 0,
) -> None:
    """Start the platform. Stop it with Ctrl-C; a store file goes on where it ended.

    Examples:

        yibao-simulator serve

        yibao-simulator serve --memory --port 0 --world city --seed 7

        yibao-simulator serve --workers 2
    """
    path: Path | str = ":memory:" if memory else store
    order = {"room": room, "world": world, "people": people, "pharmacies": pharmacies, "city": city, "seed": seed}
    with bind(host, port) as listening:
        token = control_token or (secrets.token_urlsafe(24) if memory else _kept_token(store))
        platform = assembly.build(path, control_token=token, allow_remote_callbacks=allow_remote_callbacks)
        try:
            _make_room(platform, order, cards)
            typer.echo(_introduction(listening, room=room, store=str(path), token=token))
            _serve_until_told(Core(platform, journal_days=journal_days), listening, workers)
        finally:
            platform.store.close()


def _serve_until_told(core: Core, listening: socket.socket, workers: int) -> None:
    """Serve until Ctrl-C or SIGTERM; the server hands the signal on when it is done, and that is a good end."""

    if workers:
        doors.serve(core, listening, workers)
        return

    def leave(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, leave)
    with suppress(KeyboardInterrupt):
        server(Application(core)).run(sockets=[listening])


def _introduction(listening: socket.socket, *, room: str, store: str, token: str) -> str:
    host, port = listening.getsockname()[:2]
    url = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    beside = Path(store) == STORE
    options = ("" if port == PORT else f" --url {url}") + ("" if beside else f" --control-token {token}")
    return _INTRODUCTION.format(url=url, room=room, store=store, token=token, options=options)


def _make_room(platform: Platform, order: dict[str, object], cards: str) -> None:
    if platform.store.room(str(order["room"])) is None:
        try:
            room = rooms.found(platform, order)
            if cards:
                deal(platform.unit(room), deck_of(None if cards == "all" else Path(cards)), [])
        except Misuse:
            platform.store.rollback()
            raise
        platform.store.commit()


def _kept_token(store: Path) -> str:
    """The token of this store: read when there is one, else made, in a file for its owner alone."""
    path = token_file(store)
    if path.is_file() and (known := path.read_text(encoding="ascii").strip()):
        return known
    token = secrets.token_urlsafe(24)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
        file.write(token)
    return token
