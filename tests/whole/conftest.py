"""The installation with everything shipped is `tests/shipped_installation.py`'s."""

from shipped_installation import Installation, monitor

__all__ = ["Installation", "monitor"]
