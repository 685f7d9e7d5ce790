"""The list of routing rules: which hold today, and closing one on its last day."""

import datetime
from typing import Any

from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from gisplatform.administration.entries import Entries
from gisplatform.administration.retiring import relies_on
from gisplatform.models import Department, User
from interventions.administration.rule_form import RuleForm
from interventions.glossary.models import Family
from interventions.routing.models import RoutingRule
from interventions.simulating.services import order
from layers.models import Layer, LayerVersion


def holding(on: datetime.date) -> Q:
    """Rules in force on that day."""
    return Q(valid_from__lte=on) & open_after(on)


def open_after(on: datetime.date) -> Q:
    """Rules in force on that day or on a later one."""
    return Q(valid_to=None) | Q(valid_to__gt=on)


@relies_on(Department, Layer)
def rules_still_open(thing: Department | Layer, on: datetime.date) -> str | None:
    names = list(
        RoutingRule.objects.filter(open_after(on), **{thing._meta.model_name or "": thing}).values_list(
            "name", flat=True
        )[:4]
    )
    if not names:
        return None
    told = ", ".join(names[:3]) + (", …" if len(names) > 3 else "")
    return _("routing rules rely on it after that day: %(rules)s. Close them or change them first.") % {"rules": told}


class InForce(admin.SimpleListFilter):
    title = gettext_lazy("validity")
    parameter_name = "holds"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("now", _("In force")), ("later", _("To come")), ("past", _("No longer in force"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        today = timezone.localdate()
        wanted = {"now": holding(today), "later": Q(valid_from__gt=today), "past": Q(valid_to__lte=today)}
        return queryset.filter(wanted.get(self.value() or "", Q()))


class OfFamily(admin.SimpleListFilter):
    """Rules for the family itself or for one of its categories."""

    title = gettext_lazy("family")
    parameter_name = "of"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(Family.objects.order_by("position", "name").values_list("code", "name"))

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        code = self.value()
        return queryset.filter(Q(family__code=code) | Q(category__family__code=code)) if code else queryset


class RoutingRules(Entries):
    form = RuleForm
    list_display = ("name", "subject", "where", "department", "priority", "days", "holds")
    list_filter = (InForce, OfFamily, "layer")
    list_select_related = ("category", "family", "layer", "department")
    search_fields = (
        "name__unaccent", "code", "category__name__unaccent", "family__name__unaccent", "department__name__unaccent",
        "layer__name__unaccent",
    )  # fmt: skip
    search_help_text = gettext_lazy("Name, category, department or layer; or the code of a zone, in full.")
    autocomplete_fields = ("category", "family", "layer", "department")
    readonly_fields = ("used_by",)
    ordering = ("name", "priority", "id")
    actions = ("close",)
    save_as = True
    fieldsets = (
        (
            None,
            {
                "fields": ["name", "code"],
                "description": gettext_lazy(
                    "A rule answers requests logged from now on; those already received keep their department."
                ),
            },
        ),
        (gettext_lazy("For what"), {"fields": ["category", "family"]}),
        (gettext_lazy("Where"), {"fields": ["layer", "zone_codes"]}),
        (gettext_lazy("Who answers"), {"fields": ["department", "priority"]}),
        (gettext_lazy("When"), {"fields": ["valid_from", "valid_to", "used_by"]}),
    )

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"valid_from": timezone.localdate(), **super().get_changeform_initial_data(request)}

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        found, twice = super().get_search_results(request, queryset, search_term)
        if search_term.strip():
            found |= queryset.filter(zone_codes__contains=[search_term.strip()])
        return found, twice

    def changeform_view(self, request: HttpRequest, object_id: str | None = None, *more: Any, **facts: Any) -> Any:
        """Sent by its button « What would it move? », the form is played through; with a mistake it is shown again."""
        if request.method == "POST" and "_try" in request.POST:
            rule = self.get_object(request, object_id) if object_id else None
            allowed = self.has_change_permission(request, rule) if rule else self.has_add_permission(request)
            form = self.get_form(request, rule, change=rule is not None)(request.POST, instance=rule)
            if isinstance(by := request.user, User) and allowed and form.is_valid():
                made = order(by=by, now=timezone.now(), rule=form.save(commit=False))
                return HttpResponseRedirect(reverse("simulation", args=[made.pk]))
        return super().changeform_view(request, object_id, *more, **facts)

    def save_model(self, request: HttpRequest, obj: RoutingRule, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        on = max(timezone.localdate(), obj.valid_from)
        in_force = Q(valid_from__lte=on, status__in=LayerVersion.IN_FORCE) & open_after(on)
        if not obj.layer.versions.filter(in_force).exists():
            sentence = _("The layer “%(layer)s” has no version in force: until it has one, this rule never answers.")
            self.message_user(request, sentence % {"layer": obj.layer}, messages.WARNING)

    @admin.action(description=gettext_lazy("Close as of today"), permissions=["change"])
    def close(self, request: HttpRequest, queryset: QuerySet) -> None:
        today, closed = timezone.localdate(), 0
        for rule in queryset.filter(open_after(today)):
            if rule.valid_from >= today:
                sentence = _("“%(rule)s” does not hold before today: delete it, or give it a later end.")
                self.message_user(request, sentence % {"rule": rule}, messages.ERROR)
                continue
            rule.valid_to = today
            rule.save(update_fields=["valid_to"])
            self.log_change(
                request, rule, [{"changed": {"fields": [str(rule._meta.get_field("valid_to").verbose_name)]}}]
            )
            closed += 1
        if closed:
            said = ngettext("%(count)d rule closed.", "%(count)d rules closed.", closed)
            self.message_user(request, said % {"count": closed}, messages.SUCCESS)

    @admin.display(description=gettext_lazy("for what"))
    def subject(self, rule: RoutingRule) -> str:
        return str(rule.category) if rule.category else _("%(family)s (family)") % {"family": rule.family}

    @admin.display(description=gettext_lazy("where"), ordering="layer__name")
    def where(self, rule: RoutingRule) -> str:
        return f"{rule.layer}\N{NO-BREAK SPACE}: {', '.join(rule.zone_codes)}" if rule.zone_codes else str(rule.layer)

    @admin.display(description=gettext_lazy("when"), ordering="valid_from")
    def days(self, rule: RoutingRule) -> str:
        begin = date_format(rule.valid_from, "SHORT_DATE_FORMAT")
        if rule.valid_to is None:
            return _("since %(begin)s") % {"begin": begin}
        return f"{begin} – {date_format(rule.valid_to - datetime.timedelta(days=1), 'SHORT_DATE_FORMAT')}"

    @admin.display(description=gettext_lazy("in force"), boolean=True)
    def holds(self, rule: RoutingRule) -> bool:
        today = timezone.localdate()
        return rule.valid_from <= today and (rule.valid_to is None or rule.valid_to > today)
