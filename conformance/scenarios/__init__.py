"""What is played: a story with a world, a city, switches and armed faults, as rows of TOML.

``listing`` reads them. A scenario marked ``hard`` takes a protection of the platform away, because no text promises it.
"""
