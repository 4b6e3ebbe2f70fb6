"""A way to run a benchmark so that its worker processes are no larger than the bot's."""

import importlib
import sys

__all__ = ["run"]


def run(name: str) -> int:
    """Run ``main`` of the benchmark module ``name``; return its exit code.

    multiprocessing imports the parent's main module in each new process. A benchmark's main
    module imports all its peers, so its name and file are removed from ``__main__`` first.
    """
    main = sys.modules["__main__"]
    main.__spec__ = None
    vars(main).pop("__file__", None)
    code: int = importlib.import_module(name).main()
    return code
