"""The mails to requesters: one template for each family of news, as text and as simple HTML."""

from email.utils import formataddr, parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from gisplatform.mailing import texts
from gisplatform.models import Department
from interventions.informing import choices, returned, words
from interventions.informing.news import News


def compose(news: News, *, to: str, message_id: int) -> EmailMultiAlternatives:
    """The mail that tells it, to an address of its requester; `message_id` is the row of the outbox.

    The sender shown is who answers the request; what comes back goes to an address that names the row.
    """
    if news.request.requester_id is None:
        raise ValueError("nobody to write to")
    with translation.override(settings.LANGUAGE_CODE):
        unsubscribe = choices.address(news.request.requester_id)
        answered_at = _answered_at(news.department)
        # Django refuses a header with a line break; a category's name must not make a mail impossible.
        facts = {
            "reference": news.request.reference,
            "news": news.said,
            "category": _one_line(news.request.category.name),
        }
        subject = _("Request %(reference)s – %(news)s: %(category)s") % facts
        context = {
            "news": news,
            "request": news.request,
            "event": news.event,
            # The sentence above an answer has introduced it.
            "why": "" if news.event.move == "answer" else words.why(news.event.move),
            "contact": words.reached(news.department),
            "read_by": answered_at[0] if answered_at else "",
            "unsubscribe": unsubscribe,
            "subject": subject,
        }
        mail = EmailMultiAlternatives(
            subject=subject,
            body=texts.render(f"mail/{news.family}.txt", context),
            from_email=returned.address(message_id),
            to=[to],
            reply_to=[formataddr(answered_at)] if answered_at else None,
            headers={
                "From": _sender(news.department),
                "Message-ID": f"<{news.name}>",
                "Auto-Submitted": "auto-generated",  # RFC 3834: keeps absence notices from answering
                **_unsubscribing(unsubscribe),
            },
        )
        mail.attach_alternative(render_to_string(f"mail/{news.family}.html", context), "text/html")
    return mail


def _sender(department: Department | None) -> str:
    """The address never changes: it is the one the mail servers of the city vouch for."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    if department is not None:
        authority = department.authority
        short = authority.short_name or authority.name
        own = department.kind in (Department.Kind.DEPARTMENT, Department.Kind.POLE)
        name = f"{department.name}, {short}" if own and department.name != short else authority.name
    return formataddr((_one_line(name), address))


def _answered_at(department: Department | None) -> tuple[str, str] | None:
    """Who reads an answer, and where; None when nobody would."""
    if department is None:
        return None
    reader = next((each for each in (department, department.authority) if each.email), None)
    return (_one_line(reader.name), reader.email) if reader else None


def _unsubscribing(address: str) -> dict[str, str]:
    """One press in the mail program (RFC 8058), which asks for HTTPS."""
    found = {"List-Unsubscribe": f"<{address}>"}
    return found | ({"List-Unsubscribe-Post": "List-Unsubscribe=One-Click"} if address.startswith("https:") else {})


def _one_line(text: str) -> str:
    return " ".join(text.split())
