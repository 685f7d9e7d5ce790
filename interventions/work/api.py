"""Interventions for machines: a list, one, and what is done to it."""

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework_gis.fields import GeometryField

from gisplatform.api import ListQuery, asked, caller, check_version, idempotency_key, known_to_client, links
from gisplatform.cursors import BadCursor
from gisplatform.media import GeoJSON, JSONBody
from gisplatform.openapi import IDEMPOTENCY_KEY, IF_MATCH, IF_NONE_MATCH, Link, refusals
from interventions.requests.forms import WORDS_MAX
from interventions.requests.paging import Order, page
from interventions.requests.serializers import GEOMETRY
from interventions.work import services
from interventions.work.features import features, version
from interventions.work.lifecycle import MOVES, State
from interventions.work.models import Intervention

RENDERERS = [GeoJSON, JSONRenderer]
ORDERS = {"latest": Order("ordered_at", descending=True, index="intervention_latest")}
VERSIONED = ("id", "state", "ordered_at", "validated_at", "started_at", "ended_at")


class InterventionQuery(ListQuery):
    state = serializers.ChoiceField(required=False, choices=State.choices)
    executed_by = serializers.SlugField(required=False, help_text=_("Code of the department or company."))
    request = serializers.CharField(required=False, help_text=_("Reference of a request it serves."))
    cursor = serializers.CharField(
        required=False, allow_blank=True, help_text=_("Comes in the links of a page: follow `next`.")
    )


class InterventionProperties(serializers.Serializer):
    reference = serializers.CharField()
    state = serializers.ChoiceField(choices=State.choices)
    requests = serializers.ListField(child=serializers.CharField(), help_text=_("References of those it serves."))
    categories = serializers.ListField(child=serializers.CharField())
    department = serializers.CharField(help_text=_("Who ordered it."))
    executed_by = serializers.CharField()
    instructions = serializers.CharField()
    report = serializers.CharField(help_text=_("What was done."))
    ordered_at = serializers.DateTimeField()
    validated_at = serializers.DateTimeField(allow_null=True)
    started_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True)
    photos = serializers.ListField(child=serializers.URLField())
    moves = serializers.ListField(
        child=serializers.ChoiceField(choices=list(MOVES)), help_text=_("What you may do with it now.")
    )


@extend_schema_field({**GEOMETRY, "readOnly": True})
class WorkPlace(GeometryField):
    """A GeoJSON geometry, longitude and latitude with 7 decimals."""


class InterventionFeature(serializers.Serializer):
    type = serializers.ChoiceField(choices=["Feature"])
    id = serializers.CharField(help_text=_("The reference."))
    geometry = WorkPlace()
    properties = InterventionProperties()


class InterventionCollection(serializers.Serializer):
    type = serializers.ChoiceField(choices=["FeatureCollection"])
    features = InterventionFeature(many=True)
    links = Link(many=True)


class NewWorkMove(serializers.Serializer):
    move = serializers.ChoiceField(choices=list(MOVES), help_text=_("One of the intervention's `moves`."))
    reason = serializers.CharField(
        required=False, allow_blank=True, max_length=WORDS_MAX,
        help_text=_("What was done, or why it is taken back: the requesters read it."),
    )  # fmt: skip


class InterventionsView(APIView):
    # Companies and staff alike; `visible_to` says which rows.
    required_permissions = {"GET": ""}
    renderer_classes = RENDERERS

    @extend_schema(
        operation_id="interventions_list",
        summary=_("Interventions"),
        description=_("The work you may see, the latest ordered first. A company sees its own once it is validated."),
        parameters=[InterventionQuery],
        responses={200: InterventionCollection, **refusals(400, 401)},
    )
    def get(self, request: Request) -> Response:
        query, user = asked(InterventionQuery, request), caller(request)
        filters = {"state": "state", "executed_by": "executed_by__code", "request": "requests__reference"}
        wanted = {column: query[name] for name, column in filters.items() if query.get(name)}
        rows = Intervention.objects.visible_to(user).filter(**wanted).only("id", "ordered_at")
        try:
            found = page(rows, orders=ORDERS, cursor=query.get("cursor", ""), size=query["limit"])
        except BadCursor as error:
            raise ValidationError({"cursor": [str(error)]}) from None
        told = features([each.pk for each in found.rows], user=user)
        return Response({
            "type": "FeatureCollection",
            "features": told,
            "links": links(request, next=found.after, prev=found.before),
        })  # fmt: skip


class InterventionView(APIView):
    required_permissions = {"GET": ""}
    renderer_classes = RENDERERS

    @extend_schema(
        operation_id="interventions_read",
        summary=_("One intervention"),
        parameters=[IF_NONE_MATCH],
        responses={200: InterventionFeature, **refusals(401, 404)},
    )
    def get(self, request: Request, reference: str) -> Response:
        user = caller(request)
        found = get_object_or_404(Intervention.objects.visible_to(user).only(*VERSIONED), reference=reference)
        here = _version(found)
        if known_to_client(request, here):
            return Response(status=304, headers={"ETag": here})
        (told,) = features([found.pk], user=user)
        return Response(told, headers={"ETag": here, "Cache-Control": "private, no-cache"})


class InterventionMovesView(APIView):
    required_permissions = {"POST": ""}
    renderer_classes = RENDERERS
    parser_classes = [JSONBody]

    @extend_schema(
        operation_id="interventions_move",
        summary=_("Move an intervention"),
        description=_("Makes one of its `moves`; its requests move with it where their state allows."),
        parameters=[IDEMPOTENCY_KEY, IF_MATCH],
        request=NewWorkMove,
        responses={200: InterventionFeature, **refusals(400, 401, 403, 404, 409, 412)},
    )
    def post(self, request: Request, reference: str) -> Response:
        user, key = caller(request), idempotency_key(request)
        found = get_object_or_404(Intervention.objects.visible_to(user).only("id"), reference=reference)
        sent = NewWorkMove(data=request.data)
        sent.is_valid(raise_exception=True)
        name = sent.validated_data["move"]
        if not any(map(user.may, MOVES[name].permissions)):
            raise PermissionDenied
        with transaction.atomic():
            locked = Intervention.objects.select_for_update().only(*VERSIONED, "moved_with").get(pk=found.pk)
            if locked.moved_with != key:
                check_version(request, _version(locked))
            moved = services.move(
                intervention_id=found.pk, name=name, actor=user, now=timezone.now(),
                text=sent.validated_data.get("reason", ""), key=key,
            )  # fmt: skip
        (told,) = features([found.pk], user=user)
        return Response(told, headers={"ETag": _version(moved)})


def _version(found: Intervention) -> str:
    moments = (found.ordered_at, found.validated_at, found.started_at, found.ended_at)
    return version(found.pk, found.state, *moments)
