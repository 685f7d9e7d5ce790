"""Files of addresses as they come: BAN and BAL, their rows where the model town is."""

import csv
import gzip
from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.town import degrees

BAN = [
    "id", "id_fantoir", "numero", "rep", "nom_voie", "code_postal", "code_insee", "nom_commune",
    "code_insee_ancienne_commune", "nom_ancienne_commune", "x", "y", "lon", "lat", "type_position", "alias", "nom_ld",
    "libelle_acheminement", "nom_afnor", "source_position", "source_nom_voie", "certification_commune", "cad_parcelles",
]  # fmt: skip
BAL = [
    "cle_interop", "id_ban_commune", "id_ban_toponyme", "id_ban_adresse", "commune_insee", "commune_nom",
    "commune_deleguee_nom", "voie_nom", "lieudit_complement_nom", "numero", "suffixe", "position", "x", "y", "long",
    "lat", "source", "date_der_maj",
]  # fmt: skip


def ban(number: object = 12, place: tuple[float, float] = (100, 1490), **facts: object) -> dict[str, object]:
    """A row of the national base: 12 rue de la Fontaine, Modèle."""
    lon, lat = degrees(place)
    return {
        "id": f"14999_0010_{number:0>5}", "numero": number, "nom_voie": "Rue de la Fontaine", "code_postal": "14990",
        "code_insee": "14999", "nom_commune": "Modèle", "lon": f"{lon:.7f}", "lat": f"{lat:.7f}", **facts,
    }  # fmt: skip


def bal(number: object = 12, place: tuple[float, float] = (100, 1490), **facts: object) -> dict[str, object]:
    """A row of the commune's own base, of the same address."""
    lon, lat = degrees(place)
    return {
        "cle_interop": f"14999_0010_{number:0>5}", "commune_insee": "14999", "commune_nom": "Modèle",
        "voie_nom": "Rue de la Fontaine", "numero": number, "position": "entrée", "long": f"{lon:.7f}",
        "lat": f"{lat:.7f}", "date_der_maj": "2025-01-31", **facts,
    }  # fmt: skip


def written(
    path: Path, columns: list[str], rows: Iterable[Mapping[str, object]], *, encoding: str = "utf-8",
    separator: str = ";", zipped: bool = False,
) -> Path:  # fmt: skip
    with (gzip.open if zipped else open)(path, "wt", encoding=encoding, newline="") as target:  # type: ignore[operator]
        table = csv.DictWriter(target, columns, delimiter=separator, restval="")
        table.writeheader()
        table.writerows(rows)
    return path
