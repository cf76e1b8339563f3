"""The prescription centre, from the side of the pharmacy that dispenses."""
