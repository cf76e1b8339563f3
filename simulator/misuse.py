"""The one way in which the control side says that it was asked wrongly."""


class Misuse(Exception):
    """A control call that cannot be done as asked. ``field`` names the part at fault, zh and en name the way out."""

    def __init__(self, field: str, zh: str, en: str, status: int = 400) -> None:
        super().__init__(f"{field}: {en}" if field else en)
        self.field = field
        self.zh = zh
        self.en = en
        self.status = status

    def body(self) -> dict[str, object]:
        """What the control API answers."""
        return {"error": {"field": self.field, "zh": self.zh, "en": self.en}}
