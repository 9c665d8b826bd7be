"""A mail server and a web server on this machine, for the alerts' tests."""

from __future__ import annotations

import base64
import json
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class MailBox:
    """A mail server's settings, and what came in."""

    certificate: Path | None = None
    """With its key; without one the server offers no encryption."""
    is_silent: bool = False
    """Takes the connection and never says a word."""
    port: int = 0
    letters: list[EmailMessage] = field(default_factory=list)
    logins: list[tuple[bool, str]] = field(default_factory=list)
    """Whether the line was encrypted when the login came, and the login."""
    stop: threading.Event = field(default_factory=threading.Event)


class _Talk(socketserver.StreamRequestHandler):
    box: MailBox

    def handle(self) -> None:
        if self.box.is_silent:
            self.box.stop.wait()
            return
        self.encrypted = False
        self._say("220 here")
        while line := self.rfile.readline():
            word = line.decode().strip().upper().partition(" ")[0]
            if word == "QUIT":
                self._say("221 bye")
                return
            getattr(self, f"_{word.lower()}", self._ok)(line)

    def _say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")

    def _ok(self, line: bytes) -> None:
        self._say("250 ok")

    def _ehlo(self, line: bytes) -> None:
        offered = "STARTTLS" if self.box.certificate and not self.encrypted else "AUTH PLAIN"
        self._say(f"250-here\r\n250 {offered}")

    def _starttls(self, line: bytes) -> None:
        self._say("220 go on")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(str(self.box.certificate))
        secured = context.wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = secured.makefile("rb"), secured.makefile("wb", buffering=0)
        self.encrypted = True

    def _auth(self, line: bytes) -> None:
        login = base64.b64decode(line.split()[-1]).decode()
        self.box.logins.append((self.encrypted, login))
        self._say("235 welcome")

    def _data(self, line: bytes) -> None:
        self._say("354 go on")
        lines = iter(self.rfile.readline, b".\r\n")
        text = b"".join(each.removeprefix(b".") for each in lines)
        self.box.letters.append(message_from_bytes(text, policy=policy.default))
        self._say("250 kept")


@contextmanager
def mail_server(box: MailBox) -> Iterator[MailBox]:
    talk = type("Talk", (_Talk,), {"box": box})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), talk) as server:
        server.daemon_threads = True
        box.port = server.server_address[1]
        with _served(server):
            yield box
            box.stop.set()


@dataclass
class Posts:
    """A web server's answer, and what was posted to it."""

    status: int = 204
    port: int = 0
    got: list[tuple[dict[str, str], dict[str, object]]] = field(default_factory=list)


@contextmanager
def web_server(posts: Posts) -> Iterator[Posts]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            posts.got.append((dict(self.headers), json.loads(body)))
            self.send_response(posts.status)
            self.send_header("Location", f"http://127.0.0.1:{posts.port}/elsewhere")
            self.end_headers()

        def log_message(self, *arguments: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        posts.port = server.server_address[1]
        with _served(server):
            yield posts


@contextmanager
def _served(server: socketserver.BaseServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()


def self_signed(folder: Path) -> Path:
    """A certificate for this machine with its key, for as long as the test lasts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    address = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(address, critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "localhost.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path
