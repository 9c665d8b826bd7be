"""Key words that only say who speaks: a person's title, or a body that informs the meeting.

"Økonomichefen" is a person, whatever follows. "Den boligsociale koordinator", "Administrationen"
and "Afdelingsbestyrelsen" are speakers only where a verb of speaking comes next: to employ a
boligsocial koordinator is a topic.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipelines.intake.minutes.words import Match, Word

_PERSON = re.compile(
    r"(?:chef|direktør|leder|konsulent|koordinator|formand|sekretær|inspektør|mester|ansvarlig"
    r"|medarbejder|rådgiver|specialist|controller|assistent|planlægger|fuldmægtig)"
    r"(?:en|n|e|er|ere|ne|erne|erne|s|ens|nes)?"
)
_TITLE_WORD = re.compile(rf"\w*{_PERSON.pattern}")
_BODY = re.compile(
    r"(?:administration|afdelingsbestyrelse|repræsentantskab)(?:en|n|er|erne|et)?"
    r"|\w*administration(?:en)?"
)
_SAYS = re.compile(
    r"orientere[rd]e?|oplys(?:t|te|er)|fortalte|fortæller|bemærke(?:r|de)|nævn(?:te|er)|gennemgi?k"
    r"|gennemgår|frem(?:lagde|lægger)|præsentere[rd]e?|redegjorde|redegør|sp(?:u|ø)rg(?:te|er)"
    r"|deltog|deltager|takke(?:r|de)|forklare(?:r|de)|svare(?:r|de)|supplere[rd]e?|bød"
    r"|indled(?:te|er)|(?:frem|ud)?sender"
)
_MAX_NAME_WORDS = 3


def is_speaker(match: Match, words: Sequence[Word]) -> bool:
    """Whether a match is a person's title or a body that speaks, and not what is spoken of."""
    last = words[match.last]
    if _PERSON.fullmatch(last.folded[match.end :].removeprefix("s")):
        return True
    if _BODY.fullmatch(last.folded):
        return _speaks_after(match.last, words)
    after = match.last + 1
    if after < len(words) and _TITLE_WORD.fullmatch(words[after].folded):
        return _speaks_after(after, words)
    return False


def _speaks_after(index: int, words: Sequence[Word]) -> bool:
    """Whether a verb of speaking follows, at most a name in between."""
    for word in words[index + 1 : index + 2 + _MAX_NAME_WORDS]:
        if _SAYS.fullmatch(word.folded):
            return True
        if not word.text[:1].isupper():
            return False
    return False
