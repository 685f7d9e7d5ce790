"""Notifications for machines: one's own, and which of them are read."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from gisplatform.api import ListQuery, asked, caller, idempotency_key, links
from gisplatform.cursors import BadCursor
from gisplatform.media import JSONBody
from gisplatform.openapi import IDEMPOTENCY_KEY, Link, refusals
from interventions.noticing import services
from interventions.noticing.bell import unread
from interventions.noticing.models import SORTED, Notification
from interventions.noticing.words import Line, lines
from interventions.requests.paging import Order, page

ORDERS = {"latest": Order("at", descending=True, index="notification_latest")}
AT_ONCE = 1000


class NotificationQuery(ListQuery):
    unread = serializers.BooleanField(required=False, default=False, help_text=_("Only those not read."))
    kind = serializers.ChoiceField(required=False, choices=SORTED)
    cursor = serializers.CharField(
        required=False, allow_blank=True, help_text=_("Comes in the links of a page: follow `next`.")
    )


class NotificationRow(serializers.Serializer):
    id = serializers.IntegerField(source="notification.pk")
    kind = serializers.ChoiceField(choices=SORTED, source="notification.kind")
    at = serializers.DateTimeField(source="notification.at")
    unread = serializers.BooleanField(help_text=_("Of several about one thing only the last is unread."))
    read_at = serializers.DateTimeField(source="notification.read_at", allow_null=True)
    sentence = serializers.CharField()
    request = serializers.CharField(
        source="notification.request.reference", allow_null=True, default=None, help_text=_("Its reference.")
    )
    intervention = serializers.CharField(
        source="notification.intervention.reference", allow_null=True, default=None, help_text=_("Its reference.")
    )


class NotificationList(serializers.Serializer):
    notifications = NotificationRow(many=True)
    links = Link(many=True)


class ReadNotifications(serializers.Serializer):
    ids = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1), required=False, max_length=AT_ONCE,
        help_text=_("Those to mark as read; all of them when not given."),
    )  # fmt: skip


class UnreadCount(serializers.Serializer):
    unread = serializers.IntegerField(help_text=_("How many are still unread, up to 100."))


class NotificationsView(APIView):
    # Everybody has their own.
    required_permissions = {"GET": ""}

    @extend_schema(
        operation_id="notifications_list",
        summary=_("My notifications"),
        description=_("What concerns you and you may still see, the latest first."),
        parameters=[NotificationQuery],
        responses={200: NotificationList, **refusals(400, 401)},
    )
    def get(self, request: Request) -> Response:
        query, user = asked(NotificationQuery, request), caller(request)
        rows = Notification.objects.visible_to(user).with_names()
        rows = rows.unread() if query["unread"] else rows
        rows = rows.filter(kind=query["kind"]) if query.get("kind") else rows
        try:
            found = page(rows, orders=ORDERS, cursor=query.get("cursor", ""), size=query["limit"])
        except BadCursor as error:
            raise ValidationError({"cursor": [str(error)]}) from None
        told: list[Line] = lines(found.rows)
        return Response({
            "notifications": NotificationRow(told, many=True).data,
            "links": links(request, next=found.after, prev=found.before),
        })  # fmt: skip


class NotificationsReadView(APIView):
    required_permissions = {"POST": ""}
    parser_classes = [JSONBody]

    @extend_schema(
        operation_id="notifications_read",
        summary=_("Mark notifications as read"),
        description=_("Those of others, and those read before, are passed over: it may be repeated."),
        parameters=[IDEMPOTENCY_KEY],
        request=ReadNotifications,
        responses={200: UnreadCount, **refusals(400, 401)},
    )
    def post(self, request: Request) -> Response:
        user = caller(request)
        idempotency_key(request)
        sent = ReadNotifications(data=request.data)
        sent.is_valid(raise_exception=True)
        rows = Notification.objects.filter(person=user)
        if "ids" in sent.validated_data:
            rows = rows.filter(pk__in=sent.validated_data["ids"])
        services.mark_read(rows, now=timezone.now())
        return Response({"unread": unread(user)})
