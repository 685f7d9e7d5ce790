"""A real mail server on loopback, and the worker that writes to it."""

import email
import socket
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage
from email.policy import default
from unittest.mock import patch

import pytest
from aiosmtpd.controller import Controller
from django.db import connections
from procrastinate.contrib.django import app


class Letterbox:
    """What a mail server received; `refuse` holds its next answers, instead of 250."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.refuse: list[str] = []

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802 (aiosmtpd's name)
        if self.refuse:
            return self.refuse.pop(0)
        letter = email.message_from_bytes(envelope.content, policy=default)
        letter["X-Envelope-To"] = ", ".join(envelope.rcpt_tos)
        # A folded line begins with a blank, and French puts hard blanks before its colons.
        letter.replace_header("Subject", letter["Subject"].strip().replace("\u00a0", " "))
        self.letters.append(letter)
        return "250 OK"


def a_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def free_port() -> int:
    return a_free_port()


@pytest.fixture
def mail_settings(settings, free_port):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_SSL = settings.EMAIL_USE_TLS = False
    settings.PUBLIC_URL = "https://demandes.ville.example"
    return settings


@pytest.fixture
def letterbox(mail_settings):
    box = Letterbox()
    server = Controller(box, hostname="127.0.0.1", port=mail_settings.EMAIL_PORT)
    server.start()
    yield box
    server.stop()


def work() -> None:
    """Run a real worker until the queue holds nothing due; in a thread of its own: a browser test has an event loop.

    Periodic jobs are left out: whether one is due hangs on the clock of the day, and no test may.
    """
    with ThreadPoolExecutor(1) as apart:
        apart.submit(_work).result()


def _work() -> None:
    try:
        with (
            app.replace_connector(app.connector.get_worker_connector()) as worker,
            patch.dict(worker.periodic_registry.periodic_tasks, clear=True),
        ):
            worker.run_worker(wait=False, listen_notify=False, install_signal_handlers=False)
    finally:
        connections.close_all()
