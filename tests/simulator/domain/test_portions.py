"""Parts of a split that go back add up to it, source by source, and take from no source more than it gave."""

from hypothesis import given
from hypothesis import strategies as st

from simulator.domain.benefit import Pooled
from simulator.domain.bill import Share, Split
from simulator.domain.portions import portion, rest

FEN = st.integers(min_value=0, max_value=50_000)


@st.composite
def splits(draw: st.DrawFn) -> Split:
    own, givers, fund, cash = draw(FEN), draw(st.lists(FEN, max_size=3)), draw(FEN), draw(FEN)
    pooled = Pooled(fund_pay_type="310102", year="2026", dedc_fen=7, ratio_bp=7_000, limit_fen=99_999, fund_fen=fund)
    return Split(
        lines=(), medfee_fen=own + sum(givers) + fund + cash, fund_fen=fund, own_fen=own, cash_fen=cash,
        aid=tuple(Share(psn_no=f"G{number}", fen=fen) for number, fen in enumerate(givers)), balance_before_fen=own,
        pooled=pooled if fund else None,
    )  # fmt: skip


def sources(split: Split) -> dict[str, int]:
    return dict(split.sources("P", "110100"))


@given(splits(), st.data())
def test_parts_add_up_to_the_whole_source_by_source(split: Split, data: st.DataObject) -> None:
    back: list[Split] = []
    for _ in range(3):
        left = rest(split, back)
        part = portion(
            left,
            acct_fen=data.draw(st.integers(0, left.acct_fen)),
            fund_fen=data.draw(st.integers(0, left.fund_fen)),
        )
        assert all(0 <= fen <= sources(left)[account] for account, fen in sources(part).items())
        back.append(part)
        if part == left:
            break
    else:
        back.append(rest(split, back))
    for account, fen in sources(split).items():
        assert sum(sources(part).get(account, 0) for part in back) == fen
    assert sum(part.medfee_fen for part in back) == split.medfee_fen
    used = [part.pooled for part in back if part.pooled]
    assert sum(one.dedc_fen for one in used) == (split.pooled.dedc_fen if split.pooled else 0)
    assert sum(one.fund_fen for one in used) == split.fund_fen


def test_the_giver_who_paid_last_gets_his_money_first() -> None:
    split = Split(
        lines=(), medfee_fen=600, fund_fen=0, own_fen=100, cash_fen=0, balance_before_fen=100,
        aid=(Share(psn_no="G1", fen=200), Share(psn_no="G2", fen=300)),
    )  # fmt: skip
    part = portion(split, acct_fen=350, fund_fen=0)
    assert (part.own_fen, [(share.psn_no, share.fen) for share in part.aid]) == (0, [("G1", 50), ("G2", 300)])
    assert rest(split, [part]).own_fen == 100


def test_nothing_back_leaves_the_split_itself() -> None:
    split = Split(lines=(), medfee_fen=5, fund_fen=0, own_fen=5, cash_fen=0, balance_before_fen=5)
    assert rest(split, []) is split and portion(split, acct_fen=5, fund_fen=0) is split
