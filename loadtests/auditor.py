"""The auditor: does what the channels believe agree with the ledger, to the fen, for every single order?

Pure over ``Books``; shares no code with the platform. Each rule looks at everything it concerns and says how much that
was: a rule that saw nothing has proved nothing.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from conformance.oracle.amounts import basket_fen
from conformance.oracle.books import imbalances
from loadtests.arrivals import REFUND_DELIVERY
from loadtests.books import Books
from loadtests.truths import Truth, View, sides, view

ACKNOWLEDGED = frozenset({"5", "6"})
"""ordStas once the paid notice was answered with success (L21, L22)."""
UNCERTAIN = frozenset({"in_doubt", "refunding", "manual_review"})
"""Beliefs that claim nothing; a limit says how many there may be."""
GIVEN_BACK = frozenset({"refunded", "partly_refunded"})
NOTHING_TAKEN = frozenset({"not_sent", "not_paid", "cancelled", "failed"})


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule broken: by which order, payment or account, and how."""

    about: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a rule saw: how many cases, and those that break it."""

    rule: str
    zh: str
    en: str
    core: bool
    """Without a single case of it a run proves nothing."""
    examined: int
    findings: tuple[Finding, ...]


Cases = Iterator[Finding | None]
"""One entry for every case looked at: None where it is in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule of the auditor: its name, its words, and the look it takes at the books."""

    name: str
    zh: str
    en: str
    check: Callable[[View], Cases]
    core: bool = True


def audit(books: Books) -> list[Result]:
    """Every rule's result, in the order of the table."""
    seen = view(books)
    return [_applied(rule, seen) for rule in RULES]


def unconfirmed(books: Books) -> list[str]:
    """Standing purchases whose paid notice nobody confirmed; judged against a limit."""
    truths = view(books).truths
    return [
        number
        for number, truth in truths.items()
        if truth.stands and truth.last and truth.last["ord_stas"] not in ACKNOWLEDGED
    ]


def _applied(rule: Rule, seen: View) -> Result:
    cases = list(rule.check(seen))
    return Result(
        rule=rule.name, zh=rule.zh, en=rule.en, core=rule.core, examined=len(cases),
        findings=tuple(case for case in cases if case is not None),
    )  # fmt: skip


def _case(sound: bool, about: str, zh: str, en: str) -> Finding | None:
    return None if sound else Finding(about, zh, en)


def _counted_once(seen: View) -> Cases:
    for number in sorted(seen.books.counted):
        truth = seen.truths.get(number)
        if truth is None:
            yield Finding(number, "计为成功，计划中却没有", "counted as a success, unknown to the plan")
            continue
        due = 0 if truth.cash_only else 1
        zh, en = f"计为成功，账上有{truth.pays}笔支付", f"counted as a success, the ledger has {truth.pays} PAY"
        yield _case(truth.pays == due, number, zh, en)


def _paid_once(seen: View) -> Cases:
    kinds = Counter((str(move["ref"]), str(move["kind"])) for move in seen.books.transfers)
    for (ref, kind), times in sorted(kinds.items()):
        if kind in ("PAY", "BACK"):
            yield _case(times == 1, ref, f"{kind} 有{times}笔", f"{times} times {kind}")
    for number, truth in seen.truths.items():
        alive = truth.pays - truth.backs
        yield _case(alive <= 1, number, f"同一订单有{alive}笔未退的支付", f"{alive} payments of one order stand")


def _nothing_unasked(seen: View) -> Cases:
    for move in seen.books.transfers:
        if move["kind"] != "PAY":
            continue
        ref = str(move["ref"])
        truth = seen.truth_of(ref)
        if truth is None:
            yield Finding(ref, "账上有支付，渠道不认得", "the ledger has a PAY that no channel knows")
        else:
            org = str(truth.row["org"])
            yield _case(f"due:{org}" in sides(move), ref, f"不是付给{org}的", f"is not owed to {org}")


def _mirrored(seen: View) -> Cases:
    for ref, moves in seen.moves.items():
        paid = next((sides(move) for move in moves if move["kind"] == "PAY"), {})
        mirror = {account: -fen for account, fen in paid.items()}
        for back in moves:
            if back["kind"] == "BACK":
                yield _case(sides(back) == mirror, ref, "退回与支付不是逐项相反", "BACK is no mirror of its PAY")


def _balanced(seen: View) -> Cases:
    wrong = set(imbalances(seen.books.transfers))
    summed: Counter[str] = Counter()
    for move in seen.books.transfers:
        transfer_id = str(move["transfer_id"])
        yield _case(transfer_id not in wrong, transfer_id, "借贷不平", "does not sum to zero")
        for account, fen in sides(move).items():
            summed[account] += fen
    told = seen.books.accounts
    for account in sorted(summed.keys() | told.keys()):
        shown, true = told.get(account, 0), summed[account]
        zh, en = f"余额{shown}，流水合计{true}", f"balance {shown}, its postings add up to {true}"
        yield _case(shown == true, account, zh, en)
    total = sum(told.values())
    yield _case(total == 0, "ledger", f"全部账户合计{total}分", f"all accounts together hold {total} fen")


def _no_overdraft(seen: View) -> Cases:
    for account, fen in sorted(seen.books.accounts.items()):
        if account.startswith(("own:", "due:")):
            yield _case(fen >= 0, account, f"透支{-fen}分", f"overdrawn by {-fen} fen")


def _priced(seen: View) -> Cases:
    for number, truth in seen.truths.items():
        price = basket_fen(truth.row["lines"])
        for split in (payment["split"] for payment in truth.payments if payment.get("split")):
            parts = split["account_fen"] + split["fund_fen"] + split["cash_fen"]
            zh, en = f"药费{price}分，拆分为{dict(split)}", f"the basket costs {price} fen, split as {dict(split)}"
            yield _case(split["medfee_fen"] == price == parts, number, zh, en)
        if truth.pays > truth.backs and truth.split:
            due, taken = truth.split["account_fen"] + truth.split["fund_fen"], truth.account_fen + truth.fund_fen
            yield _case(
                due == taken, number, f"医保应付{due}分，实扣{taken}分", f"{due} fen were due, {taken} were taken"
            )


def _cash_collected(seen: View) -> Cases:
    for number, truth in seen.truths.items():
        held = (truth.cash_fen, truth.freight_fen)
        if not truth.stands:
            yield _case(held == (0, 0), number, f"未成交却留有现金{held}分", f"nothing bought, {held} fen of cash held")
            continue
        cash_fen = int(truth.split["cash_fen"]) if truth.split else 0
        delivery_fen, packing_fen = int(truth.row["delivery_fen"]), int(truth.row["packing_fen"])
        returned = (0, delivery_fen) if truth.row["undo"] == REFUND_DELIVERY else (0,)
        sound = truth.cash_fen == cash_fen and delivery_fen + packing_fen - truth.freight_fen in returned
        due = (cash_fen, delivery_fen + packing_fen)
        yield _case(sound, number, f"应收{due}分，收银台持有{held}分", f"{due} fen were due, the desk holds {held}")


def _believed(seen: View) -> Cases:
    for number, truth in seen.truths.items():
        if truth.belief is None:
            yield _case(not truth.payments, number, "渠道忘记了该订单", "the channel forgot the order")
        elif str(truth.belief["state"]) not in UNCERTAIN:
            yield _belief_case(number, truth, truth.belief)


def _belief_case(number: str, truth: Truth, belief: object) -> Finding | None:
    assert isinstance(belief, dict)
    state, true_states = str(belief["state"]), _true_states(truth)
    if state not in true_states:
        words = "/".join(sorted(true_states))
        return Finding(number, f"渠道认为{state}，账上是{words}", f"believed {state}, the books say {words}")
    told = (int(belief["account_fen"]), int(belief["fund_fen"]), int(belief["cash_fen"]))
    true = (truth.account_fen, truth.fund_fen, truth.cash_fen + truth.freight_fen)
    return _case(
        told == true, number, f"渠道认为持有{told}分，账上{true}分", f"believed {told} fen, the books say {true}"
    )


def _true_states(truth: Truth) -> frozenset[str]:
    """The certain beliefs that agree with the books."""
    if truth.stands:
        return frozenset({"paid"})
    if truth.held_fen:
        return frozenset({"partly_refunded"})
    return frozenset({"refunded", "cancelled"}) if truth.was_bought else NOTHING_TAKEN


def _statements_agree(seen: View) -> Cases:
    """Every row that differs needs a reason that is no mistake.

    Of two channels each finds the other's rows; and of a refund whose answer was lost a channel knows that it happened
    (6301), but not under which number.
    """
    alone = len({row.get("channel", 0) for row in seen.books.asked}) < 2
    for told in seen.books.statements:
        if not told["final"]:
            continue
        org = str(told["org"])
        if not told["answered"]:
            yield Finding(org, f"对账没有完成：{told['why']}", f"the day could not be compared: {told['why']}")
            continue
        known = sum(_known_refunded(seen, str(order)) for order in told["orders"])
        wrong = int(told["differing"]) - known - (0 if alone else int(told["foreign"]))
        yield _case(wrong <= 0, org, f"对账有{wrong}条不一致", f"{wrong} rows differ from the platform's books")


def _known_refunded(seen: View, number: str) -> bool:
    truth = seen.truths.get(number)
    return truth is not None and truth.belief is not None and str(truth.belief["state"]) in GIVEN_BACK


RULES = (
    Rule(
        name="counted-once",
        zh="每个成功订单恰有一笔已提交的支付",
        en="every counted success has exactly one committed PAY",
        check=_counted_once,
    ),
    Rule(name="paid-once", zh="没有支付或退回发生两次", en="nothing is paid or given back twice", check=_paid_once),
    Rule(
        name="nothing-unasked",
        zh="账上每笔支付都有渠道认得的订单",
        en="every PAY belongs to an order a channel knows",
        check=_nothing_unasked,
    ),
    Rule(
        name="back-mirrors-pay",
        zh="每笔退回与其支付逐项相反",
        en="every BACK mirrors its PAY, source by source",
        check=_mirrored,
        core=False,
    ),
    Rule(
        name="books-balance",
        zh="每笔转账、每个账户、全部账户都平",
        en="each transfer, each account and all accounts together balance",
        check=_balanced,
    ),
    Rule(name="no-overdraft", zh="没有账户透支", en="no account is overdrawn", check=_no_overdraft),
    Rule(
        name="priced-right",
        zh="拆分等于药费，医保实扣等于拆分",
        en="the split is the basket's price, what insurance paid is the split",
        check=_priced,
    ),
    Rule(
        name="cash-collected",
        zh="收银台恰好持有成交订单的自费与配送费",
        en="the cash desk holds the cash share and freight of what was bought, nothing else",
        check=_cash_collected,
    ),
    Rule(
        name="beliefs-equal-ledger",
        zh="收尾后渠道的判断与账本一致",
        en="after quiescence what the channels believe is what the books say",
        check=_believed,
    ),
    Rule(
        name="statements-agree",
        zh="收尾后每家药店当天的对账逐条一致",
        en="at rest each pharmacy's day agrees with the platform's books, row by row",
        check=_statements_agree,
        core=False,
    ),
)
"""In the order of the report."""
