"""Installed without the extra it needs, the command says so in a sentence."""

import subprocess
import sys

WITHOUT = "import sys; sys.modules['pytest'] = None; from conformance.cli import main; main()"


def test_an_installation_without_the_extra_is_told_what_to_install() -> None:
    ran = subprocess.run([sys.executable, "-c", WITHOUT], capture_output=True, text=True, check=False, timeout=60)
    assert ran.returncode == 3
    assert ran.stderr.endswith("pip install '.[conformance,fast]'\n")
    assert "Traceback" not in ran.stderr
