"""Photos of a request that is still being typed: received one by one, shown again, taken back."""

from uuid import UUID

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gisplatform.errors import UnreadableFile, problem_json
from gisplatform.pages import SignedIn, requires
from interventions.requests import photos
from interventions.requests.models import Attachment
from interventions.requests.thumbnails import thumbnail


class KeyForm(forms.Form):
    key = forms.UUIDField()


@requires("log_request")
@never_cache
@require_http_methods(["GET", "POST"])
def waiting(request: SignedIn) -> HttpResponse:
    """GET `?key=`: the photos received under the form's key. POST `key` and `photo`: one more, 201."""
    form = KeyForm(request.POST if request.method == "POST" else request.GET)
    if not form.is_valid():
        return problem_json(status=400, title=_("This page is no longer valid: reload it."))
    key = form.cleaned_data["key"]
    if request.method == "GET":
        return JsonResponse({"photos": [_photo(each) for each in photos.waiting(key=key, uploaded_by=request.user)]})
    upload = request.FILES.get("photo")
    if upload is None:
        return problem_json(status=400, title=_("No photo came: send it again."))
    return _receive(request, key, upload)


def _receive(request: SignedIn, key: UUID, upload: UploadedFile) -> HttpResponse:
    try:
        received = photos.receive(upload=upload, key=key, uploaded_by=request.user)
    except UnreadableFile as error:
        return problem_json(status=error.status, title=str(error))
    return JsonResponse(_photo(received), status=201)


@requires("log_request")
@cache_control(private=True, max_age=3600)
@require_GET
def picture(request: SignedIn, photo_id: int) -> HttpResponse:
    """The photo in small, for who sent it, until its request exists."""
    found = get_object_or_404(Attachment, pk=photo_id, uploaded_by=request.user, request=None)
    try:
        return HttpResponse(thumbnail(found), content_type="image/jpeg")
    except FileNotFoundError:
        raise Http404 from None


@requires("log_request")
@require_POST
def remove(request: SignedIn, photo_id: int) -> HttpResponse:
    photos.discard(photo_id=photo_id, uploaded_by=request.user)
    return HttpResponse(status=204)


def _photo(attachment: Attachment) -> dict[str, str | int]:
    return {
        "id": attachment.pk,
        "url": reverse("intake-photo", args=[attachment.pk]),
        "removal_url": reverse("intake-photo-removal", args=[attachment.pk]),
    }
