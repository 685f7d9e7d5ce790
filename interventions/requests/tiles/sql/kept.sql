-- A tile of counts from the cells alone: a point a cell, in the middle of its requests.
--   in   kinds        bigint[]  the kinds of requests that count
--   in   by_category  boolean   from the cells told apart by category, or from the others
--   in   level        int       of the cells
--   in   west, east, north, south  int  columns and rows of the cells, both ends included
--   in   by_state     boolean   whether cells tell the state that all of theirs are in
--   in   x, y         int       the tile …
--   in   side         int       … and its side, in spots
--   out  tile         bytea     a Mapbox Vector Tile with the layer `requests-cells`, empty without cells
-- Reads interventions_mapcell by its key, once a column. Not to be prepared: a list of kinds that is known when it is
-- planned is hashed.
SELECT COALESCE(ST_AsMVT(cell, 'requests-cells', 4096, 'geom'), '') AS tile
FROM (
    SELECT sum(cell.count)::int AS count,
           CASE WHEN %(by_state)s::boolean AND min(state) = max(state) THEN min(state) END AS state,
           -- The middle of a spot.
           ST_MakePoint(
               ((sum(sum_x)::float8 / sum(cell.count) + 0.5) / %(side)s::int - %(x)s::int) * 4096,
               ((sum(sum_y)::float8 / sum(cell.count) + 0.5) / %(side)s::int - %(y)s::int) * 4096
           ) AS geom
    FROM interventions_mapcell AS cell
    WHERE cell.by_category = %(by_category)s::boolean AND cell.level = %(level)s::int
      AND cell.x = ANY(ARRAY(SELECT generate_series(%(west)s::int, %(east)s::int)))
      AND cell.y BETWEEN %(north)s::int AND %(south)s::int
      -- Not by the index: it would be searched for each kind in each column.
      AND cell.kind_id + 0 = ANY(%(kinds)s::bigint[])
    GROUP BY cell.x, cell.y
) AS cell
