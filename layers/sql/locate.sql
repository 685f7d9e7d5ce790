-- Which zone of a version holds each of many points. The border counts as inside; in an overlap the smaller zone, then
-- the older one, as in routing.
--   in   version_id  bigint
--   in   srid        int       storage CRS, in which the points are
--   in   xs, ys      float8[]  the points
--   out  number (of the point, counted from 1), zone_id: one row for each point that a zone holds, in their order
-- Driven from the zones: each is read once, however many points there are.
WITH version AS (
    SELECT %(version_id)s::bigint AS version_id
),
reach AS MATERIALIZED (
    SELECT 1 AS most_m -- more than rounding moves a point
),
-- include cells
,
extent AS MATERIALIZED (
    SELECT min(ST_XMin(geom)) AS west, min(ST_YMin(geom)) AS south, max(ST_XMax(geom)) AS east, max(ST_YMax(geom)) AS north,
           min(cell_m) AS cell_m
    FROM zone
),
spot AS MATERIALIZED (
    SELECT number, ST_SetSRID(ST_MakePoint(given.x, given.y), %(srid)s::int) AS geom,
           floor(given.x / cell_m)::int AS x, floor(given.y / cell_m)::int AS y
    FROM unnest(%(xs)s::float8[], %(ys)s::float8[]) WITH ORDINALITY AS given (x, y, number), extent
    WHERE given.x BETWEEN west AND east AND given.y BETWEEN south AND north
)
SELECT DISTINCT ON (spot.number) spot.number, cell.id AS zone_id
FROM cell
JOIN spot ON spot.x = cell.x AND spot.y = cell.y
WHERE cell.safe OR ST_Intersects(cell.geom, spot.geom)
ORDER BY spot.number, cell.area_m2, cell.id
