"""Where alerts go, read from the environment: addresses, servers and their passwords.

Nothing of it is in a file of this project, in a log or in an error. With nothing set, alerts stay
in the folder `alerts/` alone.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Literal, get_args
from urllib.parse import urlsplit

from pipelines.environment import (
    DOCS_URL_ENV,
    INSTALLATION_ENV,
    MAIL_FROM_ENV,
    MAIL_TO_ENV,
    SMTP_HOST_ENV,
    SMTP_PASSWORD_ENV,
    SMTP_PORT_ENV,
    SMTP_SECURITY_ENV,
    SMTP_USER_ENV,
    WEBHOOK_TOKEN_ENV,
    WEBHOOK_URL_ENV,
)

Security = Literal["starttls", "tls", "none"]
PORTS: Mapping[str, int] = {"starttls": 587, "tls": 465, "none": 25}


class ChannelSettingsError(ValueError):
    """A setting is missing or unsafe; the message names the variable, never its value."""


@dataclass(frozen=True)
class Mail:
    """A mail server and who gets the alerts."""

    host: str
    port: int
    security: Security
    sender: str
    recipients: tuple[str, ...]
    user: str | None = None
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Webhook:
    """An address that takes alerts as JSON."""

    url: str = field(repr=False)
    """Such addresses often hold a token."""
    token: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Channels:
    """Every way out, and what the installation is called."""

    mail: Mail | None = None
    webhook: Webhook | None = None
    installation: str = ""
    docs_url: str | None = None

    def names(self) -> tuple[str, ...]:
        """The channels that are set up."""
        return tuple(name for name in ("mail", "webhook") if getattr(self, name) is not None)


def channels_from_env(environ: Mapping[str, str] | None = None) -> Channels:
    """Read the environment.

    Raises:
        ChannelSettingsError: If a setting is missing, or would send a password in clear.
    """
    env = os.environ if environ is None else environ
    return Channels(
        mail=_mail(env),
        webhook=_webhook(env),
        installation=env.get(INSTALLATION_ENV) or socket.gethostname(),
        docs_url=(env.get(DOCS_URL_ENV) or "").rstrip("/") or None,
    )


def _mail(env: Mapping[str, str]) -> Mail | None:
    recipients = tuple(part.strip() for part in env.get(MAIL_TO_ENV, "").split(",") if part.strip())
    if not recipients:
        return None
    host = env.get(SMTP_HOST_ENV)
    sender = env.get(MAIL_FROM_ENV)
    if not host or not sender:
        raise ChannelSettingsError(
            f"{MAIL_TO_ENV} is set; {SMTP_HOST_ENV} and {MAIL_FROM_ENV} must be too"
        )
    security = env.get(SMTP_SECURITY_ENV) or "starttls"
    if security not in get_args(Security):
        raise ChannelSettingsError(f"{SMTP_SECURITY_ENV} must be one of {', '.join(PORTS)}")
    user, password = env.get(SMTP_USER_ENV) or None, env.get(SMTP_PASSWORD_ENV) or None
    if (user is None) != (password is None):
        raise ChannelSettingsError(f"{SMTP_USER_ENV} and {SMTP_PASSWORD_ENV} must be set together")
    if security == "none" and (user or not _is_loopback(host)):
        raise ChannelSettingsError(
            f"{SMTP_SECURITY_ENV}=none is for a mail server on this machine, without a login"
        )
    port = env.get(SMTP_PORT_ENV) or str(PORTS[security])
    if not port.isdigit():
        raise ChannelSettingsError(f"{SMTP_PORT_ENV} must be a number")
    kept: Security = "tls" if security == "tls" else "none" if security == "none" else "starttls"
    return Mail(host, int(port), kept, sender, recipients, user, password)


def _webhook(env: Mapping[str, str]) -> Webhook | None:
    url = env.get(WEBHOOK_URL_ENV)
    if not url:
        return None
    parts = urlsplit(url)
    is_here = parts.scheme == "http" and _is_loopback(parts.hostname or "")
    if not parts.hostname or not (parts.scheme == "https" or is_here):
        raise ChannelSettingsError(
            f"{WEBHOOK_URL_ENV} must begin with https:// (http on this machine)"
        )
    return Webhook(url, env.get(WEBHOOK_TOKEN_ENV) or None)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
