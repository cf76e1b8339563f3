"""``python -m conformance.channels.mutants --driver --mutant NAME``: a broken channel as a program."""

import sys

from conformance.channels.mutants.registry import mutants
from conformance.channels.reference.adapter.stdio import parser, serve
from conformance.channels.reference.sound import SOUND


def main(arguments: list[str] | None = None) -> int:
    """Serve the chosen mutant until the input ends."""
    options = parser("conformance.channels.mutants")
    options.add_argument(
        "--mutant", required=True, choices=sorted(mutants()), metavar="NAME", help="which mistake to make"
    )
    chosen = options.parse_args(arguments)
    mutant = mutants()[chosen.mutant]
    return serve(mutant.change(SOUND), product=mutant.name, chosen=chosen)


if __name__ == "__main__":
    sys.exit(main())
