"""An alert as JSON, posted to an address. No redirect is followed: it would carry the token off."""

from __future__ import annotations

import json
from http.client import HTTPConnection, HTTPSConnection
from urllib.parse import urlsplit

from pipelines.alerting.alert import Alert
from pipelines.alerting.channels import Channels, Webhook
from pipelines.alerting.mail import runbook_link

SECONDS = 10.0


class WebhookRefusedError(OSError):
    """The address answered, but not that it took the alert."""


def body(alert: Alert, channels: Channels) -> bytes:
    """What is posted."""
    link = runbook_link(alert, channels)
    told = {**alert.outward(), "runbook": link, "installation": channels.installation}
    # `text` is what the chat programs show of a webhook
    told["text"] = f"{alert.kind.title_da}: {alert.what}. Kør: {alert.kind.next[0]} ({link})"
    return json.dumps(told, ensure_ascii=False).encode()


def send(alert: Alert, webhook: Webhook, channels: Channels) -> None:
    """Post the alert.

    Raises:
        OSError: If the address cannot be reached, or does not answer with 2xx.
    """
    parts = urlsplit(webhook.url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=SECONDS)
    headers = {"Content-Type": "application/json", "User-Agent": "boligsocial-monitor"}
    if webhook.token is not None:
        headers["Authorization"] = f"Bearer {webhook.token}"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("POST", path, body(alert, channels), headers)
        status = connection.getresponse().status
    finally:
        connection.close()
    if not 200 <= status < 300:
        raise WebhookRefusedError(f"the webhook answered with status {status}")
