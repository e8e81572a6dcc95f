"""Keys: the class's secret that never leaves, what it draws, the learners' public keys as text."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from runner.errors import LearnError
from runner.grade import keys
from runner.grade.signing import PublicKey, make_private, public_of, read_keys, sign, signed_by

KEY = PublicKey("net-2026", "ada", public_of(bytes(range(32))))


def keys_in(text: str) -> list[PublicKey]:
    """Give the keys in a text where all are sound; raise the first error else."""
    found: list[PublicKey] = []
    for one in read_keys(text):
        if isinstance(one, LearnError):
            raise one
        found.append(one)
    return found


def test_the_secret_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "class.yaml"
    secret = keys.ensure_secret(path)
    assert keys.ensure_secret(path) == secret == keys.read_secret(path)
    assert stat.S_IMODE(keys.secret_file(path).stat().st_mode) == 0o600
    assert secret.hex() not in keys.registry_file(path).read_text()


def test_a_secret_that_others_may_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "class.yaml"
    keys.ensure_secret(path)
    keys.secret_file(path).chmod(0o644)
    with pytest.raises(LearnError, match="Others may read"):
        keys.ensure_secret(path)


def test_a_lost_secret_is_not_replaced_in_silence(tmp_path: Path) -> None:
    path = tmp_path / "class.yaml"
    keys.ensure_secret(path)
    keys.secret_file(path).unlink()
    with pytest.raises(LearnError, match="another secret"):
        keys.ensure_secret(path)
    keys.secret_file(path).write_text("00" * 32)
    keys.secret_file(path).chmod(0o600)
    with pytest.raises(LearnError, match="another secret"):
        keys.ensure_secret(path)


@pytest.mark.parametrize("text", ["", "00", "zz" * 32, "ü"])
def test_what_is_no_secret_is_told(tmp_path: Path, text: str) -> None:
    path = tmp_path / "class.yaml"
    keys.secret_file(path).write_text(text)
    keys.secret_file(path).chmod(0o600)
    with pytest.raises(LearnError, match="cannot be read"):
        keys.read_secret(path)


def test_each_learner_of_each_class_draws_with_a_key_of_their_own() -> None:
    secret = bytes(32)
    drawn = {
        keys.drawing_key(secret, class_, learner)
        for class_ in ("net-2026", "net-2027")
        for learner in ("ada", "ben")
    }
    assert len(drawn) == 4
    assert keys.drawing_key(secret, "a", "b") == keys.drawing_key(secret, "a", "b")


def test_registered_keys_come_back(tmp_path: Path) -> None:
    path = tmp_path / "class.yaml"
    registry = keys.registered(keys.enrolled(keys.Registry(), "ada"), "ada", KEY.key)
    keys.write_registry(path, registry)
    assert keys.read_registry(path) == registry
    assert keys.enrolled_at(path, "ada") != ""
    assert keys.enrolled_at(path, "ben") == ""
    assert (registry.holder(KEY.key), registry.key("ada")) == ("ada", KEY.key)


def test_an_earlier_key_is_remembered() -> None:
    registry = keys.registered(keys.Registry(), "ada", "11" * 32)
    registry = keys.registered(registry, "ada", "22" * 32)
    assert registry.key("ada") == "22" * 32
    assert registry.holder("11" * 32) == "ada"


@pytest.mark.parametrize("text", ["{}", "[]", "", '{"version": 1, "secret": "", "learners": 5}'])
def test_a_damaged_registry_is_told(tmp_path: Path, text: str) -> None:
    path = tmp_path / "class.yaml"
    keys.registry_file(path).write_text(text)
    with pytest.raises(LearnError, match="cannot be read"):
        keys.read_registry(path)


def test_a_newer_registry_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "class.yaml"
    keys.registry_file(path).write_text('{"version": 2, "secret": "", "learners": {}}')
    with pytest.raises(LearnError, match="newer"):
        keys.read_registry(path)


def test_a_signature_is_of_one_key_and_one_text() -> None:
    one, other = make_private(), make_private()
    signature = sign(one, b"text")
    assert signed_by(public_of(one), b"text", signature)
    assert not signed_by(public_of(other), b"text", signature)
    assert not signed_by(public_of(one), b"other", signature)
    assert not signed_by("no key", b"text", signature)


def test_a_key_is_found_in_a_mail_however_it_was_broken() -> None:
    text = str(KEY)
    broken = text[:50] + "\n> " + text[50:80] + "-\r\n  " + text[80:]
    for mail in (text, f"Hi,\nmy key: {text}.\nBye", broken, text.replace("ldn-key:", "«ldn-key:")):
        assert keys_in(mail) == [KEY]
    other = PublicKey("net-2026", "ben@uni.example", public_of(make_private()))
    assert keys_in(f"{text}\n{other}") == [KEY, other]


def test_a_key_that_was_changed_on_its_way_is_refused() -> None:
    text = str(KEY)
    for place in range(text.index("ada:") + 4, len(text)):
        letter = "B" if text[place] != "B" else "C"
        changed = text[:place] + letter + text[place + 1 :]
        try:
            assert keys_in(changed) == [KEY]  # the last letter has four bits that say nothing
            assert place == text.rindex(":") - 1
        except LearnError:
            continue
    with pytest.raises(LearnError, match="checksum"):
        keys_in(text.replace(":ada:", ":ben:"))


@pytest.mark.parametrize("text", ["", "hello", "ldn-key:", "ldn-key:net:ada:ABC:DEF"])
def test_a_text_without_a_key_is_told(text: str) -> None:
    with pytest.raises(LearnError, match="no public key"):
        keys_in(text)


def test_a_key_between_others_is_never_passed_over() -> None:
    other = str(PublicKey("net-2026", "ben", public_of(make_private())))
    quoted = f"{str(KEY)[:60]}=\n{str(KEY)[60:]}"
    assert [one.learner for one in keys_in(f"{other}\n{quoted}")] == ["ben", "ada"]
    for broken in (other[:40], other.replace(":ben:", ":b\nen:")):
        with pytest.raises(LearnError, match="checksum"):
            keys_in(f"{KEY}\n{broken}\n")
