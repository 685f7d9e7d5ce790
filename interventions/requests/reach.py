"""Whether and how a requester can be told of something: by e-mail, by SMS, or not at all."""

import re

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from interventions.requests.models import Notify, Requester

# Set apart or in brackets when written: « 06 12 34 56 78 », « +33 (0)6.12.34.56.78 ».
SIGNS = re.compile(r"\(0\)|[\s.()/\u00a0\u202f-]")
FRENCH_MOBILE = re.compile(r"(?:\+33|0033|0)0?([67]\d{8})")
FOREIGN = re.compile(r"(?:\+|00)(?!33)([1-9]\d{7,14})")


Way = tuple[str, str]


def ways(requester: Requester | None) -> list[Way]:
    """By what (`Notify`) and to what address, the wanted one first; [] for who cannot be told or asked not to be.

    At most one query: whether this address is known to be nobody's, whoever gave it.
    """
    if requester is None or requester.notify == Notify.NONE:
        return []
    found = []
    if _is_address(requester.email) and not is_refused(requester.email):
        found.append((Notify.EMAIL.value, requester.email))
    number = mobile(requester.phone) if settings.SMS_URL else ""
    if number:
        found.append((Notify.SMS.value, number))
    return sorted(found, key=lambda way: way[0] != requester.notify)


def mobile(typed: str) -> str:
    """`+33612345678` for what was typed, "" when no SMS can be sent there.

    A French number must be a mobile one; of others only their form is looked at.
    """
    number = SIGNS.sub("", typed)
    if french := FRENCH_MOBILE.fullmatch(number):
        return f"+33{french[1]}"
    foreign = FOREIGN.fullmatch(number)
    return f"+{foreign[1]}" if foreign else ""


def is_refused(email: str) -> bool:
    """Whether a mail server has said for good that there is nobody at this address. One query."""
    return Requester.objects.filter(email__iexact=email, email_refused_at__isnull=False).exists()


def _is_address(email: str) -> bool:
    try:
        validate_email(email)
    except ValidationError:
        return False
    return True
