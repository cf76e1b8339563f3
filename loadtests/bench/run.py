"""One run of the benchmark: everything in turn, one document of figures at the end, and the same as lines to read."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from loadtests.bench import growth, served, several
from loadtests.bench.figures import Json, machine, microseconds
from loadtests.bench.inside import PARTS, Inside
from loadtests.bench.several import ALONE, DOORS
from loadtests.bench.shop import PLAIN, SEALED
from schemas import jsontext

PEOPLE, PHARMACIES = 3_000, 300
RESULT = "bench.json"
_TITLES = {
    "whole": "全程 whole exchange", "crypto": "仅密码 crypto alone", "validation": "仅校验 validation alone",
    "store": "仅存储 store alone",
}  # fmt: skip


def run(
    *, rounds: int, count: int, people: int = PEOPLE, pharmacies: int = PHARMACIES, mocks: bool = True,
    sizes: Sequence[int] = (),
) -> Json:  # fmt: skip
    """Measure 2102 plain and 6202 sealed: part by part inside, then behind sockets beside the mock servers.

    ``sizes``: how many settlements are to be stored already when a growing store is measured; none, and it is not.
    """
    with TemporaryDirectory(prefix="yibao-bench-") as folder:
        inside = Inside(Path(folder), people=people, pharmacies=pharmacies)
        try:
            exchanges = {code: inside.measure(code, rounds=rounds, count=count) for code in (PLAIN, SEALED)}
        finally:
            inside.close()
        over_sockets = served.measure(
            Path(folder), rounds=rounds, count=count, people=people, pharmacies=pharmacies, mocks=mocks
        )
        doors = several.measure(Path(folder), rounds=rounds, count=count, people=people, pharmacies=pharmacies)
        grown = growth.measure(
            Path(folder), rounds=rounds, count=count, people=people, pharmacies=pharmacies, sizes=sizes
        )
    return {"machine": machine(), "exchanges": exchanges, "served": over_sockets, "doors": doors, "growth": grown}


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
    grown = [line for one in told["growth"] for line in _grown(one)]
    return found + _served(told["served"]) + _several(told["doors"]) + grown


def _several(told: Json) -> list[str]:
    """One line for each number of doors, then both ratios."""
    rounds, count = told["rounds"], told["messages_per_round"]
    found = [f"6202 sealed 经套接字 over sockets, 全部核 all cores: {rounds} × {count}"]
    for workers, one in told["workers"].items():
        rate = one["per_second"]
        found.append(
            f"  --workers {workers}: {rate['median']:,} ({rate['least']:,} to {rate['most']:,}) 每秒 a second, "
            f"{microseconds(one['cpu_ns'])} 微秒 µs, 其中平台进程 of it in the platform's process "
            f"{microseconds(one['platform_cpu_ns'])} µs"
        )
    for key, words in (("doors_against_alone", "每秒 a second"), ("platform_cpu_permille", "平台进程 its process")):
        ratio = told[key]
        found.append(f"  {DOORS} / {ALONE} {words}: {ratio['median']} ‰ ({ratio['least']} to {ratio['most']})")
    return found


def _grown(told: Json) -> list[str]:
    """Throughput beside a large store, of that beside a small one."""
    found = [f"已存结算 settlements stored: {told['settlements']:,}"]
    for code in (PLAIN, SEALED):
        cpu, wall = (told[code]["throughput_permille"][way] for way in ("cpu", "wall"))
        found.append(
            f"  {code}: 吞吐 throughput {cpu['median']} ‰ ({cpu['least']} to {cpu['most']}) 处理器 by processor time, "
            f"{wall['median']} ‰ ({wall['least']} to {wall['most']}) 时长 by elapsed time"
        )
    return found


def _served(told: Json) -> list[str]:
    """One line a server: answers a second and processor time each; then what was left out and why."""
    rounds, count, connections = told["rounds"], told["messages_per_round"], told["connections"]
    found = [f"2102 经套接字 over sockets: {rounds} × {count}, {connections} connections, 服务端单核 one core each"]
    for name, one in told["servers"].items():
        rate, checks = one["per_second"], "校验 validates" if one["validates"] else "不校验 does not validate"
        found.append(
            f"  {name}: {rate['median']:,} ({rate['least']:,} to {rate['most']:,}) 每秒 a second, "
            f"{microseconds(one['cpu_ns'])} 微秒 µs, {checks}"
        )
    for name, ratio in told["simulator_against"].items():
        found.append(f"  simulator / {name}: {ratio['median']} ‰ ({ratio['least']} to {ratio['most']})")
    for name, how in told["not_installed"].items():
        found.append(f"  未测 {name}（未安装）/ {name} left out, not installed: {how}")
    for name, why in told["did_not_start"].items():
        found.append(f"  未测 {name}（未启动）/ {name} left out, it did not start: {why}")
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
