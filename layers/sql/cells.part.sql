-- Zones laid out in square cells: a point is looked up by the number of its cell, an equality, and inside a cell that one
-- zone holds with room to spare nothing needs to be measured. A part of the statements on thousands of points.
--   in   version  version_id of the versions to lay out
--   in   reach    most_m: how far around a point it matters what lies there; one row
--   out  zone  of those versions: id, code, name, area_m2, geom, border, version_id, cell_m
--        cell  id, version_id and geom of the zone, x, y (floor of a coordinate divided by cell_m), safe: all within reach of
--              the cell is in it, border: what of the zone's lies within reach of the cell, and little more
-- Cells are about five a side for a zone of ordinary size.
grid AS MATERIALIZED (
    SELECT version_id, sqrt(avg(ST_Area(ST_Envelope(geom)))) / 5 AS cell_m
    FROM layers_zone
    WHERE version_id IN (SELECT version_id FROM version)
    GROUP BY version_id
),
zone AS MATERIALIZED (
    SELECT zone.id, zone.code, zone.name, zone.area_m2, zone.geom, ST_Boundary(zone.geom) AS border, grid.*
    FROM layers_zone AS zone
    JOIN grid USING (version_id)
),
cell AS MATERIALIZED (
    SELECT zone.id, zone.version_id, zone.geom, x, y, ST_ContainsProperly(zone.geom, box.geom) AS safe,
           ST_ClipByBox2D(zone.border, ST_Expand(box.geom, 1)::box2d) AS border
    FROM reach, zone,
         generate_series(
             floor((ST_XMin(zone.geom) - most_m) / cell_m)::int, floor((ST_XMax(zone.geom) + most_m) / cell_m)::int
         ) AS x,
         generate_series(
             floor((ST_YMin(zone.geom) - most_m) / cell_m)::int, floor((ST_YMax(zone.geom) + most_m) / cell_m)::int
         ) AS y,
         LATERAL (
             SELECT ST_MakeEnvelope(
                 x * cell_m - most_m, y * cell_m - most_m, (x + 1) * cell_m + most_m, (y + 1) * cell_m + most_m,
                 ST_SRID(zone.geom)
             ) AS geom
         ) AS box
    WHERE ST_Intersects(zone.geom, box.geom)
)
