"""A small town for plans: rows as the control API lists them."""

from typing import Any

from loadtests.arrivals import Town, town


def people(count: int = 40) -> list[dict[str, Any]]:
    """Every fifth has no account of his own but a giver, the last is not insured."""
    rows = [
        {
            "psn_no": f"P{number:03d}", "ec_user_id": f"EC{number:03d}", "psn_insu_stas": "1",
            "insutype": "390" if number % 5 == 0 else "310", "givers": ["P001"] if number % 5 == 0 else [],
        }
        for number in range(count)
    ]  # fmt: skip
    rows[-1]["psn_insu_stas"] = "2"
    return rows


def shops(count: int = 30) -> list[dict[str, Any]]:
    """The first is suspended, the second not admitted online."""
    return [
        {"fixmedins_code": f"S{number:03d}", "online": number != 1, "suspended": number == 0} for number in range(count)
    ]


def drugs() -> list[dict[str, Any]]:
    """Two that may be sold online, and one of each kind that may not."""
    sold = {"rx_flag": "0", "online_barred": False, "vali_flag": "1", "price": "10.00"}
    return [
        {**sold, "med_list_codg": "X1", "reg_name": "感冒灵颗粒"},
        {**sold, "med_list_codg": "X2", "reg_name": "碘伏消毒液"},
        {**sold, "med_list_codg": "R1", "reg_name": "处方药", "rx_flag": "1"},
        {**sold, "med_list_codg": "B1", "reg_name": "禁售", "online_barred": True},
        {**sold, "med_list_codg": "N1", "reg_name": "无价", "price": ""},
        {**sold, "med_list_codg": "W1", "reg_name": "撤销", "vali_flag": "0"},
    ]


def small_town() -> Town:
    """All of it."""
    return town(people(), shops(), drugs())
