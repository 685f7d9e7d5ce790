"""What a file would become, before anything is stored (`/couches/importer/<token>/`)."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from gisplatform.errors import PlatformError, UnreadableFile
from gisplatform.pages import SignedIn, requires
from layers import uploads
from layers.import_forms import ImportForm
from layers.importing import LayerRefused
from layers.models import Layer
from layers.previewing import Told
from layers.reading import OwnerMustSay

# What a CRS is called by those who have files in it.
KNOWN_CRS = {
    "EPSG:2154": "Lambert-93",
    "EPSG:3949": "RGF93 CC49",
    "EPSG:4326": "WGS 84",
    "EPSG:27572": "NTF Lambert II étendu",
    "EPSG:3857": "Web Mercator",
}
ENCODINGS = ("utf-8", "cp1252", "latin-1", "cp850")


@requires("manage_layers")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: SignedIn, token: str) -> HttpResponse:
    """The page; a POST looks again with other wishes, or, by its button `import`, makes the version."""
    kept = uploads.find(token, by=request.user, now=timezone.now())
    looked = uploads.looked_at(kept) if kept else None
    if kept is None or looked is None:
        if made := uploads.made_of(token, by=request.user):
            return _to_version(request, uploads.TakenAlready(made))
        messages.error(request, _("The file is no longer there: choose it again."))
        return HttpResponseRedirect(reverse("layer-import"))
    asked, told = looked
    if request.method != "POST":
        return _page(request, kept, ImportForm(initial=asked), told)
    form = ImportForm(_consistent(request, told))
    if "import" in request.POST:
        return _imported(request, kept, form, told)
    try:
        told = uploads.look(kept, asked=form.typed(), wishes=form.wished(), on=timezone.localdate())
    except UnreadableFile as error:
        form.add_error(None, str(error))
    if form.errors:
        return _page(request, kept, form, told, status=422)
    return HttpResponseRedirect(request.path)


@requires("manage_layers")
@never_cache
@require_safe
def drawn(request: SignedIn, token: str) -> HttpResponse:
    """The outlines of the file for the map of the page."""
    kept = uploads.find(token, by=request.user, now=timezone.now())
    outlines = uploads.drawn(kept) if kept else None
    if outlines is None:
        raise Http404
    return HttpResponse(outlines, content_type="application/geo+json")


def _imported(request: SignedIn, kept: uploads.Kept, form: ImportForm, told: Told) -> HttpResponse:
    # Whoever leaves from here and comes back finds it as it was.
    uploads.note_asked(kept, form.typed(), told)
    if not form.is_valid():
        if made := uploads.made_of(kept.token, by=request.user):  # at this moment: its code is taken by itself
            return _to_version(request, uploads.TakenAlready(made))
        return _page(request, kept, form, told, status=422)
    try:
        version = uploads.take(
            kept,
            target=form.target(),
            wishes=form.wishes(),
            by=request.user,
            now=timezone.now(),
            valid_from=form.cleaned_data["valid_from"],
        )
    except uploads.TakenAlready as already:
        return _to_version(request, already)
    except PlatformError as error:
        _tell(form, error)
        return _page(request, kept, form, told, status=422)
    messages.success(
        request, _("Version %(number)s is here. Read its report, then publish it.") % {"number": version.number}
    )
    return HttpResponseRedirect(reverse("layer-version", args=[version.layer.code, version.number]))


def _to_version(request: SignedIn, already: uploads.TakenAlready) -> HttpResponse:
    """To what was made of the file, for whoever sends it twice or comes back after it was imported."""
    messages.info(request, str(already))
    return HttpResponseRedirect(reverse("layer-version", args=[already.version.layer.code, already.version.number]))


def _consistent(request: SignedIn, told: Told) -> dict[str, Any]:
    """What was typed; the fields of one layer of the file are not those of another."""
    typed = request.POST.dict()
    if typed.get("source_layer", "") != _chosen(told):
        typed |= {"code_field": "", "name_field": ""}
    return typed


def _chosen(told: Told) -> str:
    return told.get("layer", "") if len(told["layers"]) > 1 else ""


def _tell(form: ImportForm, error: PlatformError) -> None:
    """The sentence at the field it is about."""
    match error:
        case OwnerMustSay():
            form.add_error(error.wish, str(error))
        case LayerRefused():
            form.add_error("layer" if form.cleaned_data["layer"] else "code", str(error))
        case _:
            form.add_error(None, str(error))


def _offer(form: ImportForm, told: Told) -> None:
    """Lists instead of free text, for all that the file tells; what was taken is chosen in them."""
    question = told.get("question") or {}
    choices = [(each["value"], f"{each['value']} – {each['why']}" if each["why"] else each["value"])
               for each in question.get("choices", [])]  # fmt: skip
    form.offer(question.get("wish", ""), choices, nothing=_("Choose…"))
    if question.get("wish") != "source_layer" and len(told["layers"]) > 1:
        form.offer("source_layer", [(each["name"], each["name"]) for each in told["layers"]], nothing=_("Choose…"))
        form.initial.setdefault("source_layer", "")
        form.initial["source_layer"] = form.initial["source_layer"] or told.get("layer", "")
    fields = [(each["name"], each["name"]) for each in told.get("fields", [])]
    for wish, none in (("code_field", _("None: the names, or the lines")), ("name_field", _("None: the codes"))):
        form.offer(wish, fields, nothing=none if "zones" in told else _("The usual one"))
        form.initial[wish] = form.initial.get(wish) or told.get(wish, "")


def _open(told: Told) -> list[str]:
    """The wishes to show beside what is asked: a layer where there are several, fields where they are known."""
    asked = told.get("question", {}).get("wish")
    known = {
        "source_layer": len(told["layers"]) > 1,
        "code_field": "fields" in told,
        "name_field": "fields" in told,
        "crs": True,
        "encoding": True,
    }
    return [wish for wish, shown in known.items() if shown and wish != asked]


def _page(request: SignedIn, kept: uploads.Kept, form: ImportForm, told: Told, *, status: int = 200) -> HttpResponse:
    _offer(form, told)
    code = (form["layer"].value() or "").replace("\x00", "")
    layer = Layer.objects.filter(code=code).first() if code else None
    in_force = layer.versions.in_force(timezone.localdate()).exists() if layer else False
    context = {
        "form": form,
        "kept": kept,
        "told": told,
        "question": told.get("question"),
        "asked": form[told["question"]["wish"]] if "question" in told else None,
        "wishes": [form[wish] for wish in _open(told)],
        "several": len(told["layers"]) > 1,
        "layer": layer,
        "behind": code if in_force else "",
        "known_crs": KNOWN_CRS,
        "encodings": ENCODINGS,
        "wrong": [form.fields[name].label for name in form.errors if name in form.fields],
    }
    return render(request, "layers/preview.html", context, status=status)
