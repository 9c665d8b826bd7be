"""An alert as an e-mail, Danish first and English below, and its way through a mail server."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Sequence
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from pipelines.alerting.alert import SEVERITY_DA, Alert
from pipelines.alerting.channels import Channels, Mail

SECONDS = 10.0


def message(alert: Alert, mail: Mail, channels: Channels) -> EmailMessage:
    """Write the e-mail."""
    told = alert.outward()
    made = EmailMessage()
    made["Subject"] = (
        f"[{channels.installation}] {SEVERITY_DA[alert.kind.severity]}: {alert.kind.title_da}"
    )
    made["From"] = mail.sender
    made["To"] = ", ".join(mail.recipients)
    made["Date"] = format_datetime(alert.at)
    made["Message-ID"] = make_msgid(domain="boligsocial-monitor.invalid")
    made["Auto-Submitted"] = "auto-generated"
    link = runbook_link(alert, channels)
    subjects: Sequence[str] = told["subjects"]
    more = told["subject_count"] - len(subjects)
    lines = [
        alert.kind.title_da,
        "",
        f"Hvad      {alert.what}",
        *(f"          - {each}" for each in subjects),
        *([f"          - og {more} mere / and {more} more"] if more else []),
        f"Kør nu    {alert.kind.next[0]}",
        *(f"          {command}" for command in alert.kind.next[1:]),
        f"Vejledning {link}",
        "",
        "--- English",
        alert.kind.title_en,
        "",
        f"What      {alert.what}",
        *([f"Live      {alert.live}"] if alert.live else []),
        "Next",
        *(f"  {number}. {step}" for number, step in enumerate(alert.kind.steps, start=1)),
        f"Runbook   {link}",
        *([f"Run       {alert.run_id} ({alert.job})"] if alert.run_id else []),
        f"When      {told['at']}",
        "",
    ]
    made.set_content("\n".join(lines))
    return made


def runbook_link(alert: Alert, channels: Channels) -> str:
    """Where the runbook is: an address if the documents have one, else the path in the project."""
    if channels.docs_url:
        return f"{channels.docs_url}/{alert.kind.runbook}"
    return alert.kind.runbook


def send(alert: Alert, mail: Mail, channels: Channels) -> None:
    """Hand the e-mail to the server.

    Raises:
        OSError: If the server cannot be reached, or says no (`smtplib.SMTPException` is one).
    """
    context = ssl.create_default_context()
    with _connection(mail, context) as server:
        if mail.security == "starttls":
            server.starttls(context=context)
        if mail.user is not None and mail.password is not None:
            server.login(mail.user, mail.password)
        server.send_message(message(alert, mail, channels))


def _connection(mail: Mail, context: ssl.SSLContext) -> smtplib.SMTP:
    if mail.security == "tls":
        return smtplib.SMTP_SSL(mail.host, mail.port, timeout=SECONDS, context=context)
    return smtplib.SMTP(mail.host, mail.port, timeout=SECONDS)
