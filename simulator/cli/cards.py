"""``card``: fault cards, for tests that cannot arm faults themselves."""

from pathlib import Path
from typing import Annotated

import typer

from schemas.tomlfile import FileFault
from simulator.cli.asking import DEFAULT_URL, RoomName, Simulator, Token, Url
from simulator.faults import cards
from simulator.misuse import Misuse

app = typer.Typer(no_args_is_help=True, help="Fault cards: a bad day for a test person, a drug or a total.")
Deck = Annotated[Path | None, typer.Option("--deck", help="A deck of your own (TOML); left out, the shipped one.")]


def deck_of(path: Path | None) -> cards.Deck:
    """The deck in a file, or the shipped one.

    Raises:
        Misuse: the file cannot be read, or is no deck.
    """
    try:
        return cards.read(path) if path else cards.shipped()
    except (FileFault, OSError, UnicodeDecodeError) as fault:
        raise Misuse("deck", f"故障卡文件有误：{fault}", f"{fault}") from None


@app.command("names")
def names(deck: Deck = None) -> None:
    """Every card of a deck: whom it is dealt to, and what happens."""
    for name, card in deck_of(deck).items():
        whose = card.get("person") or card.get("drug") or f"{card['total']} 元"
        typer.echo(f"{name:<18} {whose:<26} {card['zh']} / {card['en']}")


@app.command("deal")
def deal(
    names: Annotated[list[str] | None, typer.Argument(help="Which cards; left out, the whole deck.")] = None,
    deck: Deck = None,
    room: RoomName = "main",
    url: Url = DEFAULT_URL,
    token: Token = "",
) -> None:
    """Deal cards in a room: from now on they strike each order they mean, once.

    Example: `yibao-simulator card deal answer-lost storm`
    """
    body = {"cards": names or [], "deck": deck_of(deck)}
    for name in Simulator(url, token).call("POST", f"/rooms/{room}/cards", body)["dealt"]:
        typer.echo(name)
