from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from gisplatform.urls import *  # noqa: F403
from gisplatform.urls import urlpatterns as ours


class Nothing(APIView):
    """Knows who calls, reads what was sent, and answers."""

    required_permissions = {"POST": "log_request"}

    def post(self, request: Request) -> Response:
        return Response({"read": len(request.data)}, status=201)


urlpatterns = [path("api/v1/nothing", Nothing.as_view()), *ours]
