"""What can be asked and who answers it. Requests, decisions and events are not here: history is only added to."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gisplatform.administration.entries import RetirableEntries, ServiceLife
from gisplatform.administration.forms import Listed, RetirableForm
from interventions.administration.rules import RoutingRules, holding
from interventions.glossary.models import Category, Family
from interventions.routing.models import RoutingRule


class FamilyForm(RetirableForm):
    class Meta:
        help_texts = {
            "position": gettext_lazy("Families are listed from the smallest number to the largest."),
            "icon": gettext_lazy("Name of its drawing, for other systems. May stay empty."),
            "retired_on": gettext_lazy("From that day on none of its categories is offered. Its history stays."),
        }


@admin.register(Family)
class Families(RetirableEntries):
    form = FamilyForm
    list_display = ("name", "code", "position", "category_count", "retired_on")
    list_filter = (ServiceLife,)
    search_fields = ("name__unaccent", "code")
    readonly_fields = ("used_by",)
    fieldsets = (
        (None, {"fields": ["name", "code", "position", "icon"]}),
        RetirableEntries.LIFE,
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        today = timezone.localdate()
        in_service = Q(categories__retired_on=None) | Q(categories__retired_on__gt=today)
        counted = Count("categories", filter=Q(categories__isnull=False) & in_service)
        return super().get_queryset(request).annotate(category_count=counted)

    @admin.display(description=gettext_lazy("categories in service"), ordering="category_count")
    def category_count(self, family: Any) -> int:
        return family.category_count


class CategoryForm(RetirableForm):
    synonyms = Listed(
        label=gettext_lazy("What callers say"),
        longest=120,
        one_a_line=True,
        help_text=gettext_lazy("One saying a line, in their own words: “bin overflowing”, “it smells in my street”."),
    )

    class Meta:
        help_texts = {
            "name": gettext_lazy("As the agent and the resident read it."),
            "description": gettext_lazy("What belongs to it, and what does not."),
            "guidance": gettext_lazy("Shown to the agent while the caller is on the line."),
            "delay_days": gettext_lazy("In how many days the department answers. Left empty: none is announced."),
            "retired_on": gettext_lazy("From that day on nobody can choose it. Requests already received keep it."),
        }


class Answered(admin.SimpleListFilter):
    title = gettext_lazy("routing")
    parameter_name = "answered"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", _("A rule answers")), ("no", _("No rule answers"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(answered=self.value() == "yes") if self.value() else queryset


@admin.register(Category)
class Categories(RetirableEntries):
    form = CategoryForm
    list_display = ("name", "family", "code", "delay_days", "answered", "retired_on")
    list_filter = (ServiceLife, Answered, "family")
    list_select_related = ("family",)
    search_fields = ("name__unaccent", "code", "synonyms__icontains", "family__name__unaccent")
    autocomplete_fields = ("family",)
    readonly_fields = ("used_by",)
    fieldsets = (
        (None, {"fields": ["name", "code", "family", "description"]}),
        (gettext_lazy("At the desk"), {"fields": ["synonyms", "guidance", "delay_days"]}),
        RetirableEntries.LIFE,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        about = Q(category=OuterRef("pk")) | Q(family=OuterRef("family"))
        rules = RoutingRule.objects.filter(about, holding(timezone.localdate()))
        return super().get_queryset(request).annotate(answered=Exists(rules))

    @admin.display(description=gettext_lazy("a rule answers"), boolean=True)
    def answered(self, category: Any) -> bool:
        return category.answered


admin.site.register(RoutingRule, RoutingRules)
