"""Channels the suite brings along: the sound reference, which every rule must let pass, and its broken twins."""
