"""A page that is nothing but a map: what the tests of the map open, beside all addresses of the platform."""

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

from gisplatform.pages import public

PAGE = """
{% extends base %}{% load maps %}
{% block title %}Carte{% endblock %}
{% block main %}
  <div class="split">
    <p>Une liste</p>
    {% map_frame layers=layers label="Carte de la ville modèle" cooperative=cooperative %}
  </div>
{% endblock %}
{% block scripts %}<script type="module" src="{% static 'gisplatform/js/map.js' %}"></script>{% endblock %}
"""


@public
def page(request: HttpRequest) -> HttpResponse:
    asked = request.GET
    context = {
        "base": "base.html" if request.user.is_authenticated else "base_public.html",
        "layers": asked.get("layers", ""),
        "cooperative": "cooperative" in asked,
    }
    return HttpResponse(engines["django"].from_string(PAGE).render(context, request))


urlpatterns = [path("carte-seule/", page), path("", include("gisplatform.urls"))]
