"""What was put in place for readers, by the hash of its bytes: so that damage to it is found.

The warehouse, the released cells and the published files can all be made again, but a changed byte
in them has to be noticed first. Whoever puts one in place writes its hashes down just before. A
kill in between leaves what stood there earlier, so that stays written down until the new one
stands.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.durable import make_durable_dir, sha256_of, write_replacing
from pipelines.settings import Settings

Hashes = Mapping[str, str]
"""Of a folder each file's by its name within; of one file its own, by its name."""


class OutputDamagedError(RuntimeError):
    """What readers have is damaged, and so cannot be gone on with; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Damage:
    """Something that is not as it was put in place."""

    output: str
    message: str


@dataclass(frozen=True, slots=True)
class _Known:
    """What was written down of a place."""

    now: Hashes
    before: tuple[Hashes, ...] = ()
    """What may stand there still, for whoever was to put `now` there was killed perhaps."""


def outputs(settings: Settings) -> tuple[Path, ...]:
    """What is put in place whole for readers."""
    return (settings.live_path, settings.publish_path, settings.published_dir)


@contextmanager
def putting(settings: Settings, output: Path, hashes: Hashes) -> Iterator[None]:
    """Put something in place within the block; written down before it, settled after it."""
    known = _read(settings, output)
    earlier = () if known is None else (known.now, *known.before)
    _write(settings, output, _Known(hashes, tuple(each for each in earlier if each != hashes)))
    yield
    _write(settings, output, _Known(hashes))


def is_as_put(settings: Settings, output: Path) -> bool:
    """Whether what stands at a place is known to be what was put there."""
    known = _read(settings, output)
    return known is not None and hashes_of(output) in (known.now, *known.before)


def damages(settings: Settings) -> list[Damage]:
    """What is other than it was put in place: files changed, missing and added."""
    return [each for output in outputs(settings) for each in _damages(settings, output)]


@contextmanager
def damage_told(settings: Settings) -> Iterator[None]:
    """Tell of damage to what readers have where that is why DuckDB failed the block.

    Raises:
        OutputDamagedError: In place of DuckDB's own error.
    """
    try:
        yield
    except duckdb.Error as error:
        if damaged := damage_behind(settings, error):
            raise damaged from error
        raise


def damage_behind(settings: Settings, error: Exception | str) -> OutputDamagedError | None:
    """What to say of an error of DuckDB, or its words, where what readers have is damaged."""
    if not isinstance(error, duckdb.Error | str) or not (found := damages(settings)):
        return None
    return _in_words(found)


def insist_on_as_put(settings: Settings, output: Path) -> None:
    """Refuse what stands at a place and is other than was put there: nothing is to follow from it.

    Raises:
        OutputDamagedError: It is damaged, or was changed.
    """
    if output.exists() and (found := list(_damages(settings, output))):
        raise _in_words(found)


def _in_words(found: Sequence[Damage]) -> OutputDamagedError:
    what = ", ".join(f"{each.output} ({each.message})" for each in found[:3])
    more = f" and {len(found) - 3} more" if len(found) > 3 else ""
    return OutputDamagedError(
        f"what readers have is damaged: {what}{more}. Nothing that was delivered is lost: "
        "`monitor verify` looks at all of it, `monitor rebuild` makes it anew"
    )


def unrecorded(settings: Settings) -> list[str]:
    """What stands there and was never written down, as by an older version of this program."""
    return [
        output.name
        for output in outputs(settings)
        if output.exists() and _read(settings, output) is None
    ]


def hashes_of(output: Path) -> Hashes:
    """Hash what stands at a place; nothing where nothing stands."""
    if output.is_dir():
        files = sorted(path for path in output.rglob("*") if path.is_file())
        return {path.relative_to(output).as_posix(): sha256_of(path) for path in files}
    return {output.name: sha256_of(output)} if output.is_file() else {}


def _damages(settings: Settings, output: Path) -> Iterator[Damage]:
    known = _read(settings, output)
    if known is None:
        return
    wanted, found = known.now, hashes_of(output)
    if found in (wanted, *known.before):
        return
    for name in sorted(wanted.keys() | found.keys()):
        if name not in found:
            yield Damage(output.name, f"{name} is gone")
        elif name not in wanted:
            yield Damage(output.name, f"{name} was added")
        elif wanted[name] != found[name]:
            yield Damage(output.name, f"{name} is other than it was made")


def _record(settings: Settings, output: Path) -> Path:
    return settings.data_dir / "in_place" / f"{output.name}.json"


def _write(settings: Settings, output: Path, known: _Known) -> None:
    if _read(settings, output) == known:
        return
    place = _record(settings, output)
    make_durable_dir(place.parent)
    value = {"now": dict(known.now), "before": [dict(each) for each in known.before]}
    write_replacing(place, json.dumps(value, indent=1, sort_keys=True).encode())


def _read(settings: Settings, output: Path) -> _Known | None:
    """What was written down of a place; a record that cannot be read is none."""
    try:
        value = json.loads(_record(settings, output).read_bytes())
        return _Known(dict(value["now"]), tuple(dict(each) for each in value["before"]))
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None
