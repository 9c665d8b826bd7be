"""What stops every command (a damaged ledger, a missing key), told with what to do about it."""

from __future__ import annotations

from pipelines.settings import Settings


def told(error: RuntimeError, settings: Settings) -> str | None:
    """What to say of an error that a person can do something about; nothing of any other."""
    from pipelines.intake.ledger import LedgerDamagedError
    from pipelines.ledger_report import what_to_do
    from pipelines.orchestration.home import OverlayError
    from pipelines.orchestration.instance_storage import PostgresSupportMissingError
    from pipelines.privacy.master_key import KeyUnavailableError

    if isinstance(error, KeyUnavailableError | OverlayError | PostgresSupportMissingError):
        return str(error)
    if isinstance(error, LedgerDamagedError):
        return f"the ledger is damaged: {error}\n{what_to_do(settings.ledger_path)}"
    return None
