"""localEcTokenCheck: does this ecToken still stand for this person."""

from simulator.domain.baskets import text
from simulator.domain.consent import good_token
from simulator.domain.ports import Unit
from simulator.exchange import Call, Json


def handle(call: Call, unit: Unit) -> Json:
    """``flag`` 1 or 0; anything that does not fit is 0, without a reason, so that nothing can be guessed from it."""
    asked = call.data
    good = good_token(
        unit, text(asked, "ecToken"), orgs=call.channel.orgs, id_type=text(asked, "idType"),
        id_no=text(asked, "idNo"), user_name=text(asked, "userName"),
    )  # fmt: skip
    return {"flag": "1" if good else "0"}
