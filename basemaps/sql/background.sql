-- One vector tile of the background: a layer for each kind of landmark, and `label` for the names of areas.
--   in   z, x, y  int    the square of the Web Mercator grid
--   out  tile     bytea  a Mapbox Vector Tile, empty when nothing is there
-- Reads basemaps_landmark through landmark_geom_3857. Small things enter as the map comes closer.
WITH square AS (
    SELECT ST_TileEnvelope(%(z)s::int, %(x)s::int, %(y)s::int) AS tile,
           ST_TileEnvelope(%(z)s::int, %(x)s::int, %(y)s::int, margin => 64.0 / 4096) AS reach
),
cut AS (
    SELECT landmark.id AS feature_id, landmark.kind, landmark.name, landmark.rank,
           ST_AsMVTGeom(landmark.geom_3857, square.tile, 4096, 64) AS geom
    FROM basemaps_landmark AS landmark
    JOIN square ON landmark.geom_3857 && square.reach
    WHERE %(z)s::int >= CASE
        WHEN landmark.kind = 'stop' THEN 13
        WHEN landmark.kind = 'place' THEN 9 + landmark.rank
        WHEN landmark.kind = 'street' THEN 7 + 2 * landmark.rank
        ELSE 0
    END
    ORDER BY landmark.id
),
label AS (
    -- The whole area's point, so it stands in exactly one tile of each zoom.
    SELECT landmark.id AS feature_id, 'label' AS kind, landmark.name, landmark.kind AS of,
           ST_AsMVTGeom(ST_PointOnSurface(landmark.geom_3857), square.tile, 4096, 0) AS geom
    FROM basemaps_landmark AS landmark
    JOIN square ON landmark.geom_3857 && square.reach
    WHERE landmark.kind IN ('green', 'water')
      AND landmark.name <> ''
    ORDER BY landmark.id
),
drawn AS (
    SELECT kind, ST_AsMVT(cut, kind, 4096, 'geom', 'feature_id') AS tile
    FROM cut
    WHERE geom IS NOT NULL
    GROUP BY kind
    UNION ALL
    SELECT kind, ST_AsMVT(label, kind, 4096, 'geom', 'feature_id')
    FROM label
    WHERE geom IS NOT NULL
    GROUP BY kind
)
SELECT COALESCE(string_agg(tile, ''::bytea ORDER BY kind), '') AS tile
FROM drawn
