"""One byte is another than it was, anywhere: found by name, and what can be made anew is."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner
from custody_support import installation
from in_memory import remove
from kills import forked
from story import FIRST, MEETINGS, by_hand, no_dbt, prepared, run, send

from pipelines.cli import main
from pipelines.durable import no_checkpoint
from pipelines.environment import DATA_DIR_ENV
from pipelines.in_place import OutputDamagedError, damage_told
from pipelines.intake.ledger import Ledger
from pipelines.orchestration.rebuild import FILE_NAME, rebuild_into
from pipelines.settings import Settings
from pipelines.verify import Finding, findings
from pipelines.warehouse.hashes import table_hashes

pytestmark = pytest.mark.slow

SEED = 20261123
CUSTODY = ("archive/*/*/payload/*", "archive/*/*/manifest.json", "keys/*.age")
DRAWS = (SEED, *(pytest.param(SEED + n, marks=pytest.mark.exhaustive) for n in range(1, 30)))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Two deliveries, archived and live."""
    settings = installation(tmp_path_factory.mktemp("whole"))
    with prepared():

        def live() -> None:
            settings.root.mkdir(parents=True, exist_ok=True)
            by_hand(settings, "styringsdialog/2015/møder.csv", MEETINGS)
            send(settings, "a.csv", FIRST)
            run(settings, 1, no_checkpoint)

        forked(live)
        yield settings


@pytest.fixture
def settings(whole: Settings, tmp_path: Path) -> Iterator[Settings]:
    shutil.copytree(whole.root, tmp_path / "it")
    yield installation(tmp_path / "it")
    remove(tmp_path / "it")


def damage(path: Path, dice: random.Random) -> None:
    """Change one bit of a file."""
    data = bytearray(path.read_bytes())
    data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
    path.chmod(0o644)
    path.write_bytes(data)


def found(settings: Settings) -> list[Finding]:
    return forked(lambda: list(findings(settings)))


def test_what_is_whole_is_not_complained_of(settings: Settings) -> None:
    assert found(settings) == []


@pytest.mark.parametrize("seed", DRAWS)
def test_a_byte_of_every_file_in_custody(settings: Settings, seed: int) -> None:
    dice = random.Random(seed)
    paths = [path for pattern in CUSTODY for path in sorted(settings.data_dir.glob(pattern))]
    # of each of two deliveries: payload, manifest, key; and the note that came with one
    assert len(paths) >= 6
    for path in paths:
        before = path.read_bytes()
        damage(path, dice)
        delivery = path.stem if path.suffix == ".age" and "keys" in path.parts else path.parts[-2]
        delivery = path.parts[-3] if "payload" in path.parts else delivery
        told = found(settings)
        assert [each.what for each in told] == [f"archive_damaged {delivery[:12]}"] * len(told)
        assert told, path
        path.write_bytes(before)
    assert found(settings) == []


@pytest.mark.parametrize("seed", DRAWS)
def test_a_byte_of_every_line_of_the_ledger(settings: Settings, seed: int) -> None:
    dice = random.Random(seed)
    ledger, whole = Ledger(settings.ledger_path), settings.ledger_path.read_bytes()
    lines = whole.splitlines(keepends=True)
    for number, line in enumerate(lines):
        broken = bytearray(line)
        broken[dice.randrange(len(broken))] ^= 1 << dice.randrange(8)
        settings.ledger_path.write_bytes(
            b"".join([*lines[:number], bytes(broken), *lines[number + 1 :]])
        )
        told = found(settings)
        assert told, line
        assert {each.what.split()[0] for each in told} & {"ledger_damaged", "ledger_unfinished"}
    settings.ledger_path.write_bytes(whole)
    assert len(ledger.read()) == len(lines)


@pytest.mark.parametrize("seed", DRAWS)
def test_a_byte_of_the_warehouse(settings: Settings, tmp_path: Path, seed: int) -> None:
    """It is named, whoever stumbles over it is told what to do, and made anew it is the same."""
    dice = random.Random(seed)
    before = forked(lambda: table_hashes(settings.live_path))
    for _ in range(8):
        kept = settings.live_path.read_bytes()
        damage(settings.live_path, dice)
        [told] = found(settings)
        assert (told.area, told.what) == ("for readers", "monitor.duckdb")
        assert "monitor rebuild" in told.mend
        assert forked(lambda: _read_all(settings)) in (before, "told")
        settings.live_path.write_bytes(kept)
    damage(settings.live_path, dice)

    def rebuilt() -> object:
        with no_dbt():
            rebuild_into(settings, tmp_path / "anew")
        return table_hashes(tmp_path / "anew" / FILE_NAME)

    assert forked(rebuilt) == before


def _read_all(settings: Settings) -> object:
    """The tables' hashes where the damage lies in what no table uses, or that it was told of."""
    try:
        with damage_told(settings):
            return table_hashes(settings.live_path)
    except OutputDamagedError as error:
        assert "`monitor rebuild`" in str(error)
        return "told"


def test_a_run_does_not_build_on_a_damaged_warehouse(settings: Settings) -> None:
    settings.live_path.chmod(0o644)
    with settings.live_path.open("r+b") as live:
        live.seek(4096 + 64)  # the first of the two headers that say where everything is
        live.write(bytes(4096 * 2))

    def stopped() -> str:
        try:
            with damage_told(settings):
                run(settings, 2, no_checkpoint)
        except OutputDamagedError as error:
            return str(error)
        return "it went on"

    assert "monitor.duckdb is other than it was made" in forked(stopped)
    assert "monitor.duckdb" in {each.what for each in found(settings)}


def test_nor_on_one_in_which_somebody_changed_a_figure(settings: Settings) -> None:
    """DuckDB reads it without complaint, and what is not made again would stay as it is."""

    def stopped() -> str:
        settings.live_path.chmod(0o644)
        with duckdb.connect(str(settings.live_path)) as con:
            con.execute("update raw.deliveries set rows_accepted = rows_accepted + 1")
        try:
            run(settings, 2, no_checkpoint)
        except OutputDamagedError as error:
            return str(error)
        return "it went on"

    assert "`monitor rebuild` makes it anew" in forked(stopped)
    assert "monitor.duckdb" in {each.what for each in found(settings)}


def test_the_command_names_it_and_fails(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(DATA_DIR_ENV, str(settings.data_dir))
    whole = CliRunner().invoke(main, ["verify"])
    assert whole.exit_code == 0, whole.output
    assert "2 archived deliveries" in whole.output
    damage(settings.live_path, random.Random(SEED))
    broken = CliRunner().invoke(main, ["verify"])
    assert broken.exit_code == 1
    assert "monitor.duckdb is other than it was made" in broken.output
    assert "`monitor rebuild`" in broken.output
