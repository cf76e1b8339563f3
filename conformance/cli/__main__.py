"""``python -m conformance.cli`` is ``yibao-certify``."""

from conformance.cli import main

main()
