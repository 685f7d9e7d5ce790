"""`token USER`: a new key to the machine interfaces, acting as that person."""

import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from gisplatform import tokens
from gisplatform.models import Token, User


class Command(BaseCommand):
    help = _("Prints a new API token for USER as its last word; it is shown once and only its digest is kept.")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("user", metavar="USER", help=_("name of the account the token acts as"))
        parser.add_argument("--name", default="", help=_("what the token is for, as the administration lists it"))
        parser.add_argument("--days", type=int, metavar="N", help=_("ends after N days; without it, never"))

    def handle(self, *_args: Any, user: str, name: str, days: int | None, **_options: Any) -> None:
        holder = User.objects.filter(username=user).first()
        if holder is None:
            raise CommandError(_("No account is called “%(user)s”.") % {"user": user})
        if not holder.is_active:
            raise CommandError(_("The account “%(user)s” is closed: its tokens would not work.") % {"user": user})
        if days is not None and not 0 < days <= 36_500:
            raise CommandError(_("Give a number of days between 1 and 36500."))
        longest = Token._meta.get_field("name").max_length
        if longest is not None and len(name) > longest:
            raise CommandError(_("The name is too long: %(longest)d letters at most.") % {"longest": longest})
        expires_at = timezone.now() + datetime.timedelta(days=days) if days else None
        secret = tokens.issue(user=holder, name=name, expires_at=expires_at)
        self.stdout.write(_("Token of %(user)s, shown this once: %(secret)s") % {"user": user, "secret": secret})
