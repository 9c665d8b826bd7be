"""A zip file that holds one data set: its members, once nothing about the container is wrong.

Checked and inflated in a child process (`zip_child`); nothing is ever unpacked to a named file.
"""

from __future__ import annotations

from dataclasses import replace

from pipelines.intake.findings import rejected
from pipelines.intake.readers.archive_checks import MAX_TOTAL_BYTES
from pipelines.intake.readers.container import Container, recognise, wrong_container
from pipelines.intake.readers.safe_parse import Limits, parse_in_child
from pipelines.privacy.work_folder import unnamed_file


def read_zip(data: bytes, name: str, limits: Limits | None = None) -> dict[str, bytes]:
    """Read the files of a zip.

    Args:
        data: The zip's bytes.
        name: Its name, for the messages.
        limits: Memory and time for the child; the installation's by default.

    Returns:
        Base name to bytes; folders inside the zip are left out of the names, and so is what
        desktops leave behind (`__MACOSX`, `Thumbs.db`).

    Raises:
        DeliveryRejected: When the zip is damaged, encrypted, nested, too large, or holds a link,
            a doubled name, or a name that points outside.
    """
    found = recognise(data)
    if found is not Container.ZIP:
        raise wrong_container(found, ".zip", name)
    limits = replace(limits or Limits.of_installation(), answer_bytes=MAX_TOTAL_BYTES)
    with unnamed_file(MAX_TOTAL_BYTES) as unpacked:
        listed = parse_in_child("zip", data, name, limits, unpacked=unpacked)
        unpacked.seek(0)
        members = {str(member): unpacked.read(int(size)) for member, size in listed}
    if sum(map(len, members.values())) != sum(int(size) for _, size in listed):
        raise rejected("F13_parser_crashed", file=name)
    return members
