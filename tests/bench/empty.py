"""All addresses of the platform, and one that answers nothing to who may see requests."""

from django.http import HttpResponse
from django.urls import include, path
from rest_framework.request import Request
from rest_framework.views import APIView


class Empty(APIView):
    required_permissions = {"GET": "view_requests"}
    schema = None

    def get(self, _request: Request) -> HttpResponse:
        return HttpResponse()


urlpatterns = [path("empty", Empty.as_view()), path("", include("gisplatform.urls"))]
