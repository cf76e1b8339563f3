"""Who and what a story is played with: people, pharmacies and baskets of a world, by their names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """``people`` by name (甲 for 测试甲), ``shops`` by district, ``baskets`` by name, ``drugs`` by code."""

    people: Mapping[str, Json]
    shops: Mapping[str, Json]
    baskets: Mapping[str, Sequence[Json]]
    drugs: Mapping[str, Json]

    def lines(self, basket: str) -> list[dict[str, Any]]:
        """A basket with what the shop's own product file says of each drug."""
        return [{**line, **self._product(str(line["med_list_codg"]))} for line in self.baskets[basket]]

    def barred(self) -> list[str]:
        """Codes that may not be sold online."""
        return sorted(code for code, drug in self.drugs.items() if drug["rx_flag"] != "0" or drug["online_barred"])

    def _product(self, code: str) -> dict[str, Any]:
        drug = self.drugs.get(code)
        if drug is None:
            return {}
        return {"name": drug["reg_name"], "rx_flag": drug["rx_flag"], "online_barred": bool(drug["online_barred"])}
