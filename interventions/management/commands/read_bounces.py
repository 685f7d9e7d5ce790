"""`read_bounces FILE|FOLDER|-`: what came back to the address of returns."""

import email
import json
import mailbox
import sys
from argparse import RawDescriptionHelpFormatter
from collections import Counter
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError
from django.utils import timezone
from django.utils.translation import gettext as _

from interventions.informing import bounces

TRY_AGAIN_LATER = 75  # EX_TEMPFAIL of sysexits.h: the mail server keeps the report and pipes it once more


class Command(BaseCommand):
    help = _("Reads delivery reports: from a mail server's pipe (-), a mail, an mbox, a folder or a Maildir.")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.add_argument("source", metavar="FILE", help=_("a file, a folder, or - for standard input"))
        parser.add_argument("--recipient", default="", help=_("the address it came to, where the mail server knows it"))
        parser.add_argument("--json", action="store_true", help=_("report for a machine on standard output"))

    def handle(self, *_args: Any, **options: Any) -> None:
        counts: Counter[str] = Counter()
        try:
            for mail in _mails(options["source"]):
                counts[bounces.receive(mail, now=timezone.now(), came_to=options["recipient"])] += 1
        except OSError as error:
            raise CommandError(str(error)) from error
        except OperationalError as error:
            raise CommandError(
                _("The database does not answer: nothing is lost, try again."), returncode=TRY_AGAIN_LATER
            ) from error
        if options["json"]:
            self.stdout.write(json.dumps(counts))
            return
        said = _("%(failed)d not delivered, %(delayed)d delayed, %(known)d known already, %(other)d other mails")
        self.stdout.write(said % {name: counts[name] for name in ("failed", "delayed", "known", "other")})


def _mails(source: str) -> Iterator[EmailMessage]:
    """Each mail of a source; those of a Maildir are marked as seen once read, and not read again."""
    if source == "-":
        yield _parsed(sys.stdin.buffer)
        return
    path = Path(source)
    if (path / "cur").is_dir():
        yield from _maildir(path)
    elif path.is_dir():
        for each in sorted(path.iterdir()):
            if each.is_file():
                with each.open("rb") as file:
                    yield _parsed(file)
    else:
        with path.open("rb") as file:
            several = file.read(5) == b"From "
        if several:
            yield from (_again(each) for each in mailbox.mbox(path, create=False))
        else:
            with path.open("rb") as file:
                yield _parsed(file)


def _maildir(path: Path) -> Iterator[EmailMessage]:
    box = mailbox.Maildir(path, create=False)
    for key in sorted(box.keys()):
        letter = box[key]
        if "S" in letter.get_flags():
            continue
        yield _again(letter)
        letter.set_subdir("cur")
        letter.add_flag("S")
        box[key] = letter


def _again(mail: mailbox.Message) -> EmailMessage:
    return email.message_from_bytes(mail.as_bytes(), policy=default)


def _parsed(file: BinaryIO) -> EmailMessage:
    return email.message_from_binary_file(file, policy=default)
