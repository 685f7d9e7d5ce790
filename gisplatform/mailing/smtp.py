"""One connection to the mail server for many mails, and a sure answer for each: taken, refused, not taken, or unknown.

A connection belongs to one thread and is kept after each mail. The server may close it whenever it likes: the next
mail opens another.
"""

import smtplib
import threading
from contextlib import suppress
from email.generator import BytesGenerator
from io import BytesIO
from typing import cast

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import sanitize_address

from gisplatform.mailing import refusals
from gisplatform.mailing.failures import NotTaken, Refused, Unanswered

LONGEST_LINE = 998  # RFC 5322
CLOSING = 421  # the server closes the connection after saying so
FOR_GOOD = 500
GONE = (smtplib.SMTPServerDisconnected, OSError)


class Line(threading.local):
    """The connection of a thread, and the settings it was opened with."""

    backend: EmailBackend | None = None
    opened_for: tuple[object, ...] = ()


LINE = Line()


class _Closed(Exception):
    """The connection ended before the mail was handed over."""


def send(mail: EmailMessage) -> None:
    """Hand it to the mail server, from `mail.from_email` to the only one of `mail.to`.

    Raises NotTaken, Refused or Unanswered.
    """
    if f"{EmailBackend.__module__}.{EmailBackend.__name__}" != settings.EMAIL_BACKEND:
        mail.send()  # to a folder, where the platform is tried out
        return
    content = whole(mail)
    tries = 2 if _is_open() else 1  # what was open may have been closed at the other end meanwhile
    for left in reversed(range(tries)):
        try:
            _say(_connection(), mail.from_email, mail.to[0], content)
        except _Closed as closed:
            hang_up()
            if not left:
                raise NotTaken("the mail server closes the connection") from closed
        else:
            return


def hang_up() -> None:
    if LINE.backend is not None:
        LINE.backend.fail_silently = True
        LINE.backend.close()
        LINE.backend = None


def whole(mail: EmailMessage) -> bytes:
    """As it goes over the wire. Headers stay on one line: simple programs read that of List-Unsubscribe."""
    content = BytesIO()
    BytesGenerator(content, mangle_from_=False, maxheaderlen=LONGEST_LINE).flatten(mail.message(), linesep="\r\n")
    return content.getvalue()


def _say(smtp: smtplib.SMTP, sender: str, to: str, content: bytes) -> None:
    options = [f"size={len(content)}"] if smtp.has_extn("size") else []
    options += ["body=8bitmime"] if smtp.has_extn("8bitmime") else []
    try:
        code, said = smtp.mail(sender, options)
        if code >= FOR_GOOD:
            # Not this person's address but ours is refused: somebody may mend it within the day.
            _reset(smtp)
            raise NotTaken(_short(code, said))
        _check(smtp, code, said)
        _check(smtp, *smtp.rcpt(sanitize_address(to, "utf-8")), addressed=True)
    except GONE as error:
        raise _Closed from error
    try:
        code, said = smtp.data(content)
    except smtplib.SMTPDataError as error:  # it does not want to hear it
        code, said = error.smtp_code, cast("bytes", error.smtp_error)
    except GONE as error:
        hang_up()
        raise Unanswered(type(error).__name__) from error
    _check(smtp, code, said)


def _check(smtp: smtplib.SMTP, code: int, said: bytes, *, addressed: bool = False) -> None:
    if 200 <= code < 300:
        return
    if code == CLOSING:
        raise _Closed
    _reset(smtp)
    if code >= FOR_GOOD:
        words = said.decode(errors="replace")
        raise Refused(_short(code, said), nobody=refusals.nobody(code=code, words=words, addressed=addressed))
    if code < 0:  # something that is no answer
        raise Unanswered(_short(code, said))
    raise NotTaken(_short(code, said))


def _short(code: int, said: bytes) -> str:
    """The codes alone: the words may hold an address."""
    return f"{code} {refusals.finer(said.decode(errors='replace'))}".strip()


def _reset(smtp: smtplib.SMTP) -> None:
    with suppress(*GONE):  # the next mail finds out
        smtp.rset()


def _is_open() -> bool:
    return LINE.backend is not None and LINE.opened_for == _wanted()


def _connection() -> smtplib.SMTP:
    if not _is_open():
        hang_up()
        backend = cast("EmailBackend", get_connection())
        try:
            backend.open()
            cast("smtplib.SMTP", backend.connection).ehlo_or_helo_if_needed()
        except (smtplib.SMTPException, OSError) as error:
            raise NotTaken(type(error).__name__) from error
        LINE.backend, LINE.opened_for = backend, _wanted()
    return cast("smtplib.SMTP", LINE.backend and LINE.backend.connection)


def _wanted() -> tuple[object, ...]:
    names = ("HOST", "PORT", "HOST_USER", "HOST_PASSWORD", "USE_SSL", "USE_TLS")
    return tuple(getattr(settings, f"EMAIL_{name}") for name in names)
