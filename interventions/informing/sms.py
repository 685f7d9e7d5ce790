"""The SMS to requesters: one short sentence and the link, handed to a gateway over HTTP.

Any gateway that takes `to` and `text` with a POST, or a small program in front of another one: docs/production.md says
what it is asked and what its answers mean.
"""

import http.client
import json
import ssl
from contextlib import closing
from urllib.parse import SplitResult, unquote, urlencode, urlsplit

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from gisplatform.mailing.failures import NotTaken, Refused, Unanswered
from interventions.informing.news import News
from interventions.requests.models import ServiceRequest

# An SMS holds 160 of these signs, or 70 as soon as there is one other (3GPP TS 23.038).
OF_A_PHONE = set("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                 "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà")  # fmt: skip
AS = str.maketrans({
    "’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "–": "-", "—": "-", "…": "...", "\u00a0": " ",
    "\u202f": " ", "â": "a", "ê": "e", "ë": "e", "î": "i", "ï": "i", "ô": "o", "û": "u", "ÿ": "y", "ç": "c", "œ": "oe",
    "À": "A", "Â": "A", "È": "E", "Ê": "E", "Ë": "E", "Î": "I", "Ï": "I", "Ô": "O", "Ù": "U", "Û": "U", "Œ": "OE",
})  # fmt: skip
LONGEST_NAME = 30
TAKEN, TELLS_NO_MORE = range(200, 300), range(400, 500)
# A wrong token or address is a fault of ours, and somebody may mend it within the day.
TRY_AGAIN = {401, 403, 404, 405, 407, 408, 409, 421, 423, 425, 429}
# It broke after it had the message, or something before it waited in vain for its answer.
MAY_HAVE_TAKEN = {500, 502, 504}


def compose(news: News) -> str:
    """« Ville de Caen : demande 2026-000123-7, travaux prévus. Suivi : https://… »."""
    with translation.override(settings.LANGUAGE_CODE):
        facts = {
            "who": _named(news.told),
            "reference": news.request.reference,
            "news": news.said,
            "link": news.link,
        }
        return plain(_("%(who)srequest %(reference)s, %(news)s. Follow it: %(link)s") % facts)


def plain(text: str) -> str:
    """In the signs of a phone, so that one message is enough; what has none of its own is written with another."""
    told = text.translate(AS)
    return "".join(sign if sign in OF_A_PHONE else "?" for sign in told)


def send(*, to: str, text: str, name: str) -> None:
    """Hand it to the gateway under `name`, always the same for the same message.

    Raises NotTaken, Refused or Unanswered.
    """
    gateway = urlsplit(settings.SMS_URL)
    facts = {"to": to, "text": text} | ({"from": settings.SMS_FROM} if settings.SMS_FROM else {})
    body = urlencode(facts) if settings.SMS_AS_FORM else json.dumps(facts, ensure_ascii=False)
    kind = "x-www-form-urlencoded" if settings.SMS_AS_FORM else "json"
    headers = {"Content-Type": f"application/{kind}", "Idempotency-Key": name, "User-Agent": "gisplatform"}
    if gateway.username:
        headers["Authorization"] = f"Bearer {unquote(gateway.username)}"
    path = (gateway.path or "/") + (f"?{gateway.query}" if gateway.query else "")
    status = _asked(gateway, path, body.encode(), headers)
    if status in TAKEN:
        return
    if status in TELLS_NO_MORE and status not in TRY_AGAIN:
        raise Refused(str(status))
    if status in MAY_HAVE_TAKEN:
        raise Unanswered(str(status))
    raise NotTaken(str(status))


def _asked(gateway: SplitResult, path: str, body: bytes, headers: dict[str, str]) -> int:
    """The status of the answer; a redirection is not followed."""
    host, within_s = gateway.hostname or "", settings.SMS_TIMEOUT_S
    connection: http.client.HTTPConnection
    if gateway.scheme == "https":
        context = ssl.create_default_context()
        connection = http.client.HTTPSConnection(host, gateway.port, timeout=within_s, context=context)
    else:
        connection = http.client.HTTPConnection(host, gateway.port, timeout=within_s)
    with closing(connection):
        try:
            connection.connect()
        except OSError as error:
            raise NotTaken(type(error).__name__) from error
        try:
            connection.request("POST", path, body, headers)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException) as error:
            raise Unanswered(type(error).__name__) from error


def _named(told: ServiceRequest) -> str:
    """Who writes, « Ville de Caen : », "" while nobody answers: the number it comes from says little."""
    if told.department is None:
        return ""
    name = told.department.authority.short_name or told.department.authority.name
    if len(name) > LONGEST_NAME:
        name = name[: LONGEST_NAME + 1].rpartition(" ")[0].rstrip(" –-") or name[:LONGEST_NAME]
    return f"{name}\N{NO-BREAK SPACE}: "
