-- One vector tile of a layer version: its zones cut to the tile, and one point a zone for its name.
--   in   version_id  bigint   whose zones
--   in   name        text     the tile's layer of zones; the points are in `name` || '-names'
--   in   z, x, y     int      the square of the Web Mercator grid
--   out  tile        bytea    a Mapbox Vector Tile, empty when no zone meets the square
-- Reads layers_zone through zone_geom_3857. A zone reaches 64/4096 of a side over the edge, so that borders meet.
WITH square AS (
    SELECT ST_TileEnvelope(%(z)s::int, %(x)s::int, %(y)s::int) AS tile,
           ST_TileEnvelope(%(z)s::int, %(x)s::int, %(y)s::int, margin => 64.0 / 4096) AS reach
),
met AS (
    SELECT zone.id, zone.code, zone.name, zone.geom_3857, square.tile
    FROM layers_zone AS zone
    JOIN square ON zone.geom_3857 && square.reach
    WHERE zone.version_id = %(version_id)s::bigint
),
cut AS (
    SELECT id AS feature_id, id, code, name, ST_AsMVTGeom(geom_3857, tile, 4096, 64) AS geom
    FROM met
    ORDER BY id
),
named AS (
    -- The point is the whole zone's, so it stands in exactly one tile of each zoom.
    SELECT id AS feature_id, id, code, name, ST_AsMVTGeom(ST_PointOnSurface(geom_3857), tile, 4096, 0) AS geom
    FROM met
    ORDER BY id
)
SELECT COALESCE((SELECT ST_AsMVT(cut, %(name)s::text, 4096, 'geom', 'feature_id') FROM cut WHERE geom IS NOT NULL), '')
    || COALESCE((SELECT ST_AsMVT(named, %(name)s::text || '-names', 4096, 'geom', 'feature_id')
                 FROM named WHERE geom IS NOT NULL), '') AS tile
