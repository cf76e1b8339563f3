"""A city's rules and a room's switches, as plain values. Files: ``simulator/cities/*.toml``."""

from dataclasses import dataclass

from simulator.domain.moment import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS


@dataclass(frozen=True, slots=True, kw_only=True)
class Benefit:
    """What the pooled fund of an area pays for medicine bought at a pharmacy; per person and calendar year (4.5)."""

    insutype: str
    med_types: tuple[str, ...]
    fund_pay_type: str
    deductible_fen: int
    """Covered expenses of the year the person bears before the fund begins to pay."""
    ratio_bp: int
    """Share the fund pays beyond it, in hundredths of a percent."""
    cap_fen: int
    """Most the fund pays in a year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """What differs from city to city in an online purchase."""

    code: str
    name_zh: str
    name_en: str
    admdvs: str
    dialect: str
    source: str
    otc_only: bool = True
    """Online: prescription drugs are refused."""
    mutual_aid: bool = True
    mutual_aid_default: bool = False
    """Relatives' accounts pay without acctUsedFlag 2 being sent."""
    mutual_aid_area: str = ""
    """Prefix of insuplc_admdvs both sides must share; empty: no limit."""
    settle_for_outsiders: bool = False
    """People insured elsewhere may pay from their account here."""
    partial_hi: bool = False
    """A part of the insurance money may go back (with the switch of that name)."""
    benefits: tuple[Benefit, ...] = ()
    """What the pooled fund would pay, by insutype and med_type."""
    pool_at: tuple[str, ...] = ()
    """Where it does: ``outpatient`` (2206, 2207), ``counter`` (2101, 2102), ``online`` (6202); empty: nowhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Switches:
    """Where the texts are silent or sources differ (order-life.md sections 2 and 9). First value is the default."""

    plain: bool = True
    """Unsealed frames are accepted for a first hour of trying."""
    confirm: str = "person"
    """``person`` · ``auto``: who confirms on the e-voucher page."""
    settle_at: str = "confirm"
    """``confirm`` · ``order``."""
    mode: str = "no_cashier"
    """``no_cashier`` · ``cashier``: the institution places the order with 6202, or the person confirms its data on the
    cashier page the answer of 6201 names, and 6204 tells the institution."""
    cash_by: str = "mode"
    """``mode`` · ``channel`` · ``centre``: who collects the cash share: the channel, but the centre in cashier mode."""
    hold_at_6202: bool = False
    """The split is held in suspense from 6202 on; off, the balance may be gone at the confirmation."""
    legs: str = "cash_first"
    """``cash_first`` · ``insurance_first``."""
    answer_6202: str = "1"
    """``1`` · ``2``: the ordStas shown in the answer of 6202."""
    close: str = "at_once"
    """``at_once`` · ``hold_5``."""
    close_ms: int = 30 * MINUTE_MS
    """House: how long ``hold_5`` holds."""
    partial_hi: str = "never"
    """``never`` · ``city``: 6203 HI of a part of the insurance money, where the city's file allows it."""
    revs_route: bool = False
    """9.6: 6203 HI with ``extData.revsToken`` reverses without a consent, in state 4 and within the hour."""
    state_17: bool = False
    """6301 shows 17, refunding, for a minute after a refund; known from one app only."""
    counter_refund: str = "refuse"
    """``refuse`` · ``allow``: a centre settlement cancelled with 2103 in the shop."""
    msgid: str = "refuse"
    """``refuse`` · ``replay`` · ``blind`` (9.1)."""
    repeat_med_org_ord: str = "same"
    """``same`` · ``refuse`` · ``second`` (9.2)."""
    repeat_biz_ser: str = "refuse"
    """``refuse`` · ``replay`` (9.3)."""
    repeat_refund: str = "same"
    """``same`` · ``refuse`` · ``slow`` (9.4): slow, the first answer takes long, a repeat meanwhile is refused."""
    repeat_revoke: str = "same"
    """``same`` · ``refuse`` (9.13)."""
    notices: str = "schedule"
    """``schedule`` · ``once`` · ``none`` · ``duplicate`` after success · ``late`` by two hours · ``before`` the answer
    of 6202 (``settle_at`` order) or before 6204 (cashier) · ``forged`` first (9.5)."""
    empty_ack: bool = False
    """9.6: an empty answer with HTTP 200 counts as success true."""
    reverse_on_false: bool = False
    """9.6: one ``success`` false reverses at once."""
    rx_review: str = "required"
    """``required`` · ``off``: whether 6201 refuses prescription medicine that 7206 has not let pass (order-life 7)."""
    refund_consent: str = "stored"
    """``stored`` · ``fresh`` (9.8)."""
    sign_in: str = "day"
    """``day`` · ``hour`` · ``newest`` · ``required`` · ``off``: validity of sign_no (9.10); off, none is asked for."""
    tombstone: bool = True
    """9.14: a reversed, never seen msgid is refused if it arrives later."""
    pay_auth_ms: int = 10 * MINUTE_MS
    consent_spent_by: str = "6202"
    """``6202`` · ``6201`` (9.7)."""
    qr_ms: int = 60 * SECOND_MS
    ec_token_ms: int = 30 * MINUTE_MS
    upload_ms: int = 2 * HOUR_MS
    """L05: an uploaded order without 6202."""
    presettle_ms: int = 30 * MINUTE_MS
    """L06: a pre-settled order without confirmation."""
    confirm_idle_ms: int = 5 * MINUTE_MS
    """L08."""
    seal_window_ms: int = 10 * MINUTE_MS
    gateway_window_ms: int = 30 * MINUTE_MS
    refund_days: int = 400
    totl_refd: str = "either"
    """``either`` · ``original`` · ``parts``: what totlRefdAmt of a partial refund is the total of (9.16)."""
    otc_fields: str = "relaxed"
    """``relaxed`` · ``as_printed``: whether 6201 of an OTC purchase needs what is printed as required (9.19)."""
    infcode: str = "number"
    """``number`` · ``string``."""
    own_pay_spelling: str = "both"
    """``both`` · ``ownpayAmt`` · ``ownPayAmt`` in 6302 (9.18)."""
    call_type: str = "02"
    """``02`` · ``2``: callType of a paid order; the table prints the first, its dictionary the second (9.18)."""
    notice_fields: str = "live"
    """``live`` · ``printed`` · ``with_state``: what 6302 carries: orgCode and the parts of the account beside the
    table, the table alone, or ordStas too (9.18)."""
    pay_frame: str = "sealed"
    """``sealed`` · ``infno`` · ``single``: the frame of the pay centre: sealed and numbered, the institution's frame on
    the same addresses, or one address where transType tells the operation (online-payment 1.1 V-A, V-B, V-C)."""
    relay_levels: int = 0
    """How many wrappers (data, output, body; three at most) a relay puts around an answer of V-B (1.1)."""
    hex_case: str = "upper"
    """``upper`` · ``lower``: encData as the platform sends it (2.5 D5)."""
    signed_as: str = "numbers"
    """``numbers`` · ``strings``: how the platform signs numbers and booleans of data (2.5 D1)."""
    trace_node: str = "both"
    """``both`` · ``durg_trac_info`` · ``drug_trac_info``: how 2102 spells the node of its codes (3.10)."""
    aid: str = "draw"
    """``draw`` · ``wallet``: relatives pay from their account, or only from a quota they set aside (9.17)."""
    pool: str = "city"
    """``city`` · ``shop`` · ``none``: the pooled fund pays where the city file says, over the counter, nowhere."""
    fund_pay_sum: str = "funds"
    """``funds`` · ``with_account``: whether fund_pay_sumamt contains acct_pay (4.5, Guangdong)."""
    cancel_fields: str = "both"
    """``both`` · ``provincial`` · ``base``: names of the person's parts in 2103 and 2208 (0.1)."""
    late_fields: bool = True
    """hifdm_pay everywhere and hosp_part_amt of 2101 and 2102, which the base edition does not have (0.0)."""
    ext_field: str = "exp_content"
    """``exp_content`` · ``expContent``: the extension field of 2101, 2102, 2201, 2206 and 2207 (0.1)."""
    medinsinfo: str = "row"
    """``row`` · ``list``: 1201 answers a single institution as an object, or always a list (2.4)."""
    stmt_rslt: str = "codes"
    """``codes`` (000000, 000101, 000102, 000103) · ``flags`` (0, 1): verdicts of 3201 and 3202 (5.4)."""
    stmt_count: str = "net"
    """``net`` · ``records``: fixmedins_setl_cnt is purchases less refunds, never below 0, or all records (5.1)."""
    stmt_refunds: str = "as_flagged"
    """``as_flagged`` · ``always``: refd_setl_flag says whether refunds are in the totals, or they always are."""
    stmt_header: str = "checked"
    """``checked`` · ``ignored``: whether the totals of 3202 must be those of its file (house)."""
    range_days: int = 366
    """House: the longest range of time one statement or query may cover."""
    mapping: str = "approved"
    """``approved`` · ``pending`` · ``required``: a mapping of 3301 stands at once, waits for approval, or waits and
    without it a line is self-paid (3.9: regional)."""
    trace_repeat: str = "alert"
    """``alert`` · ``refuse``: a pack already sold, sold again whole (3505A: noted, settles all the same)."""
    trace_duty: str = "off"
    """``off`` · ``dates``: codes are due from 2025-07-01 in insured sales, from 2026-01-01 in all (order-life 7); off
    (house) lets a rehearsal without codes settle."""
    trace_before: str = "dispatch"
    """``dispatch`` · ``settle``: whether a payment order owes its codes with 3505 or already in 6201 (order-life 7)."""
    trace_place: str = "either"
    """``either`` · ``line`` · ``root``: where 2102 carries its codes, in the line or beside them (3.10)."""
    file_days: int = 7
    """House: how long a file of 9101 or 9102 may be fetched; no text names a time."""

    @property
    def refund_window_ms(self) -> int:
        """9.15."""
        return self.refund_days * DAY_MS
