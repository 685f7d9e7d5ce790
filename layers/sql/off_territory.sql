-- What of a version's zones lies outside the territory in force on a day, noted: one row a zone, none without one.
--   in   version_id, kind, severity, tolerance_m2   see noted.part.sql
--   in   on_day   date   whose territory
--   out  rows of layers_finding; zones is the code of the zone, geom all of it that lies outside
-- Reads layers_zone by version: that of the layer and those of the territory.
WITH
-- include territory
found AS (
    SELECT ARRAY[zone.code]::text[] AS zones,
           ST_CollectionExtract(ST_Difference(zone.geom, territory.geom), 3) AS geom
    FROM territory
    JOIN layers_zone AS zone ON zone.version_id = %(version_id)s::bigint AND NOT ST_Covers(territory.geom, zone.geom)
    WHERE territory.geom IS NOT NULL
)
-- include noted
