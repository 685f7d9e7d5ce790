"""All addresses of the platform, and two more that only know who calls: the limits of what an answer can cost."""

from django.http import HttpResponse
from django.urls import include, path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView


class Empty(APIView):
    required_permissions = {"GET": "view_requests"}
    schema = None

    def get(self, _request: Request) -> HttpResponse:
        return HttpResponse()


class Nothing(APIView):
    """Reads what was sent, too."""

    required_permissions = {"POST": "log_request"}
    schema = None

    def post(self, request: Request) -> Response:
        return Response({"read": len(request.data)}, status=201)


urlpatterns = [
    path("empty", Empty.as_view()),
    path("api/v1/nothing", Nothing.as_view()),
    path("", include("gisplatform.urls")),
]
