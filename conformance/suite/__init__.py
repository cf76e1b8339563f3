"""The runner: puts a channel through scenarios, keeps the record, hands it to the judge, and is itself a pytest plugin.

``start`` reaches a platform (its own in process, or one over HTTP), ``run`` plays one scenario in a room of its own,
``preflight`` makes sure first that everybody can talk to everybody, ``plugin`` makes one pytest item per requirement.
"""
