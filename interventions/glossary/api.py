"""The glossary for machines."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from gisplatform.api import MOST, ListQuery, asked, links
from gisplatform.openapi import Link, refusals
from interventions.glossary.models import Category
from interventions.glossary.queries import in_use, search


class CategoryQuery(ListQuery):
    q = serializers.CharField(
        required=False, allow_blank=True, max_length=500,
        help_text=_("What a caller says, without accents or with typing errors; the likeliest category comes first."),
    )  # fmt: skip
    family = serializers.SlugField(required=False, allow_blank=True, help_text=_("Code of a family."))
    limit = serializers.IntegerField(min_value=1, max_value=MOST, default=MOST, help_text=_("At most so many."))


class CategoryRow(serializers.ModelSerializer):
    family = serializers.CharField(source="family.code")
    family_name = serializers.CharField(source="family.name")
    icon = serializers.CharField(source="family.icon")

    class Meta:
        model = Category
        fields = (
            "code", "name", "family", "family_name", "icon", "description", "synonyms", "guidance", "delay_days",
        )  # fmt: skip


class CategoryList(serializers.Serializer):
    categories = CategoryRow(many=True)
    links = Link(many=True)


class CategoriesView(APIView):
    required_permissions = {"GET": ""}

    @extend_schema(
        operation_id="categories_list",
        summary=_("Categories"),
        description=_("What can be asked: the categories in use, in the order of the glossary, or ranked for `q`."),
        parameters=[CategoryQuery],
        responses={200: CategoryList, **refusals(400, 401)},
    )
    def get(self, request: Request) -> Response:
        query, today = asked(CategoryQuery, request), timezone.localdate()
        rows = in_use(today)
        if query.get("family"):
            rows = rows.filter(family__code=query["family"])
        if query.get("q"):
            found = [each.code for each in search(text=query["q"], limit=MOST, on=today)]
            categories = sorted(rows.filter(code__in=found), key=lambda each: found.index(each.code))
        else:
            categories = list(rows)
        told = CategoryRow(categories[: query["limit"]], many=True)
        return Response({"categories": told.data, "links": links(request)})
