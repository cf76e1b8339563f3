"""The bundle: everything a run leaves behind, signed as one, so that it can be checked and judged again offline.

``writing`` makes it, ``verifying`` finds out whether it is whole and from whom, ``rejudging`` draws the verdict again
from the saved evidence. The names of the parts and what each is: ``parts``.
"""
