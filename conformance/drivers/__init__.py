"""How the suite reaches a channel: in this process, or as a command that speaks JSON lines. The messages are the same.

``driver.py`` says what a driver is and how it may fail; ``in_process.py`` builds the reference channel or a broken
twin; ``command.py`` runs anybody's adapter; ``validated.py`` holds every answer against the contract.
"""
