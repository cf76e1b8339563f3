"""What a room starts from."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from simulator.domain.records import Institution, Person


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """People, institutions, and the opening balances of the ledger in fen, by ledger account.

    ``catalogue`` names the list of drugs; ``shipped`` is the one of ``simulator.worlds.catalogue``.
    """

    name: str
    people: tuple[Person, ...]
    institutions: tuple[Institution, ...]
    openings: Mapping[str, int]
    catalogue: str = "shipped"


def resettled(world: World, *, admdvs: str, name_zh: str, home: str = "110100") -> World:
    """The same people and pharmacies in another city: divisions, codes and addresses change, names and numbers stay.

    Our worlds are laid out as a Beijing. Who was insured at home is insured in the new city; who was insured there
    before is the outsider now.
    """
    if admdvs == home:
        return world
    elsewhere = {home: admdvs, admdvs: home}
    return replace(
        world,
        people=tuple(
            replace(one, insuplc_admdvs=elsewhere.get(one.insuplc_admdvs, one.insuplc_admdvs)) for one in world.people
        ),
        institutions=tuple(
            _resettled(one, f"{admdvs[:4]}{one.admdvs[4:]}", f"{name_zh}测试路{number}号")
            for number, one in enumerate(world.institutions, 1)
        ),
    )


def _resettled(shop: Institution, admdvs: str, addr: str) -> Institution:
    return replace(shop, fixmedins_code=f"P{admdvs}{shop.fixmedins_code[7:]}", admdvs=admdvs, addr=addr)
