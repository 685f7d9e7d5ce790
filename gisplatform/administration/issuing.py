"""Tokens: issued to a person, shown once, revoked by deleting. Nobody can read or change one."""

import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminDateWidget
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gisplatform import tokens
from gisplatform.administration.entries import PlainLists
from gisplatform.models import Token, User


class TokenForm(forms.ModelForm):
    expires_at = forms.DateField(
        label=gettext_lazy("Last day"),
        required=False,
        widget=AdminDateWidget,
        help_text=gettext_lazy("Left empty: until you revoke it."),
    )

    class Meta:
        help_texts = {
            "user": gettext_lazy("The token may do what this person may do, and sees what they see."),
            "name": gettext_lazy("For example “QGIS of the surveyors”: you will know what to revoke."),
        }

    def clean_user(self) -> User:
        user = self.cleaned_data["user"]
        if not user.is_active:
            raise forms.ValidationError(_("This account is closed: its tokens would not work."))
        return user

    def clean_expires_at(self) -> datetime.datetime | None:
        """The midnight that ends the day: the token is valid on the whole of it."""
        last_day: datetime.date | None = self.cleaned_data["expires_at"]
        if last_day is None:
            return None
        if last_day < timezone.localdate():
            raise forms.ValidationError(_("This day has passed: choose a later one."))
        midnight = datetime.datetime.combine(last_day + datetime.timedelta(days=1), datetime.time.min)
        return timezone.make_aware(midnight)


class ByUse(admin.SimpleListFilter):
    title = gettext_lazy("validity")
    parameter_name = "valid"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", _("Valid")), ("no", _("No longer valid"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        valid = (Q(expires_at=None) | Q(expires_at__gt=timezone.now())) & Q(user__is_active=True)
        return {"yes": queryset.filter(valid), "no": queryset.exclude(valid)}.get(self.value() or "", queryset)


class Tokens(PlainLists, admin.ModelAdmin):
    form = TokenForm
    fields = ("user", "name", "expires_at")
    autocomplete_fields = ("user",)
    list_display = ("name", "user", "created_at", "last_day", "valid")
    list_display_links = None
    list_select_related = ("user",)
    list_filter = (ByUse,)
    search_fields = ("name__unaccent", "user__username", "user__last_name__unaccent")
    ordering = ("user__username", "name", "id")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """One button: there is no page of one token to go on with, and its secret is shown on the list."""
        one_button = {"show_save_and_add_another": False, "show_save_and_continue": False}
        return super().add_view(request, form_url, {**one_button, **(extra_context or {})})

    def save_model(self, request: HttpRequest, obj: Token, form: Any, change: bool) -> None:
        secret = tokens.issue(user=obj.user, name=obj.name, expires_at=obj.expires_at)
        obj.pk = Token.objects.only("pk").get(digest=tokens.digest(secret)).pk
        shown = _("Token of %(person)s. Copy it now, it is never shown again:") % {"person": obj.user}
        self.message_user(request, format_html("{} <code>{}</code>", shown, secret), messages.WARNING)

    def response_add(self, request: HttpRequest, obj: Token, post_url_continue: str | None = None) -> HttpResponse:
        return self.response_post_save_add(request, obj)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions: dict[str, Any] = super().get_actions(request)
        if "delete_selected" in actions:
            action, name, _words = actions["delete_selected"]
            actions["delete_selected"] = (action, name, gettext_lazy("Revoke"))
        return actions

    @admin.display(description=gettext_lazy("last day"), ordering="expires_at")
    def last_day(self, token: Token) -> datetime.date | None:
        if token.expires_at is None:
            return None
        return timezone.localdate(token.expires_at - datetime.timedelta(microseconds=1))

    @admin.display(description=gettext_lazy("valid"), boolean=True)
    def valid(self, token: Token) -> bool:
        return token.user.is_active and (token.expires_at is None or token.expires_at > timezone.now())
