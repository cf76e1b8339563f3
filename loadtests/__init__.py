"""Load profiles: the reference channel as a Locust user, days as data, and an auditor at the end of every run.

The way of a run: ``load_profile`` reads the day, ``arrivals`` draws who buys what where and when, ``agenda`` decides
what may happen now and when the clock moves, ``campaign`` sets up the room and hands the work out, ``desk`` is a
reference channel at work, ``auditor`` compares the three books, ``report`` says what came of it.
Only ``locustfile.py`` knows Locust; importing it patches the whole process, so nothing imports it.
"""

import logging

# One line for every request would bury the run.
logging.getLogger("httpx").setLevel(logging.WARNING)
