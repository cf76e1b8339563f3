"""What is true at the platform, without sockets, files or clocks.

Records are frozen; a function takes a unit of work (``ports.Unit``), reads records from it, decides, and puts new
ones back. Whoever called it decides whether that becomes permanent. Money is integer fen, time is integer
milliseconds since the epoch, shown as Beijing time.
"""
