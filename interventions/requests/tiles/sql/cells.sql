-- A tile of counts: a point a cell, in the middle of its requests.
--   in   counts  int[]     requests of each cell
--   in   xs, ys  float8[]  where it is drawn, from 0 to 4096 across the tile
--   in   states  text[]    the state they are all in; null when they differ
--   out  tile    bytea     a Mapbox Vector Tile with the layer `requests-cells`, empty without cells
-- Reads no table.
SELECT COALESCE(ST_AsMVT(cell, 'requests-cells', 4096, 'geom'), '') AS tile
FROM (
    SELECT count, state, ST_MakePoint(x, y) AS geom
    FROM unnest(%(counts)s::int[], %(xs)s::float8[], %(ys)s::float8[], %(states)s::text[]) AS cell (count, x, y, state)
) AS cell
