"""The button beside a photo of a request: shown to its requester, or not."""

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gisplatform.pages import SignedIn, requires
from interventions.requests import showing
from interventions.requests.detail import photos_of
from interventions.requests.models import ServiceRequest


@requires("show_photo")
@require_POST
def show(request: SignedIn, reference: str, photo_id: int) -> HttpResponse:
    """POST `shown`: 1 to show it, 0 to take it back."""
    found = get_object_or_404(ServiceRequest.objects.visible_to(request.user), reference=reference)
    photo = get_object_or_404(photos_of(found), pk=photo_id)
    shown = request.POST.get("shown") == "1"
    showing.show(photo_id=photo.pk, shown=shown, actor=request.user, now=timezone.now())
    sentence = _("The requester sees this photo.") if shown else _("The requester no longer sees this photo.")
    if not request.accepts("text/html"):
        return JsonResponse({"reference": found.reference, "sentence": sentence, "visible": True})
    messages.success(request, sentence)
    return redirect("request", reference=found.reference)
