"""Commands on the rooms of a running simulator: make, show, faults, clock, the person, the world, the courier."""

from enum import StrEnum
from typing import Annotated, Any

import typer

from schemas import amount
from simulator.cli.asking import DEFAULT_URL, RoomName, Simulator, Token, Url, pairs, show
from simulator.faults.kinds import KINDS
from simulator.misuse import Misuse

rooms = typer.Typer(no_args_is_help=True, help="Rooms: each has its own keys, people, clock, faults and books.")
faults = typer.Typer(no_args_is_help=True, help="Faults: what goes wrong, where, how often.")
clocks = typer.Typer(no_args_is_help=True, help="The virtual clock of a room; it only moves on.")

Name = Annotated[str, typer.Argument(help="Name of the room.")]
Pairs = Annotated[list[str] | None, typer.Argument(help="name=text or name:=json, as many as needed.")]
_UNITS_MS = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}


class Form(StrEnum):
    """How a registration is printed."""

    json = "json"
    env = "env"


@rooms.command("create")
def create(
    name: Name,
    settings: Pairs = None,
    url: Url = DEFAULT_URL,
    token: Token = "",
) -> None:
    """Make a room. Settings: world, city, seed, people, pharmacies, courier, start, switches, channels, catalogue.

    Example: `yibao-simulator room create hard seed:=7 world=city 'switches:={"legs":"insurance_first"}'`
    """
    show(Simulator(url, token).call("POST", "/rooms", {"room": name, **pairs(settings or [])}))


@rooms.command("list")
def listing(url: Url = DEFAULT_URL, token: Token = "") -> None:
    """All rooms with their clocks."""
    for room in Simulator(url, token).call("GET", "/rooms")["rooms"]:
        channels = ", ".join(room["channels"])
        typer.echo(
            f"{room['room']:<20} {room['now']}  {room['world']}/{room['city']}  lines {room['lines']}  {channels}"
        )


@rooms.command("show")
def show_room(
    name: Name,
    form: Annotated[Form, typer.Option("--format", help="json, or env for a shell or a .env file.")] = Form.json,
    url: Url = DEFAULT_URL,
    token: Token = "",
) -> None:
    """The registration of a room's channels: addresses, TEST keys, institutions.

    Example: `yibao-simulator room show main --format env > .env`
    """
    told = Simulator(url, token).call("GET", f"/rooms/{name}/registration")
    if form is Form.json:
        show(told)
    else:
        typer.echo("\n".join(_env(told, url)))


def _env(told: dict[str, Any], url: str) -> list[str]:
    lines = [f"YIBAO_BASE_URL={url}{told['base_path']}"]
    single = len(told["channels"]) == 1
    for channel in told["channels"]:
        stem = "YIBAO" if single else f"YIBAO_{channel['name'].upper().replace('-', '_').replace('.', '_')}"
        values = {
            "APP_ID": channel["appId"],
            "APP_SECRET": channel["appSecret"],
            "CHANNEL_PRIVATE_KEY": channel["channelPrivateKey"],
            "PLATFORM_PUBLIC_KEY": channel["platformPublicKey"],
            "TIF_PAASID": channel["tif"]["paasid"],
            "TIF_SECRET": channel["tif"]["secret"],
            "CSB_ACCESS_KEY": channel["csb"]["accessKey"],
            "CSB_SECRET_KEY": channel["csb"]["secretKey"],
            "CASH_DESK_TOKEN": channel["cashDesk"]["token"],
            "ORG_CODGS": ",".join(channel["orgCodgs"]),
        }
        lines.extend(f"{stem}_{name}={value}" for name, value in values.items())
    return lines


@rooms.command("people")
def people(
    name: Name,
    after: Annotated[str, typer.Option(help="Go on after this person number.")] = "",
    url: Url = DEFAULT_URL,
    token: Token = "",
) -> None:
    """Who is insured here: number, e-voucher user id, identity document, name, balance, and what each is made for."""
    told = Simulator(url, token).call("GET", f"/rooms/{name}/people" + (f"?after={after}" if after else ""))
    for one in told["people"]:
        yuan = amount.to_text(one["balance_fen"])
        identity = f"{one['psn_cert_type']} {one['certno']}"
        typer.echo(f"{one['psn_no']}  {one['ec_user_id']}  {identity}  {one['psn_name']}  {yuan:>10}  {one['note']}")


@rooms.command("reset")
def reset(name: Name, url: Url = DEFAULT_URL, token: Token = "") -> None:
    """Empty a room and fill it again as it was ordered."""
    Simulator(url, token).call("POST", f"/rooms/{name}/reset", {})
    typer.echo(f"{name}: reset")


@rooms.command("delete")
def delete(name: Name, url: Url = DEFAULT_URL, token: Token = "") -> None:
    """Remove a room with its books."""
    Simulator(url, token).call("DELETE", f"/rooms/{name}")
    typer.echo(f"{name}: deleted")


@rooms.command("callback")
def callback(
    name: Name,
    address: Annotated[str, typer.Argument(help="Where notices go, such as http://127.0.0.1:9000/notices.")],
    channel: Annotated[str, typer.Option(help="Name of the channel, where there are several.")] = "",
    plain: Annotated[bool, typer.Option("--plain/--sealed", help="Notices in clear, for a first hour.")] = False,
    url: Url = DEFAULT_URL,
    token: Token = "",
) -> None:
    """Register where a channel wants its notices, and how."""
    body = {"url": address, "plain": plain, **({"channel": channel} if channel else {})}
    show(Simulator(url, token).call("POST", f"/rooms/{name}/callback", body))


@rooms.command("switch")
def switch(name: Name, settings: Pairs = None, url: Url = DEFAULT_URL, token: Token = "") -> None:
    """Turn switches. Example: `yibao-simulator room switch main msgid=replay plain:=false`"""
    show(Simulator(url, token).call("PATCH", f"/rooms/{name}/switches", pairs(settings or [])))


@faults.command("names")
def fault_names() -> None:
    """Every kind of fault, its places and parameters."""
    for name, kind in KINDS.items():
        params = ", ".join(f"{param}={value!r}" for param, value in kind.params.items())
        typer.echo(f"{name:<26} {'/'.join(kind.places):<8} {kind.zh} / {kind.en}{f'  ({params})' if params else ''}")


@faults.command("arm")
def arm(
    name: Annotated[str, typer.Argument(help="See `fault names`.")],
    code: Annotated[str, typer.Option(help="Only messages of this interface, such as 6202.")] = "",
    match: Annotated[list[str] | None, typer.Option(help="Only where this field has this value: name=text.")] = None,
    param: Annotated[list[str] | None, typer.Option(help="Parameter of the fault: name=text or name:=json.")] = None,
    place: Annotated[str, typer.Option(help="Where it strikes; left out, its first place.")] = "",
    count: Annotated[int, typer.Option(min=0, help="How often it strikes; 0 until it is cleared.")] = 1,
    after: Annotated[int, typer.Option(min=0, help="How many matches pass first.")] = 0,
    room: RoomName = "main",
    url: Url = DEFAULT_URL,
    token: Token = "",
) -> None:
    """Arm a fault.

    Example: `yibao-simulator fault arm slow --code 6301 --param ms:=8000 --count 2`
    """
    matched = {**({"code": code} if code else {}), **pairs(match or [])}
    order: dict[str, Any] = {
        "name": name,
        "match": matched,
        "count": count,
        "after": after,
        "params": pairs(param or []),
    }
    if place:
        order["place"] = place
    typer.echo(Simulator(url, token).call("POST", f"/rooms/{room}/faults", order)["fault_id"])


@faults.command("list")
def list_faults(room: RoomName = "main", url: Url = DEFAULT_URL, token: Token = "") -> None:
    """Faults armed in a room."""
    for fault in Simulator(url, token).call("GET", f"/rooms/{room}/faults")["faults"]:
        state = "waiting" if fault["waiting"] else "used up"
        struck = f"struck {fault['struck']}/{fault['count'] or '∞'}"
        typer.echo(f"{fault['fault_id']}  {fault['name']:<26} {fault['match']}  {struck}  {state}")


@faults.command("clear")
def clear(
    fault_id: Annotated[str, typer.Argument(help="Which; left out, all.")] = "",
    room: RoomName = "main",
    url: Url = DEFAULT_URL,
    token: Token = "",
) -> None:
    """Disarm one fault, or all."""
    tail = f"/{fault_id}" if fault_id else ""
    show(Simulator(url, token).call("DELETE", f"/rooms/{room}/faults{tail}"))


@clocks.command("show")
def clock(room: RoomName = "main", url: Url = DEFAULT_URL, token: Token = "") -> None:
    """The room's time, Beijing."""
    typer.echo(Simulator(url, token).call("GET", f"/rooms/{room}/clock")["now"])


@clocks.command("advance")
def advance(
    by: Annotated[str, typer.Argument(help="500ms, 90s, 10m, 2h or 1d.")],
    room: RoomName = "main",
    url: Url = DEFAULT_URL,
    token: Token = "",
) -> None:
    """Move the clock on; whatever falls due happens."""
    typer.echo(Simulator(url, token).call("POST", f"/rooms/{room}/clock", {"advance_ms": _ms(by)})["now"])


@clocks.command("to")
def clock_to(
    time: Annotated[str, typer.Argument(help="yyyy-MM-dd HH:mm:ss or a date, Beijing time.")],
    room: RoomName = "main",
    url: Url = DEFAULT_URL,
    token: Token = "",
) -> None:
    """Move the clock to a time that is still to come."""
    typer.echo(Simulator(url, token).call("POST", f"/rooms/{room}/clock", {"to": time})["now"])


def person(
    act: Annotated[
        str,
        typer.Argument(
            help="show_code, consent, open, confirm, leave, wrong_password, pay, resolve, cashier_confirm, circulate or"
            " show_prescription."
        ),
    ],
    settings: Pairs = None,
    room: RoomName = "main",
    url: Url = DEFAULT_URL,
    token: Token = "",
) -> None:
    """Play the person behind the phone.

    Examples:

    `yibao-simulator person show_code psn_no=99000000000000000001`

    `yibao-simulator person consent psn_no=99000000000000000001 app_id=09A9… org_codg=P11010590001`

    `yibao-simulator person confirm pay_ord_id=ORD110100…`
    """
    show(Simulator(url, token).call("POST", f"/rooms/{room}/person/{act}", pairs(settings or [])))


def world(
    change: Annotated[
        str,
        typer.Argument(
            help="balance, quota, person, institution, drug, mapping, chronic_filing, chosen_institution, prescription"
            " or prescription_withdrawn."
        ),
    ],
    settings: Pairs = None,
    room: RoomName = "main",
    url: Url = DEFAULT_URL,
    token: Token = "",
) -> None:
    """Change the world while orders are on their way.

    Examples:

    `yibao-simulator world balance psn_no=99000000000000000001 fen:=0`

    `yibao-simulator world prescription psn_no=99000000000000000001 lines:='[{"med_list_codg": "X…", "cnt": 1}]'`
    """
    show(Simulator(url, token).call("POST", f"/rooms/{room}/world/{change}", pairs(settings or [])))


def deliver(room: RoomName = "main", url: Url = DEFAULT_URL, token: Token = "") -> None:
    """Run the courier now: send every notice that is due."""
    show(Simulator(url, token).call("POST", f"/rooms/{room}/courier/run", {}))


def _ms(text: str) -> int:
    for unit in sorted(_UNITS_MS, key=len, reverse=True):
        number = text.removesuffix(unit)
        if number != text and number.isascii() and number.isdigit():
            return int(number) * _UNITS_MS[unit]
    raise Misuse("by", "请写作 500ms、90s、10m、2h 或 1d", "write 500ms, 90s, 10m, 2h or 1d")
