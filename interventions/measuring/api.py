"""Figures for machines."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from gisplatform.api import asked, caller
from gisplatform.openapi import refusals
from interventions.measuring import queries
from interventions.requests import openapi
from interventions.requests.filters import RequestFilter
from interventions.requests.models import ServiceRequest
from layers.models import Zone


class StatisticsQuery(serializers.Serializer):
    by = serializers.ChoiceField(
        choices=[*queries.BY, "zone"], help_text=gettext_lazy("What the rows are told apart by.")
    )
    layer = serializers.SlugField(required=False, help_text=gettext_lazy("Code of the layer, by zone."))


class StatisticsRow(serializers.Serializer):
    key = serializers.CharField(
        allow_null=True, help_text=gettext_lazy("A code; null for what nobody answers yet, or no zone holds.")
    )
    name = serializers.CharField()
    received = serializers.IntegerField()
    open = serializers.IntegerField()
    late = serializers.IntegerField(help_text=gettext_lazy("Open ones past the announced date."))
    closed = serializers.IntegerField(help_text=gettext_lazy("Closed, refused, duplicates or cancelled."))


class Statistics(serializers.Serializer):
    rows = StatisticsRow(many=True)


class StatisticsView(APIView):
    required_permissions = {"GET": "view_figures"}

    @extend_schema(
        operation_id="statistics",
        summary=gettext_lazy("Figures"),
        description=gettext_lazy(
            "Counts of the requests that the same filters list, by their state now. By zone, a request counts in every "
            "zone in force today that it meets, border included."
        ),
        parameters=[StatisticsQuery, *openapi.FILTERS],
        responses={200: Statistics, **refusals(400, 401, 403)},
    )
    def get(self, request: Request) -> Response:
        query, now = asked(StatisticsQuery, request), timezone.now()
        visible = ServiceRequest.objects.visible_to(caller(request))
        wanted = RequestFilter(request.query_params, queryset=visible, request=request)
        if not wanted.is_valid():
            raise ValidationError(wanted.errors)
        if query["by"] != "zone":
            rows = queries.breakdown(wanted.qs, by=query["by"], now=now)
        else:
            rows = queries.by_zone(wanted.qs, layer=_in_force(query), on=timezone.localdate(now), now=now)
        return Response({"rows": [vars(row) for row in rows]})


def _in_force(query: dict[str, str]) -> str:
    if not query.get("layer"):
        raise ValidationError({"layer": [_("Say which layer the zones are of.")]})
    if not Zone.objects.in_force(timezone.localdate()).filter(version__layer__code=query["layer"]).exists():
        raise ValidationError({"layer": [_("No layer in force has this code.")]})
    return query["layer"]
