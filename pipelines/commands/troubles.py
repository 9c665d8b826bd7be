"""What stops every command (damaged ledger, missing key, full disk), told with what to do."""

from __future__ import annotations

from pipelines.settings import Settings


def told(error: Exception, settings: Settings) -> str | None:
    """What to say of an error that a person can do something about; nothing of any other."""
    from pipelines.disk_full import DiskFullError, comes_of_full_disk, disk_full
    from pipelines.in_place import OutputDamagedError, damage_behind
    from pipelines.intake.ledger import LedgerDamagedError
    from pipelines.ledger_report import what_to_do
    from pipelines.orchestration.home import OverlayError
    from pipelines.orchestration.instance_storage import PostgresSupportMissingError
    from pipelines.privacy.master_key import KeyUnavailableError

    if comes_of_full_disk(settings, error):
        return str(error if isinstance(error, DiskFullError) else disk_full(settings))
    error = damage_behind(settings, error) or error
    in_words = (KeyUnavailableError, OverlayError, PostgresSupportMissingError, OutputDamagedError)
    if isinstance(error, in_words):
        return str(error)
    if isinstance(error, LedgerDamagedError):
        return f"the ledger is damaged: {error}\n{what_to_do(settings.ledger_path)}"
    return None
