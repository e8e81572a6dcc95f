from __future__ import annotations

from runner.lab import recipe
from runner.lab.build import failed
from runner.lab.outer import Done
from runner.lab.recipe import Engine


def test_another_engine_in_the_suite_is_said_plainly() -> None:
    said = "Get:1 …\nengine 28.5 wanted, but Debian sid has 29.1.0 today\nreturned a code: 1\n"
    error = failed(recipe.server(Engine.V28), Done(1, said, ""))
    assert "Debian sid has 29.1.0 today" in str(error)
    assert "--docker" in str(error.remedy)


def test_any_other_failure_keeps_the_last_lines() -> None:
    said = "\n".join(f"line {number}" for number in range(40))
    error = failed(recipe.server(Engine.V26), Done(1, said, ""))
    assert "lab host with Docker 26.1" in str(error)
    assert error.details.splitlines()[-1] == "line 39"
    assert len(error.details.splitlines()) == 20
