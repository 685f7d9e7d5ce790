-- What the zones of a version enclose without covering it, noted: one row a gap. A gap open to the outside is none.
-- Their outline is made for it, which costs most: the share of the territory they cover is noted with it.
--   in   version_id, kind, severity, tolerance_m2   see noted.part.sql
--   in   on_day   date   whose territory
--   out  rows of layers_finding; zones are the codes of those around it
--   out  layers_layerversion.covered_share: 0 to 1; NULL without a territory, and where the layer is the territory
-- Reads layers_zone by version, and through its GiST index on geom for the zones around ("+ 0" sees to that).
WITH covered AS MATERIALIZED (
    SELECT ST_Union(geom) AS geom
    FROM layers_zone
    WHERE version_id = %(version_id)s::bigint
),
-- include territory
noted_share AS (
    UPDATE layers_layerversion AS version
    SET covered_share =
        CASE WHEN NOT layer.territory
             THEN ST_Area(ST_Intersection(covered.geom, territory.geom)) / NULLIF(ST_Area(territory.geom), 0) END
    FROM layers_layer AS layer, covered, territory
    WHERE layer.id = version.layer_id AND version.id = %(version_id)s::bigint
),
hole AS (
    SELECT ST_MakePolygon(ST_ExteriorRing(ring.geom)) AS geom
    FROM covered
    CROSS JOIN LATERAL ST_Dump(covered.geom) AS part
    CROSS JOIN LATERAL ST_DumpRings(part.geom) AS ring
    WHERE ring.path[1] > 0
      AND ST_Area(ring.geom) > %(tolerance_m2)s::float8
),
gap AS MATERIALIZED (
    -- A zone may lie in the middle of a hole, as an island.
    SELECT ST_Difference(hole.geom, covered.geom) AS geom
    FROM hole
    CROSS JOIN covered
),
found AS (
    SELECT gap.geom, ARRAY(
               SELECT zone.code
               FROM layers_zone AS zone
               WHERE ST_DWithin(zone.geom, gap.geom, 0.001) AND zone.version_id + 0 = %(version_id)s::bigint
               ORDER BY zone.code
           )::text[] AS zones
    FROM gap
)
-- include noted
