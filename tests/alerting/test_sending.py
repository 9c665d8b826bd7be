"""An alert gets there, by e-mail and by webhook, and never in the way of a run."""

from __future__ import annotations

import json
import logging
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from servers import MailBox, Posts, mail_server, self_signed, web_server

from pipelines.alerting import book, telling
from pipelines.alerting.alert import Alert
from pipelines.alerting.book import alerts_dir
from pipelines.alerting.channels import Channels, ChannelSettingsError, channels_from_env
from pipelines.alerting.telling import look, send_waiting, tell, waiting
from pipelines.orchestration.alerts import FailedStep, alert_of
from pipelines.settings import Settings

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
CANARY = "kanariefugl"
PASSWORD = "hemmelig-adgangskode"
ALERT = Alert("delivery_rejected", "1 deliveries", NOON, ("survey/2017 3f9a1c2b4d5e",))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(root=tmp_path, data_dir=tmp_path / "data", dagster_home=tmp_path / "home")


def by_mail(box: MailBox, **more: str) -> Channels:
    return channels_from_env(
        {
            "MONITOR_ALERT_MAIL_TO": "drift@example.dk, vagt@example.dk",
            "MONITOR_ALERT_MAIL_FROM": "monitor@example.dk",
            "MONITOR_SMTP_HOST": "127.0.0.1",
            "MONITOR_SMTP_PORT": str(box.port),
            "MONITOR_INSTALLATION": "prøveanlæg",
            **more,
        }
    )


def by_webhook(posts: Posts) -> Channels:
    url = f"http://127.0.0.1:{posts.port}/hook?room=1"
    return channels_from_env(
        {"MONITOR_ALERT_WEBHOOK_URL": url, "MONITOR_ALERT_WEBHOOK_TOKEN": PASSWORD}
    )


def test_a_letter_over_an_encrypted_line_with_login(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = self_signed(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with mail_server(MailBox(certificate)) as box:
        tell(
            settings,
            ALERT,
            by_mail(box, MONITOR_SMTP_USER="monitor", MONITOR_SMTP_PASSWORD=PASSWORD),
        )
    assert box.logins == [(True, f"\0monitor\0{PASSWORD}")]
    [letter] = box.letters
    assert letter["Subject"] == "[prøveanlæg] ADVARSEL: En leverance er afvist"
    assert letter["To"] == "drift@example.dk, vagt@example.dk"
    text = letter.get_content()
    danish, english = text.split("--- English")
    assert "survey/2017 3f9a1c2b4d5e" in danish
    assert "Kør nu    monitor status" in danish
    assert "A delivery was rejected" in english
    assert "docs/runbooks/delivery_rejected.md" in english
    assert waiting(settings, NOON) == 0


def test_no_letter_without_encryption_or_by_a_stranger(settings: Settings, tmp_path: Path) -> None:
    with mail_server(MailBox()) as plain, mail_server(MailBox(self_signed(tmp_path))) as stranger:
        login = {"MONITOR_SMTP_USER": "monitor", "MONITOR_SMTP_PASSWORD": PASSWORD}
        tell(settings, ALERT, by_mail(plain, **login))
        send_waiting(settings, NOON, by_mail(stranger, **login))
    assert plain.letters + stranger.letters == []
    assert plain.logins + stranger.logins == []
    assert waiting(settings, NOON) == 1


def test_a_webhook_gets_the_finding_and_the_command(settings: Settings) -> None:
    with web_server(Posts()) as posts:
        tell(settings, ALERT, by_webhook(posts))
    [(headers, told)] = posts.got
    assert headers["Authorization"] == f"Bearer {PASSWORD}"
    assert told["kind"] == "delivery_rejected"
    assert told["subjects"] == ["survey/2017 3f9a1c2b4d5e"]
    assert told["next"] == ["monitor status"]
    assert told["runbook"] == "docs/runbooks/delivery_rejected.md"


def test_a_redirect_is_not_followed(settings: Settings) -> None:
    with web_server(Posts(status=302)) as posts:
        tell(settings, ALERT, by_webhook(posts))
    assert len(posts.got) == 1
    assert waiting(settings, NOON) == 1


def test_a_dead_server_stops_nothing_and_is_tried_again(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    with web_server(Posts()) as posts:
        nobody = by_webhook(replace(posts, port=posts.port))
    path = tell(settings, ALERT, nobody)  # the server is gone
    assert path is not None
    assert json.loads(path.read_bytes())["waiting"] == ["webhook"]
    assert "could not be sent by webhook" in caplog.text
    assert PASSWORD not in caplog.text
    with web_server(Posts()) as posts:
        assert send_waiting(settings, NOON, by_webhook(posts)) == 0
        assert send_waiting(settings, NOON, by_webhook(posts)) == 0
    assert len(posts.got) == 1


def test_a_server_that_never_answers_is_left_alone(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "CHANNEL_SECONDS", 0.05)
    with mail_server(MailBox(is_silent=True)) as box:
        tell(settings, ALERT, by_mail(box))
        assert waiting(settings, NOON) == 1
        hanging = [each for each in threading.enumerate() if each.name == "alert by mail"]
        assert send_waiting(settings, NOON, by_mail(box)) == 1
        assert [
            each for each in threading.enumerate() if each.name == "alert by mail"
        ] == hanging, "no thread more for each look"
    for each in hanging:
        each.join()  # the server is gone


def test_a_dead_channel_does_not_hold_up_the_other(settings: Settings) -> None:
    with web_server(Posts()) as gone:
        pass
    with web_server(Posts()) as posts:
        mail = by_mail(MailBox(port=gone.port)).mail
        tell(settings, ALERT, replace(by_webhook(posts), mail=mail))
    assert len(posts.got) == 1
    assert waiting(settings, NOON) == 1


def test_what_has_waited_for_a_week_is_let_go(settings: Settings) -> None:
    with web_server(Posts()) as gone:
        pass
    tell(settings, ALERT, by_webhook(gone))
    with web_server(Posts()) as posts:
        later = NOON + telling.GIVEN_UP + timedelta(seconds=1)
        assert send_waiting(settings, later, by_webhook(posts)) == 0
    assert posts.got == []


def test_an_errors_own_words_stay_on_the_machine(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    step = FailedStep("dbt_build", "ConversionException", f"Could not convert '{CANARY}'")
    alert = alert_of("run-1", "process_inbox", [step], CANARY, NOON)
    certificate = self_signed(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with web_server(Posts()) as posts, mail_server(MailBox(certificate)) as box:
        mail = by_mail(box).mail
        path = tell(settings, alert, replace(by_webhook(posts), mail=mail))
    assert path is not None
    assert CANARY in path.read_text()
    assert path.stat().st_mode & 0o077 == 0
    assert len(box.letters) == len(posts.got) == 1
    assert CANARY not in box.letters[0].as_string() + json.dumps(posts.got[0][1])


def test_what_cannot_be_written_down_stops_nothing(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(telling, "write_replacing", full)
    assert tell(settings, ALERT, Channels()) is None
    assert "A delivery was rejected" in caplog.text  # the log has it all the same
    assert "could not be kept: OSError" in caplog.text


def test_on_a_full_disk_it_is_sent_all_the_same_and_once(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(book, "make_durable_dir", full)
    monkeypatch.setattr(telling, "_UNKEPT", set())
    with web_server(Posts()) as posts:
        for _ in range(2):
            assert tell(settings, ALERT, by_webhook(posts)) is None
    assert len(posts.got) == 1
    assert look(settings, ALERT, ALERT.kind_id) is None


def test_an_alert_of_another_version_stands_in_no_other_s_way(settings: Settings) -> None:
    tell(settings, ALERT, Channels())
    of_another = alerts_dir(settings) / f"{NOON:%Y%m%dT%H%M%SZ}-a.json"
    of_another.write_text('{"kind": "trial", "waiting": ["webhook"]}')
    with web_server(Posts()) as posts:
        assert send_waiting(settings, NOON, by_webhook(posts)) == 0
    assert json.loads(of_another.read_bytes())["waiting"] == []


def test_what_was_found_by_a_process_without_channels_is_sent_by_one_that_has_them(
    settings: Settings,
) -> None:
    tell(settings, ALERT, Channels())
    assert waiting(settings, NOON) == 0  # nobody is late with it
    send_waiting(settings, NOON, Channels())
    with web_server(Posts()) as posts:
        assert send_waiting(settings, NOON, by_webhook(posts)) == 0
        assert send_waiting(settings, NOON, by_webhook(posts)) == 0
    assert len(posts.got) == 1


def test_a_process_without_a_channel_leaves_what_waits_for_it(settings: Settings) -> None:
    with web_server(Posts()) as gone:
        pass
    path = tell(settings, ALERT, by_webhook(gone))
    assert path is not None
    send_waiting(settings, NOON, by_mail(MailBox(port=gone.port)))
    assert json.loads(path.read_bytes())["waiting"] == ["webhook"]


def test_two_of_a_kind_in_a_second_are_two(settings: Settings) -> None:
    with web_server(Posts()) as gone:
        pass
    for subject in ("a", "b"):
        tell(settings, replace(ALERT, subjects=(subject,)), by_webhook(gone))
    assert waiting(settings, NOON) == 2


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"MONITOR_ALERT_MAIL_TO": "a@b.dk"}, "MONITOR_SMTP_HOST"),
        ({"MONITOR_SMTP_USER": PASSWORD}, "MONITOR_SMTP_PASSWORD"),
        ({"MONITOR_SMTP_SECURITY": "ssl3"}, "MONITOR_SMTP_SECURITY"),
        (
            {
                "MONITOR_SMTP_SECURITY": "none",
                "MONITOR_SMTP_USER": "x",
                "MONITOR_SMTP_PASSWORD": PASSWORD,
            },
            "MONITOR_SMTP_SECURITY",
        ),
        (
            {"MONITOR_SMTP_SECURITY": "none", "MONITOR_SMTP_HOST": "mail.example.dk"},
            "MONITOR_SMTP_SECURITY",
        ),
        ({"MONITOR_SMTP_PORT": PASSWORD}, "MONITOR_SMTP_PORT"),
        (
            {"MONITOR_ALERT_WEBHOOK_URL": f"http://example.dk/{PASSWORD}"},
            "MONITOR_ALERT_WEBHOOK_URL",
        ),
        ({"MONITOR_ALERT_WEBHOOK_URL": f"file:///{PASSWORD}"}, "MONITOR_ALERT_WEBHOOK_URL"),
    ],
)
def test_unsafe_settings_are_refused_by_name(values: dict[str, str], named: str) -> None:
    whole = {
        "MONITOR_ALERT_MAIL_TO": "a@b.dk",
        "MONITOR_ALERT_MAIL_FROM": "c@b.dk",
        "MONITOR_SMTP_HOST": "127.0.0.1",
    }
    environ = values if list(values) == ["MONITOR_ALERT_MAIL_TO"] else whole | values
    with pytest.raises(ChannelSettingsError, match=named) as refused:
        channels_from_env(environ)
    assert PASSWORD not in str(refused.value)


def test_unsafe_settings_stop_no_run(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("MONITOR_ALERT_WEBHOOK_URL", f"http://example.dk/{PASSWORD}")
    with caplog.at_level(logging.WARNING):
        assert tell(settings, ALERT) is not None
    assert "MONITOR_ALERT_WEBHOOK_URL" in caplog.text
    assert PASSWORD not in caplog.text


def test_secrets_are_in_no_repr() -> None:
    posts = Posts(port=1)
    login = {"MONITOR_SMTP_USER": "monitor", "MONITOR_SMTP_PASSWORD": PASSWORD}
    channels = replace(by_webhook(posts), mail=by_mail(MailBox(), **login).mail)
    assert PASSWORD not in repr(channels)
