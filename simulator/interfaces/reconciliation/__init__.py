"""The institution's records against the platform's."""
