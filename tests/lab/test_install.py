"""What set-up sees of a machine: the machine is real, its `docker` is a script of ours."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NoReturn

import pytest

from runner.errors import LearnError
from runner.lab import install
from runner.lab.facts import Step, decide
from runner.lab.outer import Docker

OLD_CLIENT = """\
#!/bin/sh
case "$1 $2" in
  "version --format")
    echo '{"Client":{"Version":"20.10.24"},"Server":null}'
    echo 'Cannot connect to the Docker daemon. Is the docker daemon running?' >&2
    exit 1 ;;
  "context show")
    echo "unknown command: docker context show" >&2
    exit 1 ;;
esac
exit 1
"""
"""Docker 20.10's, with no engine: it does not know how to show the context in use."""


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the client's folder on a machine with nothing but that client."""
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "docker").write_text(OLD_CLIENT)
    (programs / "docker").chmod(0o755)
    folder = tmp_path / "config"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(programs))
    monkeypatch.setenv("DOCKER_CONFIG", str(folder))
    for name in ("DOCKER_CONTEXT", "DOCKER_HOST"):
        monkeypatch.delenv(name, raising=False)
    return folder


def use(config: Path, value: object) -> None:
    (config / "config.json").write_text(json.dumps(value))


def make_context(config: Path) -> None:
    folder = config / "contexts" / "meta" / "0f5c"
    folder.mkdir(parents=True)
    (folder / "meta.json").write_text('{"Name":"far"}')


def test_the_context_in_use_is_seen_with_an_old_client(config: Path) -> None:
    use(config, {"currentContext": "far"})
    facts = install.gather(Docker())
    assert facts.state.client == "20.10.24"
    assert facts.context == "far"
    assert decide(facts).step is Step.TELL


def test_the_environment_goes_before_the_configuration(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(config, {"currentContext": "far"})
    monkeypatch.setenv("DOCKER_CONTEXT", "farther")
    assert install.gather(Docker()).context == "farther"


@pytest.mark.parametrize("value", [None, {}, {"currentContext": ""}, []])
def test_without_a_choice_it_is_the_machines_own(config: Path, value: object) -> None:
    if value is not None:
        use(config, value)
    facts = install.gather(Docker())
    assert (facts.context, facts.contexts) == ("default", False)


def test_contexts_that_are_not_in_use_are_seen(config: Path) -> None:
    make_context(config)
    facts = install.gather(Docker())
    assert (facts.context, facts.contexts) == ("default", True)


def test_contexts_are_seen_without_a_client(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_context(config)
    use(config, {"currentContext": "far"})
    monkeypatch.setenv("PATH", str(config))
    facts = install.gather(Docker())
    assert (facts.context, facts.contexts) == ("far", True)


def test_set_up_asks_nothing_where_a_context_is_dead(config: Path) -> None:
    use(config, {"currentContext": "far"})

    def never(*_: object) -> NoReturn:
        raise AssertionError("asked or told where only the remedy is due")

    with pytest.raises(LearnError, match="far does not answer") as caught:
        install.setup(never, never)
    assert "docker context use default" in str(caught.value.remedy)


def test_an_ssh_that_is_turned_away_is_no_matter_of_the_docker_group(
    config: Path, tmp_path: Path
) -> None:
    use(config, {"currentContext": "far"})
    (tmp_path / "bin" / "docker").write_text(
        "#!/bin/sh\necho 'command [ssh -T -- u@far]: u@far: Permission denied (publickey).' >&2\n"
        "exit 1\n"
    )
    decision = decide(install.gather(Docker()))
    assert "far does not answer" in str(decision.message)
