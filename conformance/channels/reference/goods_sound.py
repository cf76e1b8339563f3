"""The sound parts about goods, put together."""

from typing import Final

from conformance.channels.reference import goods, limits, packs, shelf
from conformance.channels.reference.parts import GoodsParts

SOUND_GOODS: Final = GoodsParts(
    basket=limits.BASKET,
    hand_over=goods.HAND_OVER,
    report=goods.report,
    after_lost_report=goods.after_lost_report,
    virtual_codes=goods.virtual_codes,
    sale_row=packs.sale_row,
    return_row=packs.return_row,
    row_taken=goods.row_taken,
    may_take_back=goods.may_take_back,
    shelf_after=goods.shelf_after,
    purchase_row=shelf.purchase_row,
    after_lost_purchase=shelf.after_lost_purchase,
    remove_first=shelf.remove_first,
    mapping_stands=shelf.mapping_stands,
)
