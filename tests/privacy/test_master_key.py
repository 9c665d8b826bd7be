"""The installation's key: one, made once, outside the data, and a clear word when it is wrong."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pyrage
import pytest
from click.testing import CliRunner

from pipelines.cli import main
from pipelines.privacy.bech32 import age_identity_text, encode
from pipelines.privacy.master_key import (
    KeyUnavailableError,
    MasterKey,
    open_master_key,
    parse_key,
    remembered_key_id,
)
from pipelines.settings import Settings, key_file_of

NO_ENV: dict[str, str] = {}


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    yield Settings(
        root=tmp_path / "checkout",
        data_dir=tmp_path / "data",
        dagster_home=tmp_path / "dagster",
        key_file=tmp_path / "home" / "key",
    )


def test_made_once_for_its_user_alone(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    first = open_master_key(settings, NO_ENV)
    assert stat.S_IMODE(settings.key_file.stat().st_mode) == 0o600
    assert stat.S_IMODE(settings.key_file.parent.stat().st_mode) == 0o700
    assert [first.key_id in record.getMessage() for record in caplog.records] == [True]
    again = open_master_key(settings, NO_ENV)
    assert (again.secret, len(caplog.records)) == (first.secret, 1)
    assert remembered_key_id(settings) == first.key_id
    assert [path.name for path in settings.key_file.parent.iterdir()] == ["key"]


def test_two_at_once_make_one_key(settings: Settings) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = list(pool.map(lambda _: open_master_key(settings, NO_ENV), range(16)))
    assert len({key.secret for key in keys}) == 1
    assert remembered_key_id(settings) == keys[0].key_id


def test_the_environment_comes_first(settings: Settings) -> None:
    key = MasterKey(bytes(range(32)), "test")
    assert open_master_key(settings, {"MONITOR_KEY": key.to_text()}).secret == key.secret
    assert not settings.key_file.exists()


def test_the_wrong_key_is_refused_by_its_id(settings: Settings) -> None:
    first = open_master_key(settings, NO_ENV)
    other = MasterKey(bytes(32), "test")
    with pytest.raises(KeyUnavailableError, match=f"{first.key_id}.*{other.key_id}"):
        open_master_key(settings, {"MONITOR_KEY": other.to_text()})


def test_a_lost_key_is_not_made_anew(settings: Settings) -> None:
    first = open_master_key(settings, NO_ENV)
    settings.key_file.unlink()
    with pytest.raises(KeyUnavailableError, match=f"key {first.key_id}.*MONITOR_KEY_FILE.*backup"):
        open_master_key(settings, NO_ENV)
    assert not settings.key_file.exists()


@pytest.mark.parametrize(
    "text",
    ["", "x", "MONITOR-KEY-1-", "MONITOR-KEY-1-" + "A" * 51 + "!", "MONITOR-KEY-1-" + "A" * 40],
)
def test_what_is_no_key(text: str) -> None:
    with pytest.raises(KeyUnavailableError) as told:
        parse_key(text, "the file")
    assert text[14:] == "" or text[14:] not in str(told.value)


def test_a_key_beside_the_data_is_refused(settings: Settings) -> None:
    for folder in (settings.data_dir, settings.root):
        inside = replace(settings, key_file=folder / "sub" / "key")
        with pytest.raises(KeyUnavailableError, match="outside"):
            open_master_key(inside, NO_ENV)


def test_a_key_file_that_others_can_read_is_told(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    open_master_key(settings, NO_ENV)
    settings.key_file.chmod(0o640)
    open_master_key(settings, NO_ENV)
    assert "chmod 600" in caplog.records[-1].getMessage()


def test_where_the_key_is_looked_for() -> None:
    assert key_file_of({"HOME": "/h"}) == Path("/h/.config/boligsocial-monitor/key")
    assert key_file_of({"HOME": "/h", "XDG_CONFIG_HOME": "/x"}) == Path(
        "/x/boligsocial-monitor/key"
    )
    assert key_file_of({"HOME": "/h", "MONITOR_KEY_FILE": "/k"}) == Path("/k")


def test_no_home_at_all(settings: Settings) -> None:
    with pytest.raises(KeyUnavailableError, match="MONITOR_KEY_FILE"):
        open_master_key(replace(settings, key_file=key_file_of(NO_ENV)), NO_ENV)


def test_the_secret_is_never_shown(settings: Settings) -> None:
    key = open_master_key(settings, NO_ENV)
    shown = f"{key!r} {key} {settings!r}"
    assert key.to_text() not in shown and repr(key.secret) not in shown


def test_a_command_tells_it_in_a_line(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    open_master_key(settings, NO_ENV)
    settings.key_file.unlink()
    (settings.data_dir / "inbox" / "survey" / "2015").mkdir(parents=True)
    old = settings.data_dir / "inbox" / "survey" / "2015" / "a.csv"
    old.write_text("a;b\n")
    os.utime(old, (old.stat().st_mtime - 60,) * 2)
    monkeypatch.delenv("MONITOR_KEY")
    monkeypatch.setenv("MONITOR_KEY_FILE", str(settings.key_file))
    monkeypatch.setenv("MONITOR_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("DAGSTER_HOME", str(settings.dagster_home))
    told = CliRunner().invoke(main, ["run"])
    assert told.exit_code == 1
    assert told.output.startswith("Error: the files in") and "MONITOR_KEY_FILE" in told.output
    assert old.exists()


def test_what_follows_from_a_key_stays_the_same() -> None:
    # a change here would lock every archive there is
    key = MasterKey(bytes(range(32)), "test")
    assert key.key_id == "e66c84ac63c89686"
    assert str(key.archive_identity().to_public()) == (
        "age1fhe8vz0remk528qe0hppdwthkvt3el7vn4esealznmz2u4yss9xqfars9t"
    )
    assert key.pseudonym_key().hex() == (
        "bb4d9a446f1c80abfeb6569ee7a28ecf4ac4e7b05ec71f8371641032dfcf396f"
    )
    assert parse_key(key.to_text(), "test").secret == key.secret


def test_bech32() -> None:
    # BIP 173's own example, and what age's library makes of ours
    assert encode("a", b"") == "a12uel5l"
    for _ in range(20):
        identity = pyrage.x25519.Identity.from_str(age_identity_text(os.urandom(32)))
        assert str(identity.to_public()).startswith("age1")
