"""The command ``yibao-simulator``."""

from simulator import startup


def main() -> None:
    """Entry point: check where our packages come from, then run the command line. Exit codes: 3 usage, 4 our own."""
    startup.check()
    from simulator.cli.app import run

    run()
