"""Who follows: an account by its session or token, a requester by the secret of their page; and whether still so."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import import_module

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import SESSION_KEY, get_user
from django.contrib.sessions.models import Session
from django.db import close_old_connections
from django.http import HttpRequest
from django.utils import timezone

from gisplatform import tokens
from gisplatform.live.following import Follower
from gisplatform.models import Token, User
from interventions.informing import guessing, tracking
from interventions.live.telling import Account, Requester


@dataclass(frozen=True)
class Signed:
    """By what an account is known: the key of a session and what it was begun with, or a token."""

    user_id: int
    session: str = ""
    begun_with: str = ""
    token_id: int | None = None


def account(request: HttpRequest) -> Follower | None:
    """Of the session, or of the token in the header; None when neither is good."""
    secret = tokens.secret_in(request.headers.get("Authorization", ""))
    if secret is not None:
        token = tokens.bearer(secret, now=timezone.now())
        return _follower(token.user, Signed(token.user_id, token_id=token.pk)) if token else None
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    if not key:
        return None
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    user = get_user(request)
    if not isinstance(user, User) or not user.is_active or SESSION_KEY not in request.session:
        return None
    return _follower(user, Signed(user.pk, session=key, begun_with=user.get_session_auth_hash()))


def requester(request: HttpRequest, token: str) -> Follower | None:
    """Of the secret of a tracking page; None for an unknown one, which is counted as the page counts it."""
    if guessing.wait_s(request, now=timezone.now()) and not tracking.is_known(token):
        return None
    found = tracking.request_of(token)
    if found is None:
        if not guessing.wait_s(request, now=timezone.now()):
            guessing.wrong(request, now=timezone.now())
        return None
    return Follower(who=token, telling=Requester(found.pk, found.reference, found.duplicate_of_id))


def _follower(user: User, signed: Signed) -> Follower:
    return Follower(who=signed, telling=Account.of(user), person_id=user.pk)


@sync_to_async
def look_again(followers: Sequence[Follower]) -> list[Follower]:
    """Bring in step what they may see; those whose session, token or account is no longer good."""
    close_old_connections()
    try:
        return _look(followers)
    finally:
        # Back to the pool: between two looks, pages need it more.
        close_old_connections()


def _look(followers: Sequence[Follower]) -> list[Follower]:
    ended = []
    signed = [each for each in followers if isinstance(each.who, Signed)]
    now = timezone.now()
    sessions = {each.who.session for each in signed if each.who.session}
    known = Session.objects.filter(session_key__in=sessions, expire_date__gt=now).values_list("session_key", flat=True)
    good_sessions = set(known)
    kept = Token.objects.filter(pk__in={each.who.token_id for each in signed if each.who.token_id})
    good_tokens = set(kept.exclude(expires_at__lte=now).values_list("pk", flat=True))
    people = User.objects.filter(pk__in={each.who.user_id for each in signed}, is_active=True)
    users = {user.pk: user for user in people.prefetch_related("groups")}
    _place(users.values())
    for each in signed:
        user = users.get(each.who.user_id)
        by_session = each.who.session in good_sessions and user is not None
        if user is not None and (each.who.token_id in good_tokens or (by_session and _is_same(user, each.who))):
            each.telling.see(user)  # type: ignore[attr-defined]
        else:
            ended.append(each)
    return ended


def _is_same(user: User, signed: Signed) -> bool:
    """A new password ends the sessions begun with the old one."""
    return user.get_session_auth_hash() == signed.begun_with


def _place(users: Iterable[User]) -> None:
    """What people of one department see is asked once."""
    first: dict[int | None, User] = {}
    for user in users:
        user.role_codes = frozenset(group.name for group in user.groups.all())
        like = first.setdefault(user.department_id, user)
        user.beside, user.below = like.beside, like.below
