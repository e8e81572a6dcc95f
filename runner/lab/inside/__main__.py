"""Starts the agent, whether as `python -m runner.lab.inside` or by the folder's path.

Started by its path the folder is no package yet, and relative imports need one: so it is imported
once more, from the folder around it and under the folder's own name.
"""

if __package__:
    from .agent import main
else:
    import sys
    from importlib import import_module
    from pathlib import Path

    here = Path(__file__).resolve().parent
    sys.path[0] = str(here.parent)
    main = import_module(f"{here.name}.agent").main

main()
