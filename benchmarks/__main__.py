"""Run benchmarks: ``python -m benchmarks [NAME …]``; without a name, list them.

Each benchmark runs in a process of its own. ``--all`` runs all of them. Other options are passed
on. The exit code is the largest of the benchmarks' exit codes.
"""

import ast
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent


def main(argv: list[str]) -> int:
    """Run the named benchmarks, or list all; return the largest exit code."""
    summaries = _benchmarks()
    names = list(summaries) if "--all" in argv else [name for name in argv if name in summaries]
    options = [word for word in argv if word.startswith("--") and word != "--all"]
    if not names:
        for name, summary in summaries.items():
            print(f"  {name:12} {summary}")
        print("Run one with: python -m benchmarks.NAME [--data DIR] [--json]")
        return 0
    codes = []
    for name in names:
        print(f"\n== {name}: {summaries[name]}", flush=True)
        command = [sys.executable, "-m", f"benchmarks.{name}", *options]
        codes.append(subprocess.run(command, check=False).returncode)
    return max(codes)


def _benchmarks() -> dict[str, str]:
    """Return the first docstring line of each module that can be run, by module name."""
    found = {}
    for path in sorted(FOLDER.glob("[a-z]*.py")):
        source = path.read_text("utf-8")
        if '__name__ == "__main__"' in source:
            docstring = ast.get_docstring(ast.parse(source)) or ""
            found[path.stem] = docstring.split("\n", 1)[0]
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
