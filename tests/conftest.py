"""One Hypothesis profile for everybody: the same examples on every machine, on every day."""

from hypothesis import settings

settings.register_profile("house", derandomize=True, deadline=None)
settings.load_profile("house")
