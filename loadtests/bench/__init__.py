"""The benchmark: what an exchange costs inside the simulator, part by part, and how many a server answers.

``shop`` makes real messages with the reference channel and holds the measured one back, ``inside`` times the parts in
this process, ``servers`` and ``pouring`` put the same messages on a socket, for the simulator and for stateless mock
servers, ``figures`` makes medians and ratios of it all. Rounds of everything alternate, so that a machine whose speed
drifts bends both sides of a ratio alike. Nothing here is a test: figures are told, never judged.
"""
