"""Which of the two formats of addresses a table is in, and where its cells are: BAN or BAL, told by its first row."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from basemaps.models import Street
from gisplatform.csvfiles import CsvFile
from gisplatform.errors import UnreadableFile

# What we read → the names it goes by. Ten characters are what a DBF leaves of a name.
BAN = {
    "id": ("id",),
    "ban_address": ("id_ban_adresse",),
    "number": ("numero",),
    "suffix": ("rep",),
    "name": ("nom_voie",),
    "postcode": ("code_postal",),
    "citycode": ("code_insee",),
    "city": ("nom_commune",),
    "old_city": ("nom_ancienne_commune",),
    "locality": ("nom_ld", "lieudit_complement_nom"),
    "lon": ("lon",),
    "lat": ("lat",),
    "x": ("x",),
    "y": ("y",),
}
BAL = {
    "key": ("cle_interop", "cle_intero"),
    "uid": ("uid_adresse", "uid_adress"),
    "ban_city": ("id_ban_commune",),
    "ban_street": ("id_ban_toponyme",),
    "ban_address": ("id_ban_adresse",),
    "number": ("numero",),
    "suffix": ("suffixe",),
    "name": ("voie_nom", "toponyme"),
    "citycode": ("commune_insee", "commune_in"),
    "city": ("commune_nom", "commune_no"),
    "old_city": ("commune_deleguee_nom",),
    "locality": ("lieudit_complement_nom",),
    "position": ("position",),
    "lon": ("long", "long_wgs84"),
    "lat": ("lat", "lat_wgs84"),
    "x": ("x", "x_l93"),
    "y": ("y", "y_l93"),
    "updated_on": ("date_der_maj", "date_der_m"),
}
NEEDED = {
    Street.Source.BAN: ("number", "name", "citycode", "city"),
    Street.Source.BAL: ("number", "name", "city"),
}


@dataclass(frozen=True)
class Format:
    """`at`: what we read → its column in a row; what the file does not have is not in it."""

    source: Street.Source
    at: dict[str, int]


def recognised(file: CsvFile) -> Format:
    """The format of a file; raises UnreadableFile with what it lacks when it is neither."""
    folded = {name.casefold(): place for place, name in enumerate(file.columns)}
    source, names = (Street.Source.BAN, BAN) if "nom_voie" in folded else (Street.Source.BAL, BAL)
    at = {ours: folded[name] for ours, called in names.items() for name in reversed(called) if name in folded}
    missing = [names[ours][0] for ours in NEEDED[source] if ours not in at]
    if not ({"lon", "lat"} <= at.keys() or {"x", "y"} <= at.keys()):
        missing += [names["lon"][0], names["lat"][0]]
    if source == Street.Source.BAL and not at.keys() & {"citycode", "key"}:
        missing.append(names["citycode"][0])
    if missing:
        raise UnreadableFile(
            _("This is no table of addresses, BAN or BAL: it lacks %(missing)s. Its columns: %(columns)s.")
            % {"missing": ", ".join(missing), "columns": ", ".join(file.columns)[:1000]}
        )
    return Format(source=source, at=at)
