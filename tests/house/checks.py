"""Pure checks: one source in, what breaks the rule out; `test_checks.py` shows each of them failing."""

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache

from tests.house.sources import PACKAGES, Finding, Source

FUNCTION_CAP = 60
MODULE_CAP = 400
BANNED_WORDS = frozenset({"utils", "util", "helpers", "helper", "common", "manager", "base", "misc"})
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
Function = ast.FunctionDef | ast.AsyncFunctionDef
# Written in halves, so that the word is not in this file.
LEFTOVER = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK")) + r")\b")
NO_COVER = "pragma: no" + " cover"
SWITCHED_OFF = re.compile(r"#\s*(no" + r"qa|type:\s*ig" + r"nore)\b(?P<codes>[:\[][^#]*)?(?P<reason>.*)")
IMPURE_MODULES = frozenset(
    [
        "asyncio",
        "concurrent",
        "fcntl",
        "ftplib",
        "glob",
        "http",
        "importlib",
        "io",
        "logging",
        "mmap",
        "multiprocessing",
        "os",
        "pathlib",
        "selectors",
        "shelve",
        "shutil",
        "smtplib",
        "socket",
        "socketserver",
        "sqlite3",
        "ssl",
        "subprocess",
        "sys",
        "tempfile",
        "threading",
        "time",
        "urllib",
    ]
)
# Ambient clocks and dice: `datetime.now()`, `random.choice()`; `random.Random(seed)` is a value and passes.
AMBIENT = re.compile(r"(datetime|date)\.(now|today|utcnow)|random\.[a-z]\w*")


def functions(tree: ast.AST, prefix: str = "") -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Every function with its dotted name inside the module."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            name = f"{prefix}{node.name}"
            if isinstance(node, FUNCTIONS):
                yield name, node
            yield from functions(node, f"{name}.")
        else:
            yield from functions(node, prefix)


def long_functions(each: Source) -> list[Finding]:
    """Functions above the cap, docstring and signature counted."""
    lengths = ((name, (node.end_lineno or node.lineno) - node.lineno + 1) for name, node in functions(each.tree))
    return [
        Finding("function-size", f"{each.path}::{name}", f"{length} lines, the cap is {FUNCTION_CAP}")
        for name, length in lengths
        if length > FUNCTION_CAP
    ]


def long_module(each: Source) -> list[Finding]:
    """The module, when it is above the cap."""
    length = len(each.text.splitlines())
    return (
        [Finding("module-size", each.path, f"{length} lines, the cap is {MODULE_CAP}")] if length > MODULE_CAP else []
    )


def banned_names(each: Source) -> list[Finding]:
    """Folders, modules and classes named with a word that says nothing."""
    parts = each.path.removesuffix(".py").split("/")
    found = [f"the path says '{part}'" for part in parts if BANNED_WORDS & set(part.lower().split("_"))]
    for node in ast.walk(each.tree):
        if isinstance(node, ast.ClassDef):
            words = {word.lower() for word in re.findall(r"[A-Z][a-z0-9]*", node.name)}
            found += [f"class {node.name}" for _ in BANNED_WORDS & words]
    return [Finding("banned-name", each.path, what) for what in found]


def shadowing_names(each: Source) -> list[Finding]:
    """Folders and modules named like one of the standard library's."""
    parts = each.path.removesuffix(".py").split("/")
    return [
        Finding("stdlib-name", each.path, f"'{part}' is a module of the standard library")
        for part in parts
        if part in sys.stdlib_module_names
    ]


def collected_classes(each: Source) -> list[Finding]:
    """Classes pytest would collect by their name, outside tests."""
    return [
        Finding("test-class", each.path, f"line {node.lineno}: class {node.name}")
        for node in ast.walk(each.tree)
        if isinstance(node, ast.ClassDef) and node.name.startswith("Test")
    ]


def floats(each: Source) -> list[Finding]:
    """Float literals and the name `float`, except as the type an isinstance() turns away."""
    allowed = {id(name) for call in calls(each.tree, "isinstance") for arg in call.args[1:] for name in ast.walk(arg)}
    found = []
    for node in ast.walk(each.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            found.append((node.lineno, f"the literal {node.value!r}"))
        if isinstance(node, ast.Name) and node.id == "float" and id(node) not in allowed:
            found.append((node.lineno, "the name float"))
    return [Finding("float", each.path, f"line {line}: {what}") for line, what in found]


def divisions(each: Source) -> list[Finding]:
    """True division, which makes a float of two integers; beside Decimal(…) or Fraction(…) it passes."""
    found = [
        (node.lineno, ast.unparse(node))
        for node in ast.walk(each.tree)
        if isinstance(node, (ast.BinOp, ast.AugAssign)) and isinstance(node.op, ast.Div)
    ]
    return [
        Finding("division", each.path, f"line {line}: {text}")
        for line, text in found
        if not re.search(r"\b(Decimal|Fraction)\(", text)
    ]


def calls(tree: ast.AST, *names: str) -> Iterator[ast.Call]:
    """Calls of a function by its last name: `sleep` finds sleep(…) and time.sleep(…)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", None)
            if name in names:
                yield node


def is_command(each: Source) -> bool:
    """A module made to be run by a person: cli, or one with a main guard."""
    names = each.path.removesuffix(".py").split("/")
    return bool({"cli", "__main__"} & set(names)) or 'if __name__ == "__main__"' in each.text


def prints(each: Source) -> list[Finding]:
    """print() in a module that is no command."""
    if is_command(each):
        return []
    return [
        Finding("print", each.path, f"line {call.lineno}: print(…)")
        for call in calls(each.tree, "print")
        if isinstance(call.func, ast.Name)
    ]


def sleeps(each: Source) -> list[Finding]:
    """Any call of a function named sleep."""
    return [
        Finding("sleep", each.path, f"line {call.lineno}: {ast.unparse(call)}") for call in calls(each.tree, "sleep")
    ]


def leftovers(each: Source) -> list[Finding]:
    """Words and constructs that stand for work not done."""
    found = []
    for number, line in enumerate(each.text.splitlines(), start=1):
        if LEFTOVER.search(line) or NO_COVER in line:
            found.append(f"line {number}: {line.strip()}")
    for node in ast.walk(each.tree):
        if isinstance(node, ast.Raise) and "NotImplemented" + "Error" in ast.unparse(node):
            found.append(f"line {node.lineno}: {ast.unparse(node)}")
    return [Finding("leftover", each.path, what) for what in found]


def silent_switches(each: Source) -> list[Finding]:
    """A linter or type checker switched off without naming the rule and the reason."""
    found = []
    for number, line in enumerate(each.text.splitlines(), start=1):
        match = SWITCHED_OFF.search(line)
        if match and not (match["codes"] and len(match["reason"].strip("#- ").split()) >= 3):
            found.append(Finding("silent-switch", each.path, f"line {number}: {match[0]}"))
    return found


def bare_skips(each: Source) -> list[Finding]:
    """Skips and expected failures that do not say what was not run and why."""
    found = [call.lineno for call in calls(each.tree, "skip", "xfail", "skipif") if not _says_why(call)]
    found += [
        decorator.lineno
        for _, node in functions(each.tree)
        for decorator in node.decorator_list
        if isinstance(decorator, ast.Attribute) and decorator.attr in ("skip", "xfail")
    ]
    return [Finding("bare-skip", each.path, f"line {line}: no reason given") for line in found]


def _says_why(call: ast.Call) -> bool:
    positional = call.args and getattr(call.func, "attr", "") != "skipif"
    return bool(positional) or any(keyword.arg == "reason" for keyword in call.keywords)


def undocumented(each: Source) -> list[Finding]:
    """The module, and its public functions and classes, where they lack a docstring."""
    found = [] if ast.get_docstring(each.tree) else ["the module"]
    for node in each.tree.body:
        if isinstance(node, (*FUNCTIONS, ast.ClassDef)) and not node.name.startswith("_"):
            found += [] if ast.get_docstring(node) else [f"line {node.lineno}: {node.name}"]
    return [Finding("docstring", each.path, f"{what} has no docstring") for what in found]


def imported(each: Source) -> list[tuple[str, int]]:
    """(module as written, line) for every absolute import, hidden ones inside functions too."""
    found = []
    for node in ast.walk(each.tree):
        if isinstance(node, ast.Import):
            found += [(alias.name, node.lineno) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.append((node.module, node.lineno))
    return found


@cache
def third_party(each: Source) -> frozenset[str]:
    """Top-level names imported that are neither the standard library's nor ours."""
    names = {name.partition(".")[0] for name, _ in imported(each)}
    return frozenset(names - set(sys.stdlib_module_names) - {*PACKAGES})


def impurities(each: Source) -> list[Finding]:
    """Imports and calls that reach outside: files, sockets, processes, clocks."""
    found = [f"line {line}: import {name}" for name, line in imported(each) if name.partition(".")[0] in IMPURE_MODULES]
    found += [f"line {call.lineno}: {ast.unparse(call)}" for call in calls(each.tree, "open", "print", "input")]
    found += [
        f"line {node.lineno}: {ast.unparse(node)}"
        for node in ast.walk(each.tree)
        if isinstance(node, ast.Attribute) and AMBIENT.fullmatch(ast.unparse(node))
    ]
    return [Finding("impure", each.path, what) for what in found]
