-- A tile of requests: a point each, and those that are lines or areas as they are too. Nothing of who asked.
--   in   ids      bigint[]     the requests to draw, whose bounds meet the tile
--   in   z, x, y  int          the square of the Web Mercator grid
--   in   spots    int          bits of the spots' grid: a request is a point of the tile its spot lies in, of no other
--   in   now      timestamptz  one still awaited and due before it is late …
--   in   awaited  text[]       … that is, in one of these states
--   out  tile     bytea        a Mapbox Vector Tile with the layers `requests` and `requests-shapes`
-- Reads interventions_servicerequest by its key. Shapes reach 64/4096 of a side over the edge, so that they meet.
WITH drawn AS (
    SELECT request.id, request.reference, request.state, category.name AS category,
           COALESCE(request.due_at < %(now)s::timestamptz AND request.state = ANY(%(awaited)s::text[]), false) AS late,
           request.spot_x, request.spot_y, request.geom_3857, ST_Dimension(request.geom_3857) AS dimension
    FROM interventions_servicerequest AS request
    JOIN interventions_category AS category ON category.id = request.category_id
    WHERE request.id = ANY(%(ids)s::bigint[])
),
point AS (
    SELECT id AS feature_id, id, reference, state, category, late,
           ST_AsMVTGeom(
               CASE dimension WHEN 0 THEN geom_3857 ELSE ST_PointOnSurface(geom_3857) END,
               ST_TileEnvelope(%(z)s::int, %(x)s::int, %(y)s::int), 4096, 0, false
           ) AS geom
    FROM drawn
    WHERE spot_x >> %(spots)s::int - %(z)s::int = %(x)s::int AND spot_y >> %(spots)s::int - %(z)s::int = %(y)s::int
),
shape AS (
    SELECT id AS feature_id, id, reference, state, category, late,
           ST_AsMVTGeom(geom_3857, ST_TileEnvelope(%(z)s::int, %(x)s::int, %(y)s::int), 4096, 64) AS geom
    FROM drawn
    WHERE dimension > 0
)
SELECT COALESCE((SELECT ST_AsMVT(point, 'requests', 4096, 'geom', 'feature_id') FROM point), '')
    || COALESCE((SELECT ST_AsMVT(shape, 'requests-shapes', 4096, 'geom', 'feature_id')
                 FROM shape WHERE geom IS NOT NULL), '') AS tile
