"""The program around the reference channel: it speaks the driver contract, and owns what the channel does not.

``verbs.py`` turns the suite's verbs into calls of the channel; ``stdio.py`` reads and writes them as lines;
``inbox_server.py`` is the little server in front of the inbox. A vendor's own adapter does the same three things.
"""
