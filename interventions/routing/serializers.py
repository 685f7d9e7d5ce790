"""What the preview is asked, and what every interface tells of a decision."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from gisplatform.api import Number

ACCURACY_AT_MOST_M = 100_000


class PreviewQuery(serializers.Serializer):
    category = serializers.SlugField(help_text=_("Code of a category."))
    lon = Number(min_value=-180, max_value=180, help_text=_("Longitude, in degrees."))
    lat = Number(min_value=-90, max_value=90, help_text=_("Latitude, in degrees."))
    accuracy_m = Number(
        required=False, min_value=0, max_value=ACCURACY_AT_MOST_M,
        help_text=_("How far the true place may be, in metres: an answer that would change within it is doubtful."),
    )  # fmt: skip


class Candidate(serializers.Serializer):
    department = serializers.CharField()
    zone = serializers.CharField()
    rule = serializers.CharField()
    reason = serializers.CharField(help_text=_("Why it does not answer."))


# Who answers, by which rule, in which zone of which layer; everything is null when nobody answers.
class Routing(serializers.Serializer):
    state = serializers.ChoiceField(choices=["routed", "to_sort"])
    department = serializers.CharField(allow_null=True)
    authority = serializers.CharField(allow_null=True)
    sentence = serializers.CharField(help_text=_("The reason, for a person."))
    rule = serializers.CharField(allow_null=True)
    layer = serializers.CharField(allow_null=True)
    layer_version = serializers.IntegerField(allow_null=True)
    zone = serializers.CharField(allow_null=True)
    share = serializers.FloatField(allow_null=True, help_text=_("Part of the request inside the zone, 0 to 1."))
    border_distance_m = serializers.FloatField(allow_null=True, help_text=_("Metres to the zone's border."))
    doubtful = serializers.BooleanField(help_text=_("Somebody else would answer a few steps away."))
    candidates = Candidate(many=True, help_text=_("Who could have answered, the nearest to it first."))


class Preview(Routing):
    department_name = serializers.CharField(allow_null=True)
    authority_name = serializers.CharField(allow_null=True)
    zone_name = serializers.CharField(allow_null=True)


EXAMPLE = {
    "state": "routed",
    "department": "proprete-urbaine",
    "authority": "caen",
    "sentence": "Propreté urbaine : règle Graffitis × pôles, zone Rive droite, à 120 m de la limite",
    "rule": "graffiti-poles-proprete-urbaine",
    "layer": "poles",
    "layer_version": 1,
    "zone": "rive-droite",
    "share": 1.0,
    "border_distance_m": 118.4,
    "doubtful": False,
    "candidates": [
        {
            "department": "voirie-clm",
            "zone": "14118",
            "rule": "graffiti-communes-voirie-clm",
            "reason": "sa règle est moins prioritaire",
        }
    ],
}
