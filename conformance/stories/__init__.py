"""What happens: a buyer orders, confirms, changes his mind; a platform stays silent, a process dies.

A story is a function of a ``Stage`` and plain parameters. It asks the channel for business, plays the person and the
world through the control API, and lets time pass. It judges nothing and knows neither platform nor channel from the
inside, so certification and load can share it.
"""
