"""The history fixture for every test here."""

from a_history import history

__all__ = ["history"]
