"""What is done to a request, for machines: its moves, its notes, and all that happened to it."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from gisplatform.api import caller, check_version, etag, idempotency_key
from gisplatform.departments import in_use
from gisplatform.errors import KeyReused
from gisplatform.media import GeoJSON, JSONBody
from gisplatform.models import Department
from gisplatform.openapi import IDEMPOTENCY_KEY, IF_MATCH, refusals
from interventions.events.models import Event
from interventions.requests import duplicates, services
from interventions.requests.features import feature
from interventions.requests.forms import REFERENCE_MAX, WORDS_MAX
from interventions.requests.lifecycle import MOVES, State
from interventions.requests.models import ServiceRequest
from interventions.requests.serializers import RequestFeature


class NewMove(serializers.Serializer):
    move = serializers.ChoiceField(choices=list(MOVES), help_text=gettext_lazy("One of the request's `moves`."))
    reason = serializers.CharField(
        required=False, allow_blank=True, max_length=WORDS_MAX,
        help_text=gettext_lazy("Read by the requester; some moves need it."),
    )  # fmt: skip
    department = serializers.SlugField(
        required=False, allow_null=True, help_text=gettext_lazy("To redirect: who answers from now on.")
    )
    due_on = serializers.DateField(
        required=False, allow_null=True, help_text=gettext_lazy("To reschedule: the day you announce.")
    )
    duplicate_of = serializers.CharField(
        required=False, allow_null=True, max_length=REFERENCE_MAX,
        help_text=gettext_lazy("To merge: the reference of the request that told of the same problem first."),
    )  # fmt: skip

    def validate_duplicate_of(self, reference: str | None) -> ServiceRequest | None:
        if reference is None:
            return None
        try:
            return duplicates.find(reference, visible=self.context["visible"])
        except duplicates.CannotJoin as error:
            raise ValidationError(str(error)) from None

    def validate_department(self, code: str | None) -> Department | None:
        if code is None:
            return None
        department = in_use(timezone.localdate()).filter(code=code).first()
        if department is None:
            raise ValidationError(_("No department in use has this code."))
        return department


class NewNote(serializers.Serializer):
    text = serializers.CharField(max_length=WORDS_MAX, help_text=gettext_lazy("Read by staff only."))


class EventRow(serializers.Serializer):
    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=Event.Kind.choices)
    move = serializers.CharField(help_text=gettext_lazy("The move that was made, empty for the rest."))
    at = serializers.DateTimeField()
    other = serializers.CharField(
        source="other.reference", allow_null=True,
        help_text=gettext_lazy("The request it joined or left, or that joined or left it."),
    )  # fmt: skip
    to = serializers.ChoiceField(choices=State.choices, allow_null=True, source="to_state")
    text = serializers.CharField()
    public = serializers.BooleanField(help_text=gettext_lazy("Shown to the requester."))

    def get_fields(self) -> dict[str, Any]:
        # `from` is a word of Python.
        origin = serializers.ChoiceField(choices=State.choices, allow_null=True, source="from_state")
        return {**super().get_fields(), "from": origin}

    def to_representation(self, event: Event) -> dict[str, Any]:
        told = super().to_representation(event)
        return {**told, "from": told["from"] or None, "to": told["to"] or None}


class RequestMovesView(APIView):
    required_permissions = {"POST": "view_requests"}
    renderer_classes = [GeoJSON, JSONRenderer]
    parser_classes = [JSONBody]

    @extend_schema(
        operation_id="requests_move",
        summary=gettext_lazy("Move a request"),
        description=gettext_lazy(
            "Makes one of its `moves` and answers with the request as it then stands; 204 when the move took it out of "
            "your sight. With If-Match, only when it is still the version you read."
        ),
        parameters=[IDEMPOTENCY_KEY, IF_MATCH],
        request=NewMove,
        responses={
            200: RequestFeature,
            204: OpenApiResponse(description=gettext_lazy("Done; the request is no longer yours to see.")),
            **refusals(400, 401, 403, 404, 409, 412),
        },
    )
    def post(self, request: Request, reference: str) -> Response:
        user, now, key = caller(request), timezone.now(), idempotency_key(request)
        seen = ServiceRequest.objects.visible_to(user)
        found = get_object_or_404(seen.only("id"), reference=reference)
        sent = NewMove(data=request.data, context={"visible": seen})
        sent.is_valid(raise_exception=True)
        name = sent.validated_data["move"]
        if not user.may(MOVES[name].permission):
            raise PermissionDenied
        with transaction.atomic():
            joins = sent.validated_data.get("duplicate_of") if name == "merge" else None
            services.hold(request_id=found.pk, name=name, joins=joins)
            locked = ServiceRequest.objects.select_for_update().only("id", "updated_at").get(pk=found.pk)
            if not _replayed(key, found.pk, user.pk):
                check_version(request, etag(locked.pk, locked.updated_at))
                services.move(
                    request_id=found.pk,
                    name=name,
                    actor=user,
                    now=now,
                    key=key,
                    reason=sent.validated_data.get("reason", ""),
                    department=sent.validated_data.get("department") if name == "redirect" else None,
                    joins=joins,
                    due_on=sent.validated_data.get("due_on"),
                )
        now_seen = seen.only("id", "updated_at").filter(pk=found.pk).first()
        if now_seen is None:
            return Response(status=204)
        told = feature(found.pk, user=user, now=now)
        return Response(told, headers={"ETag": etag(now_seen.pk, now_seen.updated_at)})


class RequestNotesView(APIView):
    required_permissions = {"POST": "log_request"}
    renderer_classes = [JSONRenderer]
    parser_classes = [JSONBody]

    @extend_schema(
        operation_id="requests_note",
        summary=gettext_lazy("Add a note to a request"),
        parameters=[IDEMPOTENCY_KEY],
        request=NewNote,
        responses={201: EventRow, **refusals(400, 401, 403, 404, 409)},
    )
    def post(self, request: Request, reference: str) -> Response:
        user, key = caller(request), idempotency_key(request)
        found = get_object_or_404(ServiceRequest.objects.visible_to(user).only("id"), reference=reference)
        sent = NewNote(data=request.data)
        sent.is_valid(raise_exception=True)
        with transaction.atomic():
            ServiceRequest.objects.select_for_update().only("id").get(pk=found.pk)
            event = _replayed(key, found.pk, user.pk) or services.note(
                request_id=found.pk, actor=user, text=sent.validated_data["text"], now=timezone.now(), key=key
            )
        return Response(EventRow(event).data, status=201)


class RequestEventsView(APIView):
    required_permissions = {"GET": "view_requests"}
    renderer_classes = [JSONRenderer]

    @extend_schema(
        operation_id="requests_events",
        summary=gettext_lazy("What happened to a request"),
        description=gettext_lazy("The oldest first."),
        responses={200: EventRow(many=True), **refusals(401, 403, 404)},
    )
    def get(self, request: Request, reference: str) -> Response:
        seen = ServiceRequest.objects.visible_to(caller(request)).only("id")
        found = get_object_or_404(seen, reference=reference)
        return Response(EventRow(found.events.select_related("other").order_by("id"), many=True).data)


def _replayed(key: UUID, request_id: int, user_id: int) -> Event | None:
    """The event this key already made here, by the same person; raises KeyReused when it served elsewhere."""
    event = Event.objects.filter(key=key).first()
    if event and (event.request_id, event.actor_id) != (request_id, user_id):
        raise KeyReused
    return event
