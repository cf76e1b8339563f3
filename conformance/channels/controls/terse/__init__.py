"""The terse control: it says what the tables require, waits to be told, and asks once when it was.

``sheet.py`` one row per order, the belief among its columns · ``saying.py`` its messages, as short as they may be ·
``buying.py`` an online order from the basket to its end, told as one procedure · ``till.py`` the counter ·
``naming.py`` what goods are called and how many one person may have · ``charging.py`` what a coupon leaves of the
prices · ``filling.py`` ``prescribing.py`` prescriptions and what is said of them · ``shop.py`` the tasks, the inbox and
the alarm clock.
"""
