"""The outpatient chain, by which a pharmacy settles a purchase the pooled fund pays for."""
