"""``python -m conformance.channels.reference --driver``: the reference channel as a program."""

import sys

from conformance.channels.reference.adapter.stdio import main

if __name__ == "__main__":
    sys.exit(main())
