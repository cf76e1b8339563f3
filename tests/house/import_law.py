"""Two contract types for import-linter, so that the law of who may import whom is one row for each part.

The built-in types fail on a module that does not exist; these rows wait for theirs
and bind it from its first import.
"""

from collections.abc import Iterator

import grimp
from importlinter import Contract, ContractCheck, fields, output


class _Row(Contract):
    """What both rows share: a reason, and offences printed with the way out."""

    reason = fields.StringField()

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print each offence, why the row exists, and the way out."""
        for offence in check.metadata["offences"]:
            output.print_error(f"- {offence}", bold=False)
        output.print_error(f"Why: {self.reason}", bold=False)
        output.print_error(
            "The way out: turn the import round, pass the value as an argument, or move the thing to the "
            "lower part. If the law itself is wrong, change its row in pyproject.toml and say why in the commit.",
            bold=False,
        )


class MayImport(_Row):
    """`module` (and all in it) may import itself and what `may_import` lists, of ours nothing else.

    An entry `a.b -> c` lets only `a.b` import `c`. A `*` in `module` gives each match a row of its own.
    """

    module = fields.StringField()
    may_import = fields.ListField(subfield=fields.StringField())

    def check(self, graph: grimp.ImportGraph, verbose: bool) -> ContractCheck:
        """Direct imports only: each part answers for its own."""
        offences = [
            f"{importer} imports {imported} ({_lines(graph, importer, imported)})"
            for head in _heads(graph, self.module)
            for importer in sorted(_subtree(graph, head))
            for imported in sorted(graph.find_modules_directly_imported_by(importer))
            if not _inside(imported, head) and not self._allows(importer, imported)
        ]
        return ContractCheck(kept=not offences, metadata={"offences": offences})

    def _allows(self, importer: str, imported: str) -> bool:
        for entry in self.may_import:
            who, arrow, whom = entry.rpartition(" -> ")
            if _inside(imported, whom) and (not arrow or importer == who):
                return True
        return False


class NeverReaches(_Row):
    """`module` reaches nothing of what `never` lists, not through any chain of imports either."""

    module = fields.StringField()
    never = fields.ListField(subfield=fields.StringField())

    def check(self, graph: grimp.ImportGraph, verbose: bool) -> ContractCheck:
        """The shortest chain from the module to each forbidden part."""
        offences = [
            " -> ".join(chain)
            for head in _heads(graph, self.module)
            for forbidden in self.never
            for chain in sorted(_chains(graph, head, forbidden))
        ]
        return ContractCheck(kept=not offences, metadata={"offences": offences})


def _heads(graph: grimp.ImportGraph, expression: str) -> Iterator[str]:
    if "*" in expression:
        yield from sorted(graph.find_matching_modules(expression))
    elif expression in graph.modules:
        yield expression


def _chains(graph: grimp.ImportGraph, importer: str, imported: str) -> set[tuple[str, ...]]:
    if imported not in graph.modules:
        return set()
    return graph.find_shortest_chains(importer=importer, imported=imported, as_packages=True)


def _subtree(graph: grimp.ImportGraph, head: str) -> set[str]:
    return {head, *graph.find_descendants(head)}


def _inside(name: str, head: str) -> bool:
    return name == head or name.startswith(f"{head}.")


def _lines(graph: grimp.ImportGraph, importer: str, imported: str) -> str:
    details = graph.get_import_details(importer=importer, imported=imported)
    return ", ".join(f"line {detail['line_number']}" for detail in details) or "line unknown"
