-- Where two zones of a version lie on each other, noted: one row a pair, with all the ground they share.
--   in   version_id, kind, severity, tolerance_m2   see noted.part.sql
--   out  rows of layers_finding; zones are the codes of the two, the one written first coming first
-- Reads layers_zone through its GiST index on geom: "+ 0" keeps the planner from scanning the version for each zone.
WITH found AS (
    SELECT ARRAY[one.code, shared.code]::text[] AS zones, shared.geom
    FROM layers_zone AS one
    CROSS JOIN LATERAL (
        SELECT other.code, ST_CollectionExtract(ST_Intersection(one.geom, other.geom), 3) AS geom
        FROM layers_zone AS other
        WHERE other.geom && one.geom
          AND other.version_id + 0 = one.version_id
          AND other.id + 0 > one.id
          AND NOT ST_Touches(one.geom, other.geom)
        OFFSET 0
    ) AS shared
    WHERE one.version_id = %(version_id)s::bigint
)
-- include noted
