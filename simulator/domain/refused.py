"""The one way in which the platform says no."""


class Refusal(Exception):
    """A request the platform refuses; it changes nothing.

    ``rule`` names a row of the table in ``simulator.refusal``, which holds the wording and the wire code;
    ``field`` names the wire field at fault, if there is one; ``values`` fill the wording.
    """

    def __init__(self, rule: str, field: str = "", **values: object) -> None:
        super().__init__(rule, field, values)
        self.rule = rule
        self.field = field
        self.values = values
