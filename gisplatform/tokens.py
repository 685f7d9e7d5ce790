"""API tokens: `Authorization: Bearer TOKEN`, or Basic with the token as password (as QGIS sends it)."""

import base64
import binascii
import hashlib
import secrets
from datetime import datetime

from django.contrib.auth.models import Group
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from gisplatform.models import Department, Token, User


def issue(*, user: User, name: str = "", expires_at: datetime | None = None) -> str:
    """A new token for `user`, in clear: it is shown once and only its digest is kept."""
    secret = secrets.token_urlsafe(32)
    Token.objects.create(user=user, name=name, digest=digest(secret), expires_at=expires_at)
    return secret


def digest(secret: str) -> str:
    # The secret is 256 random bits: a plain digest is as safe as a slow one, and found by an index.
    return hashlib.sha256(secret.encode()).hexdigest()


def bearer(secret: str, *, now: datetime) -> Token | None:
    """The token with this secret while it and its user are valid; None otherwise.

    One query: the person comes with their department, authority, its departments, and roles.
    """
    beside = Department.objects.filter(authority=OuterRef("user__department__authority")).order_by("pk").values("pk")
    roles = Group.objects.filter(user=OuterRef("user")).values("name")
    token = (
        Token.objects.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=now))
        .filter(digest=digest(secret), user__is_active=True)
        .select_related("user__department__authority")
        .annotate(role_codes=ArraySubquery(roles), beside=ArraySubquery(beside))
        .first()
    )
    if token is not None:
        token.user.role_codes, token.user.beside = frozenset(token.role_codes), token.beside
    return token


class TokenAuthentication(BaseAuthentication):
    """Reads the header; a request without one is left to the next way of signing in."""

    def authenticate(self, request: Request) -> tuple[User, Token] | None:
        secret = secret_in(request.headers.get("Authorization", ""))
        if secret is None:
            return None
        token = bearer(secret, now=timezone.now())
        if token is None:
            raise AuthenticationFailed(_("This token is not known or no longer valid."))
        return token.user, token

    def authenticate_header(self, _request: Request) -> str:
        # Basic is understood but not offered: a browser would open its own password window over our pages.
        return 'Bearer realm="gisplatform"'


def secret_in(header: str) -> str | None:
    """The secret of an Authorization header; "" when it is damaged, None when it is of another kind or absent."""
    kind, _space, rest = header.strip().partition(" ")
    if kind.lower() == "bearer":
        return rest.strip()
    if kind.lower() == "basic":
        try:
            return base64.b64decode(rest.strip(), validate=True).decode().partition(":")[2]
        except (binascii.Error, UnicodeDecodeError):
            return ""
    return None
