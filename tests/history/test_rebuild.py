"""What is live is what archive, ledger and corrections give, on any day, in whatever order."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest
from a_history import History, correction, extract, meetings

from pipelines.intake.held_against import held_against, inputs_fingerprint
from pipelines.warehouse.hashes import differences
from pipelines.warehouse.store import connect

pytestmark = pytest.mark.slow

AMOUNTS = ("600,00", "601,00", "602,50", "6,000.00")
"""The last is no amount here: its row is set aside."""
TOPICS = ("Beboertryghed", "Regnskab og økonomi", "Nøgletal for udlejning")


def one_day(history: History, chance: random.Random, corrections: list[dict[str, object]]) -> None:
    """Something happens, or nothing does."""
    what = chance.choice(["extract", "extract", "list", "bad", "withdraw", "reinstate", "correct"])
    states = history.states()
    if what == "extract":
        amounts = [chance.choice(AMOUNTS) for _ in range(chance.randint(2, 5))]
        history.put("driftsstoette", chance.choice(["2015-06-30", "2015-12-31"]), extract(*amounts))
    elif what == "list":
        topics = chance.sample(TOPICS, chance.randint(1, 3))
        history.put("styringsdialog", "2015", meetings("2015", *topics))
    elif what == "bad":
        history.put("driftsstoette", "2015-06-30", f"intet;her\n{chance.random()};1\n")
    elif what == "withdraw":
        free = [s for s in states if s.state != "withdrawn"]
        if free:
            history.withdraw(chance.choice(free).delivery_id)
    elif what == "reinstate":
        out = [s for s in states if s.state == "withdrawn"]
        if out:
            history.reinstate(chance.choice(out).delivery_id)
    else:
        number = len(corrections) + 1
        corrections.append(correction(number, history.now))
        history.set_corrections("driftsstoette", {"corrections": corrections})


def live_through(history: History, seed: int, days: int) -> None:
    chance = random.Random(seed)
    corrections: list[dict[str, object]] = []
    for _ in range(days):
        one_day(history, chance, corrections)
        history.run()


def test_made_anew_it_is_the_same_today_and_as_of_every_day(
    history: History, tmp_path: Path
) -> None:
    history.put("driftsstoette", "2015-06-30", extract("600,00", "600,00"))
    history.run()
    history.put("driftsstoette", "2015-06-30", extract("600,00", "800,00"))
    history.set_corrections("driftsstoette", {"corrections": [correction(2, history.now)]})
    history.run()
    history.withdraw(history.states()[1].delivery_id)
    history.run()
    assert len({str(sorted(day.items())) for day in history.hashes}) == 3
    for day, then in enumerate(history.hashes):
        anew, made = history.as_of(day, tmp_path / str(day))
        assert list(differences(then, anew)) == []
        assert made.deviations == ()


@pytest.mark.parametrize(
    "seed", [0, *(pytest.param(seed, marks=pytest.mark.exhaustive) for seed in range(1, 9))]
)
def test_whatever_happens(history: History, tmp_path: Path, seed: int) -> None:
    live_through(history, seed, days=7)
    for day in (2, 4, 6):
        anew, made = history.as_of(day, tmp_path / str(day))
        assert list(differences(history.hashes[day], anew)) == []
        assert made.deviations == ()


def test_a_survey_is_read_again_when_the_plans_it_was_held_against_change(
    history: History,
) -> None:
    """Order of arrival decides nothing: the list of plans comes after, and is withdrawn again."""
    history.put("driftsstoette", "2015-06-30", extract("600,00"))
    history.run()
    (plans,) = history.states()
    wave = replace(
        plans,
        delivery_id="e" * 64,
        source="survey",
        period="2015",
        slot="survey/2015",
        state="received",
    )
    held = held_against(wave, [wave, *history.states()], {})
    assert held == (plans.delivery_id,)
    without = held_against(wave, [wave, replace(plans, state="withdrawn")], {})
    assert without == ()
    assert inputs_fingerprint(wave, held) != inputs_fingerprint(wave, without)


def test_what_was_rejected_then_stays_rejected(history: History, tmp_path: Path) -> None:
    """A contract that accepts today what it rejected is not laid over the past; it is said."""
    history.put("driftsstoette", "2015-06-30", extract("6,000.00"))
    history.run()
    assert [s.state for s in history.states()] == ["rejected"]
    history.day = 5
    mended = correction(1, history.now.replace(year=2029), expect="6,000.00", value="6000,00")
    history.set_corrections("driftsstoette", {"corrections": [mended]})
    history.run()
    assert [s.state for s in history.states()] == ["accepted"]
    _, then = history.as_of(0, tmp_path / "then")
    assert [s.state for s in then.states] == ["rejected"]
    assert [d.message for d in then.deviations] == [
        "rejected then, and left so; today's contract accepts it"
    ]
    with connect(tmp_path / "then" / "monitor.duckdb", read_only=True) as con:
        assert con.execute("select count(*) from raw.driftsstoette_lines").fetchone() == (0,)
