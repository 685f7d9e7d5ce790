"""What becomes of each file of `awkward/wild`: so many zones, or words of a refusal.

Where the file does not say its CRS (or cannot mean what it says), `crs` is what its owner answers; without it the
import asks. A file of several layers is named `file|layer`; by the file alone it asks which.
"""

from collections.abc import Sized
from dataclasses import dataclass


@dataclass(frozen=True)
class Fate:
    """`zones` taken and `lines` refused; `says` stands in the refusal of the file, or of its first line."""

    zones: int = 0
    lines: int = 0
    says: str = ""
    crs: str = ""


def takes(zones: int, lines: int = 0, *, crs: str = "") -> Fate:
    return Fate(zones=zones, lines=lines, crs=crs)


def refuses(says: str, lines: int = 0, *, crs: str = "") -> Fate:
    """The whole file, in a sentence; with `lines`, because each of them is refused for a reason of its own."""
    return Fate(says=says, lines=lines, crs=crs)


def row(name: str, zones: int, lines: Sized, said: str) -> str:
    """A file in the table that a run ends with."""
    return f"{name:<55} {zones:>5} {len(lines):>6}  {said[:110]}"


NO_LAYER = refuses("n’est pas d’un format connu. Donnez un GeoJSON, un GeoPackage (.gpkg) ou un Shapefile zippé")
NO_OUTLINES = refuses("n’a pas de colonne de tracés (WKT)")
NOT_GEOJSON = refuses("pas du GeoJSON : exportez la couche en GeoJSON")
POINT = "c’est un point, or une zone est un polygone"
LINE = "c’est une ligne, or une zone est un polygone"
COLLECTION = "c’est une collection sans polygone"
ILLEGIBLE = "sa géométrie est illisible (contour non fermé, coordonnées absentes ou fausses)"
NOTHING = "pas de géométrie"
GDB = "fiona/testopenfilegdb.gdb.zip"

WILD = {
    "fiona/LICENSE.txt": NO_OUTLINES,
    "fiona/coutwildrnp.zip": takes(67),
    "fiona/curves_line.csv": refuses(LINE, 9),
    "fiona/gre.cpg": takes(1),  # its .shp lies beside it
    "fiona/gre.dbf": takes(1),
    "fiona/gre.prj": takes(1),
    "fiona/gre.shp": takes(1),
    "fiona/gre.shx": takes(1),
    "fiona/issue627.geojson": takes(3),
    "fiona/multicurve.gfs": NO_LAYER,
    "fiona/multicurve.gml": refuses(LINE, 1),
    "fiona/test_gpx.gpx": NO_LAYER,
    "fiona/test_tz.geojson": refuses(POINT, 1),
    GDB: refuses("Le fichier contient 34 couches"),
    f"{GDB}|point": refuses(POINT, 5),
    f"{GDB}|multipoint": refuses(POINT, 5),
    f"{GDB}|linestring": refuses(LINE, 5),
    f"{GDB}|multilinestring": refuses(LINE, 5),
    f"{GDB}|multilinestring_multipart": refuses(LINE, 5),
    f"{GDB}|polygon": takes(5),
    f"{GDB}|multipolygon": takes(5),
    f"{GDB}|point25D": refuses(POINT, 5),
    f"{GDB}|multipoint25D": refuses(POINT, 5),
    f"{GDB}|linestring25D": refuses(LINE, 5),
    f"{GDB}|multilinestring25D": refuses(LINE, 5),
    f"{GDB}|multilinestring25D_multipart": refuses(LINE, 5),
    f"{GDB}|polygon25D": takes(5),
    f"{GDB}|multipolygon25D": takes(5),
    f"{GDB}|multipatch": refuses("sa géométrie est d’un type que nous ne lisons pas", 5),
    f"{GDB}|null_polygon": refuses(NOTHING, 5),
    f"{GDB}|empty_polygon": refuses(NOTHING, 5),
    f"{GDB}|empty_multipoint": refuses(NOTHING, 5),
    f"{GDB}|hole": refuses(NOTHING, 12),
    f"{GDB}|several_polygons": takes(9, crs="EPSG:4326"),
    f"{GDB}|testnotnullable": refuses("ne contient aucun objet"),
    f"{GDB}|pointm": refuses(POINT, 1),
    f"{GDB}|pointzm": refuses(POINT, 1),
    f"{GDB}|multipointm": refuses(POINT, 1),
    f"{GDB}|multipointzm": refuses(POINT, 1),
    f"{GDB}|linestringm": refuses(LINE, 1),
    f"{GDB}|linestringzm": refuses(LINE, 1),
    f"{GDB}|multilinestringm": refuses(LINE, 1),
    f"{GDB}|multilinestringzm": refuses(LINE, 1),
    f"{GDB}|polygonm": takes(1),
    f"{GDB}|polygonzm": takes(1),
    f"{GDB}|multipolygonm": takes(1),
    f"{GDB}|multipolygonzm": takes(1),
    f"{GDB}|empty_polygonm": refuses(NOTHING, 1),
    "geojsonhint/LICENSE": NO_LAYER,
    "geojsonhint/bad/bad-duplicate-properties.geojson": refuses(NOTHING, 1),
    "geojsonhint/bad/bad-featurelist.geojson": refuses(ILLEGIBLE, 1),
    "geojsonhint/bad/bad-json.geojson": refuses("n’est pas du JSON correct : voyez la ligne 3"),
    "geojsonhint/bad/bad-object-type.geojson": NOT_GEOJSON,
    "geojsonhint/bad/bad-polygon-interiorring-rhr.geojson": takes(1),
    "geojsonhint/bad/bad-polygonloop.geojson": refuses(ILLEGIBLE, 1),
    "geojsonhint/bad/bad-properties-as-array.geojson": refuses("ses propriétés ne sont pas un objet", 1),
    "geojsonhint/bad/badcoord.geojson": refuses(ILLEGIBLE, 1),
    "geojsonhint/bad/badcoordtype.geojson": refuses(ILLEGIBLE, 1),
    "geojsonhint/bad/badfeature.geojson": refuses("ce n’est pas un objet GeoJSON (Feature)", 1),
    "geojsonhint/bad/badfeatureid.geojson": refuses(POINT, 1),
    "geojsonhint/bad/bbox-4or6elements.geojson": refuses(POINT, 1),
    "geojsonhint/bad/bbox-contains-string.geojson": refuses(POINT, 1),
    "geojsonhint/bad/bbox-string.geojson": refuses(POINT, 1),
    "geojsonhint/bad/different-first-last.geojson": refuses(ILLEGIBLE, 1),
    "geojsonhint/bad/different-first-size.geojson": takes(1),
    "geojsonhint/bad/excessive_precision_truncated.geojson": refuses(LINE, 1),
    "geojsonhint/bad/expected_object.geojson": refuses("ses propriétés ne sont pas un objet", 1),
    "geojsonhint/bad/false.geojson": refuses(ILLEGIBLE, 1),
    "geojsonhint/bad/feature_changed_semantics.geojson": refuses(POINT, 1),
    "geojsonhint/bad/featurecollection-obj.geojson": NOT_GEOJSON,
    "geojsonhint/bad/featurecollection-type-case.geojson": takes(1, 2),
    "geojsonhint/bad/featurecollection.geojson": NOT_GEOJSON,
    "geojsonhint/bad/featurecollection_changed_semantics.geojson": takes(1, 2),
    "geojsonhint/bad/geometry_changed_semantics.geojson": refuses(POINT, 1),
    "geojsonhint/bad/geometrycollection_nested.geojson": refuses(COLLECTION, 1),
    "geojsonhint/bad/geometrycollection_single.geojson": refuses(COLLECTION, 1),
    "geojsonhint/bad/multiple_problems.geojson": refuses(ILLEGIBLE, 4),
    "geojsonhint/bad/multipoint-multidimension.geojson": refuses(ILLEGIBLE, 1),
    "geojsonhint/bad/multipoint-nondimension.geojson": refuses(ILLEGIBLE, 1),
    "geojsonhint/bad/nofeaturetype.geojson": refuses("ce n’est pas un objet GeoJSON (Feature)", 1),
    "geojsonhint/bad/notype.geojson": NOT_GEOJSON,
    "geojsonhint/bad/point-labeled-as-a-multipolygon.geojson": refuses(ILLEGIBLE, 1),
    "geojsonhint/bad/point-string.geojson": refuses(ILLEGIBLE, 1),
    "geojsonhint/bad/point-toofew.geojson": refuses(ILLEGIBLE, 1),
    "geojsonhint/bad/point-toomany.geojson": refuses(ILLEGIBLE, 1),
    "geojsonhint/bad/point.geojson": refuses(ILLEGIBLE, 1),
    "geojsonhint/bad/polygon_winding_order.geojson": takes(1),
    "geojsonhint/bad/rootstring.geojson": NO_LAYER,
    "geojsonhint/bad/short-line.geojson": refuses(ILLEGIBLE, 1),
    "geojsonhint/bad/short-linearring.geojson": refuses(ILLEGIBLE, 1),
    "geojsonhint/bad/short-multilinestring.geojson": refuses(ILLEGIBLE, 1),
    "geojsonhint/bad/stringcoord.geojson": refuses(ILLEGIBLE, 2),
    "geojsonhint/bad/unknowntype.geojson": NOT_GEOJSON,
    "geojsonhint/good/good-feature-with-id.geojson": refuses(POINT, 1),
    "geojsonhint/good/good-feature-with-string-id.geojson": refuses(POINT, 1),
    "geojsonhint/good/good-feature.geojson": refuses(POINT, 1),
    "geojsonhint/good/good-featurecollection-bbox.geojson": refuses(POINT, 2),
    "geojsonhint/good/good-featurecollection-bbox3d.geojson": refuses(POINT, 2),
    "geojsonhint/good/good-featurecollection-extensions.geojson": takes(1, 2),
    "geojsonhint/good/good-featurecollection.geojson": takes(1, 2),
    "geojsonhint/good/good-geometrycollection.geojson": refuses(COLLECTION, 1),
    "geojsonhint/good/good-linestring.geojson": refuses(LINE, 1),
    "geojsonhint/good/good-multilinestring.geojson": refuses(LINE, 1),
    "geojsonhint/good/good-multipoint.geojson": refuses(POINT, 1),
    "geojsonhint/good/good-point-3d.geojson": refuses(POINT, 1),
    "geojsonhint/good/good-point.geojson": refuses(POINT, 1),
    "geojsonhint/good/good-polygon.geojson": takes(1),
    "geojsonhint/good/issue82.geojson": takes(1, crs="EPSG:3857"),  # called degrees, and lies south of the pole
    "geojsonhint/good/multipolygon.geojson": takes(1),
    "geojsonhint/good/nullgeometry.geojson": refuses(NOTHING, 1),
    "geojsonhint/good/nullproperties.geojson": refuses(POINT, 1),
    "mbostock-shapefile/LICENSE.txt": NO_OUTLINES,
    "mbostock-shapefile/date-property.dbf": refuses(POINT, 3),
    "mbostock-shapefile/date-property.shp": refuses(POINT, 3),
    "mbostock-shapefile/empty.dbf": refuses("ne contient aucun objet"),
    "mbostock-shapefile/empty.shp": refuses("ne contient aucun objet"),
    "mbostock-shapefile/latin1-property.dbf": refuses(POINT, 1),
    "mbostock-shapefile/latin1-property.shp": refuses(POINT, 1),
    "mbostock-shapefile/mixed-properties.dbf": refuses(POINT, 3),
    "mbostock-shapefile/mixed-properties.shp": refuses(POINT, 3),
    "mbostock-shapefile/null.dbf": refuses(POINT, 9),
    "mbostock-shapefile/null.shp": refuses(POINT, 9),
    "mbostock-shapefile/polygonm.shp": takes(1, crs="EPSG:4326"),
    "mbostock-shapefile/polygons.dbf": takes(3, crs="EPSG:4326"),
    "mbostock-shapefile/polygons.shp": takes(3, crs="EPSG:4326"),
    "mbostock-shapefile/utf8-property.dbf": refuses(POINT, 1),
    "mbostock-shapefile/utf8-property.shp": refuses(POINT, 1),
    "pyogrio/README.md": NO_LAYER,
    "pyogrio/curve.gpkg": refuses(LINE, 1),
    "pyogrio/curvepolygon.gpkg": takes(1),
    "pyogrio/line_zm.gpkg": refuses(LINE, 1),
    "pyogrio/multisurface.gpkg": takes(1),
    "pyogrio/naturalearth_lowres/naturalearth_lowres.cpg": takes(177),
    "pyogrio/naturalearth_lowres/naturalearth_lowres.dbf": takes(177),
    "pyogrio/naturalearth_lowres/naturalearth_lowres.prj": takes(177),
    "pyogrio/naturalearth_lowres/naturalearth_lowres.shp": takes(177),
    "pyogrio/naturalearth_lowres/naturalearth_lowres.shx": takes(177),
    "pyogrio/sample.osm.pbf": NO_LAYER,
    "pyogrio/test_gpkg_nulls.gpkg": refuses(POINT, 4),
    "pyshp/LICENSE.TXT": NO_OUTLINES,
    "pyshp/REL.zip": takes(1),
    "pyshp/blockgroups_multishapefile.zip": refuses("2 couches : « blockgroups », « blockgroups2 »"),
    "pyshp/blockgroups_multishapefile.zip|blockgroups": takes(663, crs="EPSG:4326"),
    "pyshp/blockgroups_multishapefile.zip|blockgroups2": takes(663, crs="EPSG:4326"),
    "pyshp/corrupt_too_long.dbf": refuses(LINE, 10),
    "pyshp/corrupt_too_long.shp": refuses(LINE, 10),
    "pyshp/corrupt_too_long.shx": refuses(LINE, 10),
    "pyshp/empty_zipfile.zip": refuses("ne contient aucune couche (elle contient : .txt)"),
    "pyshp/latin1.dbf": takes(1, crs="EPSG:4326"),
    "pyshp/latin1.shp": takes(1, crs="EPSG:4326"),
}
