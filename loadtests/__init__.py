"""Load profiles: the reference channel as a Locust user, days as data, and an auditor at the end of every run."""
