"""Lists of what a city enters: codes that stay, no deletion of what is referred to, retirement by a date."""

import datetime
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from gisplatform.administration.forms import CodedForm, RetirableForm
from gisplatform.administration.retiring import obstacles, referrers


class PlainLists:
    """Lists named after what they hold, 50 a page; choices without the four icons that open other forms in windows."""

    list_per_page = 50

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        title = capfirst(self.opts.verbose_name_plural)  # type: ignore[attr-defined]
        return super().changelist_view(request, {"title": title, **(extra_context or {})})  # type: ignore[misc]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field


class Entries(PlainLists, admin.ModelAdmin):
    """A row may be deleted only while nothing refers to it: entered by mistake, then."""

    form: type[Any] = CodedForm
    instead: Any = gettext_lazy("Change its name if it has another now, or leave it as it is.")
    ordering: ClassVar[Any] = ("name",)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str] | tuple[Any, ...]:
        fields = tuple(super().get_readonly_fields(request, obj))
        return (*fields, "code") if obj else fields

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """On a page that adds, what only a saved row can tell is left out."""
        told_later = {"used_by"} if obj is None else set()
        return [
            (title, {**options, "fields": [field for field in options["fields"] if field not in told_later]})
            for title, options in super().get_fieldsets(request, obj)
        ]

    @admin.display(description=gettext_lazy("used by"))
    def used_by(self, obj: Model) -> str:
        return ", ".join(referrers(obj)) or _("nothing yet: it can be deleted")

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not (obj and referrers(obj))

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Several at once are never deleted: each would have to be looked at."""
        return {name: action for name, action in super().get_actions(request).items() if name != "delete_selected"}

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Says what still refers to the row instead of refusing without a word."""
        thing = self.get_object(request, object_id)
        kinds = referrers(thing) if thing else []
        if thing is None or not kinds:
            return super().delete_view(request, object_id, extra_context)
        sentence = _("“%(name)s” cannot be deleted, it is used by: %(kinds)s.")
        told = f"{sentence % {'name': thing, 'kinds': ', '.join(kinds)}} {self.instead}"
        self.message_user(request, told, messages.ERROR)
        return HttpResponseRedirect("../change/")


class ServiceLife(admin.SimpleListFilter):
    """In service, or retired on that day or before. The day itself counts as retired."""

    title = gettext_lazy("service life")
    parameter_name = "life"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("in", _("In service")), ("retired", _("Retired"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        retired = Q(retired_on__lte=timezone.localdate())
        return {"in": queryset.exclude(retired), "retired": queryset.filter(retired)}.get(self.value() or "", queryset)


class RetirableEntries(Entries):
    """Rows with `retired_on`: from that day on they are no longer offered, and their history stays."""

    form: type[Any] = RetirableForm
    instead = gettext_lazy("Give it an end date instead.")
    actions: Sequence[str | Callable] = ["retire"]
    LIFE: Any = (gettext_lazy("Service life"), {"fields": ["retired_on", "used_by"]})

    @admin.action(description=gettext_lazy("Retire as of today"), permissions=["change"])
    def retire(self, request: HttpRequest, queryset: QuerySet) -> None:
        today, retired = timezone.localdate(), 0
        for thing in queryset.exclude(retired_on__lte=today):
            standing = obstacles(thing, today)
            for sentence in standing:
                self.message_user(request, f"{thing}\N{NO-BREAK SPACE}: {sentence}", messages.ERROR)
            if not standing:
                self._retire(request, thing, today)
                retired += 1
        if retired:
            said = ngettext("%(count)d retired as of today.", "%(count)d retired as of today.", retired)
            self.message_user(request, said % {"count": retired}, messages.SUCCESS)

    def _retire(self, request: HttpRequest, thing: Any, today: datetime.date) -> None:
        thing.retired_on = today
        thing.save(update_fields=["retired_on"])
        self.log_change(
            request, thing, [{"changed": {"fields": [str(thing._meta.get_field("retired_on").verbose_name)]}}]
        )

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        """A list to choose from offers what is in service; the list of the administration shows all."""
        found, twice = super().get_search_results(request, queryset, search_term)
        if request.path.endswith("/autocomplete/"):
            found = found.exclude(retired_on__lte=timezone.localdate())
        return found, twice
