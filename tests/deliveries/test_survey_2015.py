"""The reconstructed wave, counted from the shipped zip through its code book."""

from collections import Counter

from shipped_files import active, canonical, completed, residents

WAVE = "2015"
LARGE = {code for code, count in residents("2015-06-30").items() if count > 4_000}
CASES = {"461", "259", "165", "540", "657"}


def counted(field: str, *, among: set[str] | None = None) -> Counter[str]:
    return Counter(
        one[field]
        for one in completed(WAVE)
        if field in one and (among is None or one["municipality_code"] in among)
    )


def test_41_of_44_municipalities_answered() -> None:
    everyone = canonical(WAVE)
    codes = {one["municipality_code"] for one in everyone}
    assert len(everyone) == len(codes) == 44
    assert set(active("2015-06-30")) == codes
    assert len(completed(WAVE)) == 41
    assert {one["municipality_code"] for one in completed(WAVE)} > CASES


def test_who_did_not_answer_is_exported_too_and_is_small() -> None:
    silent = [one for one in canonical(WAVE) if one["response_status"] != "completed"]
    assert [one for one in silent if one["municipality_code"] in LARGE] == []
    assert all(one["completed_at"] == "" and "leaders_priority" not in one for one in silent)


def test_time_spent_by_size() -> None:
    small = {one["municipality_code"] for one in canonical(WAVE)} - LARGE
    large_time = counted("coordinator_time_band", among=LARGE)
    small_time = counted("coordinator_time_band", among=small)
    assert len(LARGE) == large_time.total() == 16
    assert (len(small), small_time.total()) == (28, 22)
    assert (large_time["full_time_or_more"], small_time["full_time_or_more"]) == (7, 3)
    assert small_time["half_time_or_less"] >= 14


def test_the_figures_by_size_can_be_printed_whole() -> None:
    """Disclosure control hides a cell of one or two; the report printed figures 3 and 4 whole."""
    small = {one["municipality_code"] for one in canonical(WAVE)} - LARGE
    for field in ("coordinator_time_band", "leaders_priority", "politicians_priority"):
        for group in (LARGE, small):
            assert min(counted(field, among=group).values()) >= 3, field


def test_coordinators_and_where_they_sit() -> None:
    appointed = counted("coordinator_appointed")
    assert appointed["yes_one"] + appointed["yes_several"] == 37
    assert appointed["no"] == 4
    unit = counted("coordinator_unit")
    assert unit == {"neutral_unit": 19, "specialist_unit": 18}


def test_one_municipality_without_a_coordinator_states_the_time() -> None:
    exceptions = [
        one
        for one in completed(WAVE)
        if one["coordinator_appointed"] == "no" and "coordinator_time_band" in one
    ]
    assert len(exceptions) == 1
    assert "coordinator_unit" not in exceptions[0]


def test_leaders_priority_is_halved_in_both_size_classes() -> None:
    assert counted("leaders_priority") == {"satisfactory": 19, "to_some_degree": 19}
    assert counted("leaders_priority", among=LARGE)["satisfactory"] == 8


def test_everyone_co_finances_and_the_register_says_the_same() -> None:
    names = {
        "cofinancing_staff": "Kommune - medarbejdertimer",
        "cofinancing_cash": "Kommune - kontant",
        "cofinancing_premises": "Kommune - lokaler",
        "cofinancing_other": "Kommune - andet",
    }
    register = {
        code: {line.source for plan in found for line in plan} & set(names.values())
        for code, found in active("2015-06-30").items()
    }
    for one in completed(WAVE):
        forms = {names[field] for field in names if one[field] == "true"}
        assert forms == register[one["municipality_code"]] != set()
    assert counted("cofinancing_staff")["true"] == 37
    assert sum(names["cofinancing_staff"] in forms for forms in register.values()) == 40


def test_social_topics_are_more_frequent_where_one_person_coordinates_both() -> None:
    often = Counter(
        one["same_person_coordinates"]
        for one in completed(WAVE)
        if one["social_topics_frequency"] in ("always", "often")
    )
    everyone = counted("same_person_coordinates")
    assert often["yes"] / everyone["yes"] > 1.5 * often["no"] / everyone["no"]


def test_what_the_report_tells_of_its_case_municipalities() -> None:
    one = {answer["municipality_code"]: answer for answer in completed(WAVE)}
    assert one["461"]["coordinator_unit"] == "neutral_unit"
    assert one["461"]["plan_in_municipal_plan"] == "true"
    assert one["461"]["middle_managers_take_part"] == "true"
    assert one["259"]["coordinator_unit"] == "specialist_unit"
    assert one["540"]["same_person_coordinates"] == "yes"
    assert one["657"]["forum_operational"] == "true"
