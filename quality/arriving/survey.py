"""The suite of `raw.survey_answers`: one row per respondent and delivery of a wave.

Mostly guards against a code book that does not fit the wave: then answers end in the wrong code,
all in "ved ikke", or nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipelines.contracts.model import FieldType, Source
from quality.arriving.common import DELIVERY, dominance_rule, municipalities_rule
from quality.arriving.contracted import contracted_suite
from quality.fields import FieldRule, fields_of
from quality.model import Rule, Severity, Suite, sql_rule

DONT_KNOW = "dont_know"
DONT_KNOW_MAX_PCT = 50
ENOUGH_ANSWERS = 10
"""With fewer answers to a question, shares of them say nothing."""


def suite(source: Source) -> Suite:
    """The suite, given the contract."""
    fields = fields_of(source)
    return contracted_suite(
        source,
        municipalities_rule(
            "kommuner med gennemført svar",
            "municipalities with a completed answer",
            "response_status = 'completed'",
        ),
        dominance_rule("count(*)", 0.25, 10, "respondenterne", "the respondents"),
        _completed_in_time(),
        _completed_with_answers(source),
        *_dont_know(fields),
    )


def _completed_in_time() -> Rule:
    return sql_rule(
        "completed_in_the_wave",
        """
        select delivery_id from batch
        where response_status = 'completed' and completed_at is not null
        group by delivery_id
        having count(*) filter (
            where year(completed_at) in (cast(period as integer), cast(period as integer) + 1)
        ) < 0.5 * count(*)
        """,
        "Mindst halvdelen af svarene er afgivet i undersøgelsens år eller året efter "
        "(ellers er det nok en anden bølges fil).",
        "At least half of the answers were given in the wave's year or the one after "
        "(else it is probably another wave's file).",
        keys=DELIVERY,
        column="completed_at",
    )


def _completed_with_answers(source: Source) -> Rule:
    # Answers are known by the code book alone; SurveyXact's own columns have a heading. A multiple
    # choice with nothing chosen is false, not empty: it is no sign of an answer.
    answers = ", ".join(
        f"cast(nullif({field.field}, false) as varchar)"
        if field.type is FieldType.BOOLEAN
        else f"cast({field.field} as varchar)"
        for field in source.loaded_fields
        if not field.header
    )
    return sql_rule(
        "completed_with_answers",
        f"""
        select delivery_id from batch
        where response_status = 'completed'
        group by delivery_id
        having count(*) filter (where coalesce({answers}) is null) > 0.5 * count(*)
        """,
        "Mindst halvdelen af de gennemførte skemaer har svar på mindst ét spørgsmål "
        "(ellers passer kodebogen nok ikke til bølgen).",
        "At least half of the completed questionnaires answer at least one question "
        "(else the code book probably does not fit the wave).",
        keys=DELIVERY,
    )


def _dont_know(fields: Iterable[FieldRule]) -> tuple[Rule, ...]:
    asked = [field.field for field in fields if DONT_KNOW in field.codes]
    if not asked:
        return ()
    return (
        _dont_know_rule(
            "dont_know_at_most_half",
            asked,
            f"> {DONT_KNOW_MAX_PCT}",
            f"Højst {DONT_KNOW_MAX_PCT} % svarer ved ikke på et spørgsmål "
            f"(når mindst {ENOUGH_ANSWERS} har svaret).",
            f"At most {DONT_KNOW_MAX_PCT} % answer don't know to a question "
            f"(where at least {ENOUGH_ANSWERS} answered).",
            "warning",
        ),
        _dont_know_rule(
            "dont_know_not_all",
            asked,
            "= 100",
            "Intet spørgsmål har kun svaret ved ikke (så passer kodebogen nok ikke).",
            "No question has don't know as its only answer (the code book probably does not fit).",
            "error",
        ),
    )


def _dont_know_rule(
    rule_id: str, asked: Sequence[str], condition: str, da: str, en: str, severity: Severity
) -> Rule:
    columns = ", ".join(asked)
    return sql_rule(
        rule_id,
        f"""
        select delivery_id, question
        from (
            unpivot (
                select delivery_id, {columns} from batch where response_status = 'completed'
            )
            on {columns} into name question value answer
        )
        group by delivery_id, question
        having count(*) >= {ENOUGH_ANSWERS}
            and 100.0 * count(*) filter (where answer = '{DONT_KNOW}') / count(*) {condition}
        """,
        da,
        en,
        keys=("delivery_id", "question"),
        severity=severity,
    )
