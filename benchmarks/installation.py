"""An installation to measure on: the shipped history, its services, and waves that keep arriving.

It is made once in a folder of its own and kept. Each delivery is the shipped survey of 2016 with
one other answer, so every one is a new version that changes published tables.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pipelines.environment import (
    CODE_SOCKET_ENV,
    DAGSTER_HOME_ENV,
    DATA_DIR_ENV,
    KEY_FILE_ENV,
    SENSORS_ENV,
)
from pipelines.settings import PROJECT_ROOT, Settings

SOURCE, PERIOD = "survey", "2016"
_WAVE = PROJECT_ROOT / "deliveries" / SOURCE / PERIOD / "surveyxact_2016_SYNTETISK"
_QUESTION, _ANSWERS = "s_9", ("1", "2", "3", "4")
_ENCODING = "utf-16"
_STARTED_SECONDS = 120.0


class MeasuringError(RuntimeError):
    """What was to be measured did not happen; says what."""


class Installation:
    """One installation in a folder, and the environment that its commands are run in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            **os.environ,
            DATA_DIR_ENV: str(folder / "data"),
            DAGSTER_HOME_ENV: str(folder / "dagster"),
            KEY_FILE_ENV: str(folder / "key"),
            SENSORS_ENV: "on",
        }
        self.settings = Settings.from_env(self.environment)
        self._delivered = int(time.time())

    def prepare(self) -> None:
        """Take in the shipped history, or what has changed in the code since that was done."""
        if not self.settings.ledger_path.exists():
            self.monitor("deliver", "--all", str(PROJECT_ROOT / "deliveries"))
        self.monitor("run")

    def monitor(self, *arguments: str) -> None:
        """Run a command to its end.

        Raises:
            MeasuringError: If it fails.
        """
        done = subprocess.run(
            [_monitor(), *arguments],
            env=self.environment,
            cwd=PROJECT_ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise MeasuringError(f"monitor {arguments[0]}: {done.stdout}{done.stderr}")

    def deliver(self) -> float:
        """Deliver the wave with another answer than any time before; gives when it was complete."""
        from pipelines.intake.delivery import DeliveryMeta
        from pipelines.intake.placing import deliver

        self._delivered += 1
        with tempfile.TemporaryDirectory() as place:
            wave = Path(place) / _WAVE.name
            wave.mkdir()
            for file in _WAVE.iterdir():
                (wave / file.name).write_bytes(_changed(file, self._delivered))
            meta = DeliveryMeta.from_json(_WAVE.with_name(f"{_WAVE.name}.meta.json").read_text())
            deliver(self.settings, wave, SOURCE, PERIOD, meta)
        return time.time()

    @contextmanager
    def services(self) -> Iterator[list[int]]:
        """Run code server and daemon as they are deployed, for the block; gives their pids."""
        with tempfile.TemporaryDirectory() as place:
            socket = Path(place) / "code.sock"
            environment = {**self.environment, CODE_SOCKET_ENV: str(socket)}
            log = (self.folder / "services.log").open("ab")
            running: list[subprocess.Popen[bytes]] = []
            try:
                for service in ("code-server", "daemon"):
                    command = [_monitor(), service]
                    running.append(
                        subprocess.Popen(command, env=environment, stdout=log, stderr=log)
                    )
                    wait_until(socket.exists, _STARTED_SECONDS, "the code server serves")
                yield [process.pid for process in running]
            finally:
                for process in reversed(running):
                    process.terminate()
                for process in running:
                    process.wait(timeout=_STARTED_SECONDS)
                log.close()


def wait_until(what: Callable[[], object], seconds: float, name: str) -> None:
    """Wait until something is so.

    Raises:
        MeasuringError: If it is not, after this many seconds.
    """
    begin = time.monotonic()
    while not what():
        if time.monotonic() - begin > seconds:
            raise MeasuringError(f"not within {seconds:.0f} s: {name}")
        time.sleep(0.1)


def _monitor() -> str:
    return str(Path(sys.executable).with_name("monitor"))


def _changed(file: Path, number: int) -> bytes:
    """The dataset with two answers that count the deliveries; any other file as it is."""
    if file.name != "dataset.csv":
        return file.read_bytes()
    head, *rows = file.read_text(_ENCODING).splitlines()
    column = head.split("\t").index(_QUESTION)
    answered = [i for i, row in enumerate(rows) if row.split("\t")[column] in _ANSWERS]
    for place, digit in enumerate(_digits(number, len(answered))):
        cells = rows[answered[place]].split("\t")
        cells[column] = _ANSWERS[digit]
        rows[answered[place]] = "\t".join(cells)
    return "\n".join([head, *rows, ""]).encode(_ENCODING)


def _digits(number: int, most: int) -> Iterator[int]:
    """The number's last digits to the base of the answers, as many as there are places."""
    for _ in range(min(most, 6)):
        number, digit = divmod(number, len(_ANSWERS))
        yield digit
