"""Broken channels: each is the sound one with one part swapped, and says which requirements must fall with it.

``mutant.py`` is the form, ``registry.py`` finds them, the other modules hold them by theme. A mutant that the suite
does not catch shows a hole in the suite; a requirement outside ``must_break`` and ``may_break`` that falls shows a
fault of the suite.
"""
