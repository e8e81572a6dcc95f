from __future__ import annotations

import io
import re
import tarfile

import pytest

from runner.errors import UsageError
from runner.lab import recipe
from runner.lab.recipe import Engine


def test_tags_say_engine_and_digest() -> None:
    assert re.fullmatch(
        r"localhost/learn-docker-net/host:26\.1-[0-9a-f]{12}", recipe.server(Engine.V26).tag
    )
    assert re.fullmatch(
        r"localhost/learn-docker-net/box:[0-9a-f]{12}", recipe.course("localhost/box").tag
    )


def test_each_engine_has_its_own_image_and_all_have_the_same_tools() -> None:
    assert len({recipe.server(engine).digest for engine in Engine}) == 3
    assert re.fullmatch(r"[0-9a-f]{12}", recipe.tools_digest())


def test_everything_stands_on_the_base() -> None:
    for item in (recipe.server(Engine.V20), recipe.course("localhost/box")):
        assert item.base == recipe.base().tag


def test_the_context_is_the_same_each_time_and_holds_the_agent() -> None:
    item = recipe.server(Engine.V26)
    assert item.context() == item.context()
    with tarfile.open(fileobj=io.BytesIO(item.context())) as tar:
        modes = {entry.name: entry.mode for entry in tar}
    assert {"host/Dockerfile", "bashrc", "inside/__init__.py"} <= set(modes)
    assert modes["host/files/usr/local/sbin/entry"] == 0o755
    assert modes["host/Dockerfile"] == 0o644
    assert not [name for name in modes if name.endswith(".pyc")]


@pytest.mark.parametrize(
    ("text", "engine"),
    [("20.10", Engine.V20), ("26.1", Engine.V26), ("26.1.5", Engine.V26), ("28.5", Engine.V28)],
)
def test_engines_by_version(text: str, engine: Engine) -> None:
    assert recipe.engine(text) is engine


@pytest.mark.parametrize("text", ["26", "26.10", "29.0", ""])
def test_other_engines_are_refused_with_those_there_are(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        recipe.engine(text)
    assert "20.10, 26.1, 28.5" in str(caught.value.remedy)


def test_an_unknown_course_image_is_refused_with_those_there_are() -> None:
    with pytest.raises(UsageError) as caught:
        recipe.course("localhost/nosuch")
    assert "localhost/box" in str(caught.value.remedy)
