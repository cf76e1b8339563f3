"""One run of the benchmark: everything in turn, one document of figures at the end, and the same as lines to read."""

from pathlib import Path
from tempfile import TemporaryDirectory

from loadtests.bench.figures import Json, machine, microseconds
from loadtests.bench.inside import PARTS, Inside
from loadtests.bench.shop import PLAIN, SEALED
from schemas import jsontext

PEOPLE, PHARMACIES = 3_000, 300
RESULT = "bench.json"
_TITLES = {
    "whole": "全程 whole exchange", "crypto": "仅密码 crypto alone", "validation": "仅校验 validation alone",
    "store": "仅存储 store alone",
}  # fmt: skip


def run(*, rounds: int, count: int, people: int = PEOPLE, pharmacies: int = PHARMACIES) -> Json:
    """Measure 2102 plain and 6202 sealed."""
    with TemporaryDirectory(prefix="yibao-bench-") as folder:
        inside = Inside(Path(folder), people=people, pharmacies=pharmacies)
        try:
            exchanges = {code: inside.measure(code, rounds=rounds, count=count) for code in (PLAIN, SEALED)}
        finally:
            inside.close()
    return {"machine": machine(), "exchanges": exchanges}


def lines(told: Json) -> list[str]:
    """The figures for people: medians, and in brackets the least and the most of any round."""
    found = [_machine(told["machine"])]
    for code, one in told["exchanges"].items():
        found.append(f"{code}: {one['rounds']} × {one['messages_per_round']}, 微秒处理器时间 µs of processor time each")
        found += [f"  {_TITLES[part]}: {microseconds(one['parts'][part]['cpu_ns'])}" for part in PARTS]
        beside = one["all_but_crypto"]
        share = beside["permille_of_whole"]["median"]
        found.append(f"  密码之外 everything but crypto: {microseconds(beside['cpu_ns'])}, {share} ‰")
        found.append(f"  每次语句数 statements each: {one['statements_per_exchange']}")
    return found


def write(told: Json, folder: Path) -> Path:
    """Keep the figures as JSON in a folder; the file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / RESULT
    path.write_text(jsontext.pretty(told) + "\n", encoding="utf-8")
    return path


def _machine(told: Json) -> str:
    packages = ", ".join(f"{name} {version}" for name, version in told["packages"].items())
    return (
        f"{told['cores']} cores, {told['architecture']}, {told['system']}, Python {told['python']}, "
        f"SQLite {told['sqlite']}, {packages}"
    )
