"""Which names and periods an inbox takes, and the words for why it does not.

Names only: no file is opened here. Reasons are data (a stable rule id, Danish and English), so
that the status command, the sender's list and the tests all say the same thing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pipelines.privacy.personal_data import names_a_person, without_personal_data

PeriodKind = Literal["year", "date"]

META_SUFFIX = ".meta.json"
MANIFEST_SUFFIX = ".sha256"
RECEIVED_PREFIX = ".received-"
"""What the receiver has archived and is about to delete; see `placing`."""

IN_PROGRESS_SUFFIXES = (
    ".part",
    ".tmp",
    ".partial",
    ".filepart",
    ".crdownload",
    ".download",
    "~",
)
LOCK_PREFIXES = ("~$", ".~lock", ".#")
# Left behind by desktops inside folders; never part of a delivery.
DESKTOP_FILES = frozenset({".ds_store", "thumbs.db", "desktop.ini"})

MAX_NAME_BYTES = 200
"""So that side files and temporary names made from it still fit into a file system."""

_RECEIVED = re.compile(re.escape(RECEIVED_PREFIX) + "[0-9a-f]{64}")
_SOURCE_NAME = re.compile(r"[a-z][a-z0-9_]*")
_DATE_IN_NAME = re.compile(r"(?<!\d)(\d{4}-\d{2}-\d{2})(?!\d)")
_YEAR_IN_NAME = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")
_PERIOD_LIKE = re.compile(r"\d{4}(-\d{1,2}){0,2}")


@dataclass(frozen=True)
class Reason:
    """Why an inbox entry is not taken: a stable rule id and the words in both languages.

    `example_da` is what a sender may have done; the delivery guide lists it.
    """

    rule: str
    message_da: str
    message_en: str
    example_da: str


CONTROL_CHARACTERS = Reason(
    "inbox.name_control_characters",
    "Navnet indeholder usynlige tegn eller styretegn. Omdøb filen og aflever den igen.",
    "The name holds invisible or control characters. Rename the file and deliver it again.",
    "Et filnavn kopieret fra en mail, med et usynligt tegn i.",
)
NAME_TOO_LONG = Reason(
    "inbox.name_too_long",
    "Navnet er for langt (højst 200 tegn; æ, ø og å tæller for to). Omdøb filen og aflever den "
    "igen.",
    "The name is too long (at most 200 bytes). Rename the file and deliver it again.",
    "Et filnavn, der er en hel sætning fra en mails emnefelt.",
)
NOT_UNICODE = Reason(
    "inbox.name_not_unicode",
    "Navnet er ikke gyldig UTF-8. Omdøb filen og aflever den igen.",
    "The name is not valid UTF-8. Rename the file and deliver it again.",
    "Et filnavn med æ, ø eller å fra en gammel server.",
)
LOCK_FILE = Reason(
    "inbox.lock_file",
    "Det er et regnearks låsefil, ikke en leverance. Luk programmet, så forsvinder den.",
    "This is an office program's lock file, not a delivery. Close the program and it goes away.",
    "~$udtræk.xlsx, som Excel laver, mens udtræk.xlsx er åben.",
)
HIDDEN = Reason(
    "inbox.hidden",
    "Skjulte filer (navne med punktum først) modtages ikke.",
    "Hidden files (names that start with a point) are not taken.",
    ".udtræk.csv",
)
SYMBOLIC_LINK = Reason(
    "inbox.link",
    "Det er en genvej (link), ikke en fil. Genveje følges aldrig; læg selve filen.",
    "This is a link, not a file. Links are never followed; put the file itself here.",
    "En genvej til filen på et netværksdrev.",
)
SPECIAL_FILE = Reason(
    "inbox.special_file",
    "Det er hverken en fil eller en mappe (FIFO, socket eller enhed).",
    "This is neither a file nor a folder (FIFO, socket or device).",
    "En navngiven pipe (FIFO) i stedet for en fil.",
)
SUBFOLDER = Reason(
    "inbox.subfolder",
    "Mappen indeholder en undermappe. En leverance er én fil eller én flad mappe med filer.",
    "The folder holds another folder. A delivery is one file or one flat folder of files.",
    "surveyxact_2016/eksport/dataset.csv",
)
SAME_NAME = Reason(
    "inbox.same_name",
    "To navne er ens på nær store og små bogstaver eller den måde, æ, ø og å er gemt på, så det "
    "kan ikke siges, hvilken der gælder. Slet eller omdøb den ene.",
    "Two names are the same but for capitals or the way letters are stored, so nobody can say "
    "which of them counts. Delete or rename one.",
    "To filer, der begge hedder »udtræk_å.csv«, men hvor det ene å er skrevet som a med ring.",
)
NO_SOURCE = Reason(
    "inbox.no_source",
    "Filen ligger uden for en kildes mappe. Læg den i <kilde>/<periode>/.",
    "The file lies outside a source's folder. Put it in <source>/<period>/.",
    "udtræk.csv lagt direkte i indbakken.",
)
UNKNOWN_SOURCE = Reason(
    "inbox.unknown_source",
    "Mappen svarer ikke til en kendt kilde.",
    "The folder is not that of a known source.",
    "Mappen »driftstøtte« i stedet for »driftsstoette«.",
)
NO_PERIOD = Reason(
    "inbox.no_period",
    "Perioden fremgår hverken af mappen eller entydigt af navnet (ÅÅÅÅ eller ÅÅÅÅ-MM-DD).",
    "The period follows neither from the folder nor, without doubt, from the name "
    "(YYYY or YYYY-MM-DD).",
    "udtræk.csv lagt direkte i kildens mappe.",
)
WRONG_PERIOD = Reason(
    "inbox.wrong_period",
    "Periodens form passer ikke til kilden eller er ikke en dato (ÅÅÅÅ eller ÅÅÅÅ-MM-DD).",
    "The period does not have the source's form or is no date (YYYY or YYYY-MM-DD).",
    "driftsstoette/2015 – udtrækket leveres for en dato, for eksempel 2015-06-30.",
)
NAMES_A_PERSON = Reason(
    "inbox.name_personal_data",
    "Navnet indeholder et CPR-nummer eller en e-mailadresse. Omdøb filen og aflever den igen.",
    "The name holds a CPR number or an e-mail address. Rename the file and deliver it again.",
    "En fil, der hedder som en persons CPR-nummer.",
)
IN_PROGRESS = Reason(
    "inbox.in_progress",
    "Navnet viser, at filen stadig er ved at blive kopieret.",
    "The name says that the file is still being copied.",
    "udtræk.csv.part",
)
SIDE_FILE = Reason(
    "inbox.side_file",
    "Navnet er det, en følgefil har (.meta.json eller .sha256), og ikke en leverances.",
    "The name is that of a side file (.meta.json or .sha256), not of a delivery.",
    "udtræk.csv.meta.json afleveret i stedet for udtræk.csv.",
)
ALREADY_RECEIVED = Reason(
    "inbox.already_received",
    "Præcis den samme fil er allerede modtaget for perioden. Leveres den igen, sker der intet.",
    "The very same file has been received for this period. Delivered again it changes nothing.",
    "Den samme fil sendt to gange.",
)


def is_in_progress(name: str) -> bool:
    """Say whether the name is one that programs give to half-written files."""
    return name.casefold().endswith(IN_PROGRESS_SUFFIXES)


def is_received_leftover(name: str) -> bool:
    """Say whether the receiver gave this name to what it has archived and is deleting."""
    return _RECEIVED.fullmatch(name) is not None


def refusal_of_name(name: str) -> Reason | None:
    """Say why a name is refused whatever stands behind it, or None."""
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return NOT_UNICODE
    if any(unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp") for character in name):
        return CONTROL_CHARACTERS
    if len(name.encode("utf-8")) > MAX_NAME_BYTES:
        return NAME_TOO_LONG
    if name.startswith(LOCK_PREFIXES):
        return LOCK_FILE
    if name.startswith("."):
        return HIDDEN
    return NAMES_A_PERSON if names_a_person(name) else None


def doubled(found: Iterable[str]) -> frozenset[str]:
    """The names that are another's but for capitals and the Unicode form they are stored in."""
    by_key: dict[str, list[str]] = {}
    for name in found:
        key = unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
        by_key.setdefault(key, []).append(name)
    return frozenset(name for same in by_key.values() if len(same) > 1 for name in same)


def printable(name: str) -> str:
    """Write a name so that a terminal or a log is safe from it.

    Odd characters become escapes, and what looks like personal data is masked.
    """
    name = without_personal_data(name)
    return "".join(
        character
        if character.isprintable()
        else character.encode("unicode_escape", "surrogatepass").decode("ascii")
        for character in name
    )


def is_source_name(name: str) -> bool:
    """Say whether the word can name a source: it becomes a folder."""
    return _SOURCE_NAME.fullmatch(name) is not None


def looks_like_period(name: str) -> bool:
    """Say whether a folder's name is meant as a period, right or wrong."""
    return _PERIOD_LIKE.fullmatch(name) is not None


def period_kind(period: str) -> PeriodKind | None:
    """Give the kind of a period, or None when it is no period: `2015`, `2015-06-30`."""
    if _YEAR_IN_NAME.fullmatch(period):
        return "year"
    return "date" if _DATE_IN_NAME.fullmatch(period) and _is_date(period) else None


def period_from_name(name: str, kind: str | None = None) -> str | None:
    """Read the one period a file name holds.

    Args:
        name: The item's name, such as `driftsstoette_2015-06-30_syntetisk.csv`.
        kind: What the source's periods are; None takes a date where there is one, else a year.

    Returns:
        The period, or None when the name holds none or several.
    """
    dates = {found for found in _DATE_IN_NAME.findall(name) if _is_date(found)}
    years = set(_YEAR_IN_NAME.findall(_DATE_IN_NAME.sub(" ", name)))
    if kind == "date" or (kind is None and dates):
        candidates = dates
    else:
        candidates = years or {found[:4] for found in dates}
    return candidates.pop() if len(candidates) == 1 else None


def fits(period: str, source: str, period_kinds: Mapping[str, str]) -> bool:
    """Say whether a period is well formed and of the kind its source has."""
    kind = period_kind(period)
    return kind is not None and kind == period_kinds.get(source, kind)


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
