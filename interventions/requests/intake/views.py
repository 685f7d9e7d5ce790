"""The pages of the intake screen."""

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from gisplatform.errors import InvalidGeometry, KeyReused, UnreadableFile, problem_json
from gisplatform.pages import SignedIn, requires
from interventions.glossary.queries import search
from interventions.requests import listing, photos, services
from interventions.requests.duplicates import CannotJoin
from interventions.requests.intake.answer import Told, outline, tell, under
from interventions.requests.intake.forms import AnswerQuery, IntakeForm
from interventions.requests.models import ServiceRequest
from interventions.requests.reach import ways
from interventions.routing import explain
from layers.models import Zone

BORDERS = ("communes", "poles")


@requires("log_request")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def intake(request: SignedIn) -> HttpResponse:
    now = timezone.now()
    today = timezone.localdate(now)
    if request.method != "POST":
        return _page(request, IntakeForm(author=request.user, on=today))
    form = IntakeForm(request.POST, request.FILES, author=request.user, on=today)
    if "key" in form.errors:
        form.renew_key()
    else:
        _receive_photos(request, form)
    if form.errors:
        return _page(request, form, status=422)
    if "look" in request.POST:
        return _page(request, form)
    found = form.cleaned_data
    try:
        logged = services.submit(
            author=request.user,
            category=found["category"],
            geom=found["geom"],
            channel=found["channel"],
            key=found["key"],
            now=now,
            contact=form.contact,
            issued_by=found["issued_by"],
            joins=found["duplicate_of"],
            description=found["description"],
            address=found["address"],
            accuracy_m=found["accuracy_m"],
        )
    except KeyReused:
        form.renew_key()
        return _page(request, form, status=409)
    except CannotJoin as refusal:
        form.add_error("duplicate_of", str(refusal))
        return _page(request, form, status=refusal.status)
    return HttpResponseRedirect(reverse("received", args=[logged.reference]))


def _receive_photos(request: SignedIn, form: IntakeForm) -> None:
    """Photos sent with the form itself, without JavaScript: kept under its key whatever else is wrong."""
    for number in request.POST.getlist("removed"):
        if number.isdigit():
            photos.discard(photo_id=int(number), uploaded_by=request.user)
    for upload in request.FILES.getlist("photos"):
        try:
            photos.receive(upload=upload, key=form.cleaned_data["key"], uploaded_by=request.user)
        except UnreadableFile as error:
            form.add_error("photos", f"{upload.name} : {error}")


def _page(request: SignedIn, form: IntakeForm, *, status: int = 200) -> HttpResponse:
    form.focus(otherwise="address")
    return render(
        request,
        "intake/page.html",
        {
            "form": form,
            "borders": _borders(),
            "told": _told(request, form),
            "photos": photos.waiting(key=form["key"].value(), uploaded_by=request.user) if form.is_bound else [],
        },
        status=status,
    )


def _borders() -> str:
    """Codes, joined by commas, of the layers whose borders help to find one's way: those in force here."""
    zones = Zone.objects.in_force(timezone.localdate()).filter(version__layer__code__in=BORDERS)
    return ",".join(zones.order_by("version__layer__code").values_list("version__layer__code", flat=True).distinct())


def _told(request: SignedIn, form: IntakeForm) -> Told:
    """The answer card as it stood, for a page shown again."""
    if not form.is_bound:
        return Told()
    only = form.candidates[0].geom if len(form.candidates) == 1 else None
    return tell(
        user=request.user,
        category=form.cleaned_data.get("category"),
        geom=form.cleaned_data.get("geom") or only,
        accuracy_m=form.cleaned_data.get("accuracy_m"),
        within_m=form.cleaned_data.get("within_m"),
        joins=form.cleaned_data.get("duplicate_of"),
        now=timezone.now(),
    )


@requires("log_request")
@require_GET
def categories(request: SignedIn) -> JsonResponse:
    """What the words `q` may mean, the likeliest first, each with the saying that matched."""
    return JsonResponse({"categories": [vars(each) for each in search(text=request.GET.get("q", ""))]})


@requires("log_request")
@never_cache
@require_GET
def answer(request: SignedIn) -> HttpResponse:
    """The parts of the page that follow the place and the category; 400 with a sentence when they cannot be read."""
    now = timezone.now()
    query = AnswerQuery(request.GET, author=request.user, on=timezone.localdate(now))
    try:
        query.full_clean()
    except InvalidGeometry as error:
        return problem_json(status=error.status, title=str(error))
    found = query.cleaned_data
    told = tell(
        user=request.user,
        category=found.get("category"),
        geom=found.get("geom"),
        accuracy_m=found.get("accuracy_m"),
        within_m=found.get("within_m"),
        joins=found.get("duplicate_of"),
        now=now,
    )
    zone = outline(told.answer.zone_id) if told.answer and told.answer.zone_id else None
    # It stands in a script element, which "</script>" in a category's name would end.
    dots = listing.dots(told.nearby.rows, now=now).replace("<", "\\u003C") if told.nearby else ""
    return render(request, "intake/answer.html", {"told": told, "zone": zone, "dots": dots})


@requires("log_request")
@require_GET
def received(request: SignedIn, reference: str) -> HttpResponse:
    rows = ServiceRequest.objects.visible_to(request.user).with_names()
    rows = rows.select_related("duplicate_of__department__authority")
    logged = get_object_or_404(rows, reference=reference)
    decision, sentence = logged.decision, ""
    if logged.duplicate_of is None and decision is not None and decision.decided_by_id is None:
        sentence = explain.sentence(trace=decision.reason.trace, border_distance_m=decision.border_distance_m)
        sentence = under(logged.department.name, sentence) if logged.department else sentence
    address = settings.PUBLIC_URL + reverse("tracking", args=[logged.tracking_token])
    sent_to = next((to for _way, to in ways(logged.requester)), "")
    context = {"logged": logged, "told": logged.duplicate_of or logged, "sentence": sentence, "address": address}
    context["sent_to"] = sent_to
    return render(request, "intake/received.html", context)
