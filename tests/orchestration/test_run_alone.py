"""`monitor run` beside another run: it waits, looks again, and never writes at the same time."""

import threading

import pytest
from installations import FakeLayers

from pipelines.intake.inbox import HeldItem
from pipelines.intake.names import IN_PROGRESS
from pipelines.orchestration import run
from pipelines.orchestration.run import run_process_inbox
from pipelines.settings import Settings


@pytest.mark.slow
def test_it_waits_for_the_other_and_finds_nothing_left_to_do(
    settings: Settings, layers: FakeLayers, caplog: pytest.LogCaptureFixture
) -> None:
    layers.reason = "the other run is at it"
    other = FakeLayers(settings)
    is_held, may_end = threading.Event(), threading.Event()

    def another_run() -> None:
        with other.writing(0.0):
            is_held.set()
            may_end.wait(10)
            layers.reason = None

    thread = threading.Thread(target=another_run)
    thread.start()
    is_held.wait(10)
    threading.Timer(0.3, may_end.set).start()
    outcome = run_process_inbox(settings, layers=layers)
    thread.join()
    assert (outcome.success, outcome.launched) == (True, False)
    assert "waiting for it to finish" in caplog.text


def test_it_gives_up_in_words(
    settings: Settings, layers: FakeLayers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "WAIT_SECONDS", 0.1)
    with FakeLayers(settings).writing(0.0):
        outcome = run_process_inbox(settings, layers=layers)
    assert not outcome.success
    assert "warehouse writer lock" in outcome.messages[0]


def test_what_is_left_in_the_inbox_is_told(settings: Settings, layers: FakeLayers) -> None:
    layers.refused = [HeldItem("survey/2016/x.part", "survey", "2016", IN_PROGRESS)]
    [message] = run_process_inbox(settings, layers=layers).messages
    assert "survey/2016/x.part" in message
