"""The suite's own TOML files, as the rest of the suite asks for them."""

from schemas.tomlfile import FileFault
from schemas.tomlfile import read as read_tables

__all__ = ["FileFault", "read_tables"]
