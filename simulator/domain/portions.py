"""Parts of the insurance money that go back one after another (switch ``partial_hi``; no published rule, house).

Account money returns in the reverse order of its taking: the giver who paid last first, the own account at the end.
"""

from collections.abc import Iterable
from dataclasses import replace

from simulator.domain.bill import Share, Split


def rest(split: Split, back: Iterable[Split]) -> Split:
    """What of a split has not gone back yet: the split itself while nothing has."""
    for part in back:
        returned = {share.psn_no: share.fen for share in part.aid}
        pooled = split.pooled and replace(split.pooled, fund_fen=split.pooled.fund_fen - part.fund_fen)
        split = replace(
            split, lines=(), medfee_fen=split.medfee_fen - part.medfee_fen, fund_fen=split.fund_fen - part.fund_fen,
            own_fen=split.own_fen - part.own_fen, pooled=pooled,
            aid=tuple(replace(share, fen=share.fen - returned.get(share.psn_no, 0)) for share in split.aid),
        )  # fmt: skip
    return split


def portion(left: Split, *, acct_fen: int, fund_fen: int) -> Split:
    """That much of what is left; all of it is ``left`` itself."""
    if (acct_fen, fund_fen) == (left.acct_fen, left.fund_fen):
        return left
    aid: list[Share] = []
    own_fen = acct_fen
    for share in reversed(left.aid):
        aid.insert(0, replace(share, fen=min(share.fen, own_fen)))
        own_fen -= aid[0].fen
    pooled = left.pooled and replace(left.pooled, dedc_fen=0, fund_fen=fund_fen)
    return replace(
        left, lines=(), medfee_fen=acct_fen + fund_fen, fund_fen=fund_fen, own_fen=own_fen, aid=tuple(aid), cash_fen=0,
        pooled=pooled,
    )  # fmt: skip
