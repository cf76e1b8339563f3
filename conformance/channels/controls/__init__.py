"""Two sound channels built otherwise than the reference: whoever is blamed although sound, the rule is at fault.

``eager`` asks all the time, says everything the tables allow, and works out from the facts what to do next;
``terse`` says the least the tables ask for, waits to be told, and works with timers and a short list of columns.
They share the wire with the reference, and nothing else: neither its records nor its steps nor its beliefs.
"""
