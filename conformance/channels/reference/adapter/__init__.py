"""The program around the reference channel: it speaks the driver contract, and owns what the channel does not.

``verbs.py`` turns the suite's verbs into calls of the channel; ``stdio.py`` reads and writes them as lines;
``listening.py`` has the little servers in front of the inbox, and of the driver where that is an address.
A vendor's own adapter does the same three things.
"""
