"""Who would answer, for machines and for the intake page while the pin moves."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from gisplatform import geo
from gisplatform.api import asked
from gisplatform.errors import InvalidGeometry
from gisplatform.openapi import refusals
from interventions.glossary.queries import in_use
from interventions.routing.decide import preview
from interventions.routing.explain import chosen_of
from interventions.routing.serializers import EXAMPLE, Preview, PreviewQuery

NAMED = {"department_name": "department", "authority_name": "authority", "zone_name": "zone"}
NAMES = {"department_name": "Propreté urbaine", "authority_name": "Ville de Caen", "zone_name": "Rive droite"}


class PreviewView(APIView):
    required_permissions = {"GET": "view_requests"}

    @extend_schema(
        operation_id="routing_preview",
        summary=gettext_lazy("Who would answer"),
        description=gettext_lazy(
            "What the rules in force today answer for a category and a place. Nothing is written."
        ),
        parameters=[PreviewQuery],
        responses={200: Preview, **refusals(400, 401, 403)},
        examples=[OpenApiExample("Graffiti", value={**EXAMPLE, **NAMES}, response_only=True, status_codes=["200"])],
    )
    def get(self, request: Request) -> Response:
        query, now = asked(PreviewQuery, request), timezone.now()
        category = in_use(timezone.localdate(now)).filter(code=query["category"]).first()
        if category is None:
            raise ValidationError({"category": [_("No category in use has this code.")]})
        try:
            place = geo.point(query["lon"], query["lat"])
        except InvalidGeometry as error:
            raise ValidationError({"lat": [str(error)]}) from None
        answer = preview(category=category, geom=place, accuracy_m=query.get("accuracy_m"), now=now)
        chosen = chosen_of(answer.trace["candidates"])
        names = {name: chosen and chosen[what]["name"] for name, what in NAMED.items()}
        return Response({**answer.as_routing(), **names})
