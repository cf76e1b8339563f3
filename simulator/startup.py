"""What must hold before anything of ours is imported: our four packages come from one place.

Their names are common words; another package of the same name on the path would be mixed with ours without a sign.
Standard library only.
"""

import sys
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

PACKAGES = ("schemas", "simulator", "conformance", "loadtests")
CONFIGURATION_ERROR = 3


def clash(packages: Iterable[str] = PACKAGES) -> str:
    """What is wrong with where the packages come from, or an empty text; one that is not installed is no clash."""
    homes: dict[str, Path] = {}
    for name in packages:
        spec = find_spec(name)
        places = list(spec.submodule_search_locations or ()) if spec else []
        if places:
            homes[name] = Path(places[0]).resolve().parent
    home = homes.get("simulator", next(iter(homes.values()), Path()))
    for name, found in homes.items():
        if found != home:
            return (
                f"包名冲突：{name} 来自 {found / name}，而 simulator 来自 {home / 'simulator'}；"
                "请移除其中之一或使用独立的虚拟环境\n"
                f"name clash: {name} is loaded from {found / name} but simulator from {home / 'simulator'}; "
                "remove one of them or use a virtual environment of its own"
            )
    return ""


def check() -> None:
    """Stop with exit code 3 and both paths when the packages come from different places."""
    wrong = clash()
    if wrong:
        sys.stderr.write(f"{wrong}\n")
        raise SystemExit(CONFIGURATION_ERROR)
