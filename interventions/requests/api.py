"""Requests for machines: a list, one, a new one, its photos."""

from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from gisplatform.api import ListQuery, asked, caller, etag, idempotency_key, known_to_client, links
from gisplatform.errors import UnreadableFile
from gisplatform.media import JPEG, FormBody, GeoJSON, JSONBody
from gisplatform.openapi import IDEMPOTENCY_KEY, IF_NONE_MATCH, refusals
from interventions.requests import openapi, photos
from interventions.requests.features import feature, features
from interventions.requests.filters import RequestFilter
from interventions.requests.models import Attachment, ServiceRequest
from interventions.requests.paging import BadCursor, page
from interventions.requests.serializers import (
    NewRequest,
    NewRequestForm,
    RequestCollection,
    RequestFeature,
    unpacked,
)
from interventions.requests.services import submit

RENDERERS = [GeoJSON, JSONRenderer]


class RequestQuery(ListQuery):
    cursor = serializers.CharField(
        required=False, allow_blank=True, help_text=_("Comes in the links of a page: follow `next`.")
    )


class RequestsView(APIView):
    required_permissions = {"GET": "view_requests", "POST": "log_request"}
    renderer_classes = RENDERERS
    parser_classes = [JSONBody, FormBody]

    @extend_schema(
        operation_id="requests_list",
        summary=_("Requests"),
        description=_("The requests you may see, the latest first, a page at a time: follow the link `next`."),
        parameters=[*openapi.FILTERS, RequestQuery],
        responses={200: RequestCollection, **refusals(400, 401, 403)},
        examples=[openapi.COLLECTION],
    )
    def get(self, request: Request) -> Response:
        query, user = asked(RequestQuery, request), caller(request)
        visible = ServiceRequest.objects.visible_to(user).only("id", "submitted_at")
        wanted = RequestFilter(request.query_params, queryset=visible, request=request)
        if not wanted.is_valid():
            raise ValidationError(wanted.errors)
        try:
            cursor, size = query.get("cursor", ""), query["limit"]
            found = page(wanted.qs, cursor=cursor, size=size, span=wanted.span("latest"))
        except BadCursor as error:
            raise ValidationError({"cursor": [str(error)]}) from None
        told = features([each.pk for each in found.rows], user=user, now=timezone.now())
        return Response({
            "type": "FeatureCollection",
            "features": told,
            "links": links(request, next=found.after, prev=found.before),
        })  # fmt: skip

    @extend_schema(
        operation_id="requests_create",
        summary=_("Log a request"),
        description=_(
            "Logs a request, routes it and keeps its requester informed. Off the territory it is taken too, `to_sort`. "
            "A replay of its Idempotency-Key answers 201 with the request made the first time."
        ),
        parameters=[IDEMPOTENCY_KEY],
        request={"application/json": NewRequest, "multipart/form-data": NewRequestForm},
        responses={201: RequestFeature, **refusals(400, 401, 403, 409, 413, 415)},
        examples=[openapi.NEW, openapi.FEATURE],
    )
    def post(self, request: Request) -> Response:
        user, key, now = caller(request), idempotency_key(request), timezone.now()
        body = unpacked(request.data) if isinstance(request.data, QueryDict) else request.data
        sent = NewRequest(data=body, context={"request": request})
        sent.is_valid(raise_exception=True)
        uploads = request.FILES.getlist("photos")
        for upload in uploads:
            try:
                photos.receive(upload=upload, key=key, uploaded_by=user)
            except UnreadableFile as error:
                raise ValidationError({"photos": [f"{upload.name} : {error}"]}) from None
        logged = submit(author=user, key=key, now=now, with_photos=bool(uploads), **sent.validated_data)
        told = feature(logged.pk, user=user, now=now)
        headers = {"Location": request.build_absolute_uri(f"{request.path}/{logged.reference}")}
        return Response(told, status=201, headers={**headers, "ETag": etag(logged.pk, logged.updated_at)})


class RequestView(APIView):
    required_permissions = {"GET": "view_requests"}
    renderer_classes = RENDERERS

    @extend_schema(
        operation_id="requests_read",
        summary=_("One request"),
        description=_("With the ETag of its version, and with who asked for those who may see it."),
        parameters=[IF_NONE_MATCH],
        responses={
            200: RequestFeature,
            304: OpenApiResponse(description=_("You have this version.")),
            **refusals(401, 403, 404),
        },
        examples=[openapi.FEATURE],
    )
    def get(self, request: Request, reference: str) -> Response:
        rows = ServiceRequest.objects.visible_to(request.user).only("id", "updated_at")
        found = get_object_or_404(rows, reference=reference)
        version = etag(found.pk, found.updated_at)
        if known_to_client(request, version):
            return Response(status=304, headers={"ETag": version})
        told = feature(found.pk, user=caller(request), now=timezone.now())
        return Response(told, headers={"ETag": version, "Cache-Control": "private, no-cache"})


class PhotoView(APIView):
    required_permissions = {"GET": "view_requests"}
    renderer_classes = [JPEG]

    @extend_schema(
        operation_id="requests_photo",
        summary=_("A photo of a request"),
        responses={(200, "image/jpeg"): OpenApiTypes.BINARY, **refusals(401, 403, 404)},
    )
    def get(self, request: Request, reference: str, photo: int) -> Response:
        seen = ServiceRequest.objects.visible_to(request.user).filter(reference=reference)
        found = get_object_or_404(Attachment.objects.filter(request__in=seen), pk=photo)
        try:
            with found.file.open() as file:
                content = file.read()
        except FileNotFoundError:
            raise Http404 from None
        return Response(content, headers={"Cache-Control": "private, max-age=86400, immutable"})
