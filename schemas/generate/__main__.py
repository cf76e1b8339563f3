"""Command line of the generator: ``python -m schemas.generate --spec DIR [--only CODE ...]``."""

import argparse
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from schemas import loader
from schemas.generate import corrections, dictionaries, examples, tables
from schemas.generate.compose import Composer
from schemas.generate.fields import Json
from schemas.generate.layout import text

PACKAGE = Path(__file__).resolve().parent.parent


def files(spec: Path, only: Iterable[str] = ()) -> dict[str, str]:
    """Every file the generator answers for, by path under ``schemas/``; ``only`` names interfaces.

    Raises TableError or CorrectionError, whose texts name the file and the way out.
    """
    fixes = corrections.read(PACKAGE / "corrections")
    composer = Composer(tables.read(spec), fixes)
    chosen = list(only)
    if unknown := [code for code in chosen if code not in fixes.interfaces]:
        raise corrections.CorrectionError(
            f"corrections/*.toml have no interface {', '.join(unknown)}: give it a table in its family's file first"
        )
    written: dict[str, Json] = {}
    for code in chosen or fixes.interfaces:
        written[f"{composer.fix(code).family}/{composer.stem(code)}.json"] = composer.schema(code)
    if not chosen:
        for name, schema in dictionaries.schemas(composer.tables, fixes).items():
            written[f"dictionaries/{name}.json"] = schema
    return {path: text(schema) for path, schema in written.items()}


def example_files(only: Iterable[str] = ()) -> dict[str, str]:
    """The examples of every interface that are not written by hand, from the schemas as they lie in the package."""
    fixes, samples = corrections.read(PACKAGE / "corrections"), examples.read(PACKAGE / "corrections")
    chosen = list(only)
    made: dict[str, str] = {}
    for code, fix in fixes.interfaces.items():
        if fix.examples == "generated" and (not chosen or code in chosen):
            one = loader.interface(code)
            for name, message in examples.files(one, samples).items():
                made[f"examples/{one.family}/{one.stem}/{name}.json"] = text(message)
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the files; 0 when done, 3 when the tables or the corrections cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m schemas.generate", description=__doc__)
    parser.add_argument("--spec", metavar="DIR", help="folder of the three CSV files (default: $OFFICIAL_SPEC)")
    parser.add_argument("--only", metavar="CODE", nargs="+", default=[], help="these interfaces alone, no dictionaries")
    chosen = parser.parse_args(arguments)
    spec = chosen.spec or os.environ.get("OFFICIAL_SPEC")
    if not spec:
        print("no tables: give --spec DIR or set OFFICIAL_SPEC", file=sys.stderr)
        return 3
    try:
        written = files(Path(spec), chosen.only)
    except (tables.TableError, corrections.CorrectionError) as error:
        print(error, file=sys.stderr)
        return 3
    _write(written)
    made = example_files(chosen.only)
    _write(made)
    print(f"{len(written)} schemas and {len(made)} examples written under {PACKAGE}")
    return 0


def _write(files_by_path: dict[str, str]) -> None:
    for path, content in files_by_path.items():
        target = PACKAGE / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
