"""The folders worked out here are those that platformdirs gives."""

from __future__ import annotations

from pathlib import Path

import platformdirs
import pytest

from runner import places


@pytest.mark.parametrize("xdg", ["", "/somewhere"])
def test_the_folders_are_the_platforms_own(monkeypatch: pytest.MonkeyPatch, xdg: str) -> None:
    monkeypatch.delenv(places.HOME_VARIABLE, raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", xdg)
    monkeypatch.setenv("XDG_CACHE_HOME", xdg)
    assert places.data_folder() == platformdirs.user_data_path(places.NAME, appauthor=False)
    assert places.cache_folder() == platformdirs.user_cache_path(places.NAME, appauthor=False)


def test_one_variable_moves_everything(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(places.HOME_VARIABLE, str(tmp_path))
    assert places.data_folder() == tmp_path
    assert places.cache_folder() == tmp_path / "cache"
