"""The raw series for other tools: CSV always, Parquet where pyarrow is installed. The one door to pyarrow."""

import csv
import io
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from typing import Any

Rows = Sequence[Mapping[str, Any]]


def to_csv(columns: Sequence[str], rows: Rows) -> bytes:
    """A header and one line for each row; an empty cell where there is no figure."""
    page = io.StringIO()
    writer = csv.DictWriter(page, columns, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return page.getvalue().encode()


def to_parquet(columns: Sequence[str], rows: Rows) -> bytes | None:
    """The same as a Parquet file; None without pyarrow (``pip install 'yibao-channel-lab[parquet]'``)."""
    if find_spec("pyarrow") is None:
        return None
    import pyarrow  # type: ignore[import-untyped,import-not-found,unused-ignore]  # optional, and without types
    from pyarrow import parquet  # type: ignore[import-untyped,import-not-found,unused-ignore]  # as the line above

    sink = pyarrow.BufferOutputStream()
    table = pyarrow.table({name: [row[name] for row in rows] for name in columns})
    parquet.write_table(table, sink)
    return bytes(sink.getvalue())
