-- Who answers for a few subjects, each searched for by itself. A part of the routing statements.
--   in   subject   id, geom, category_id, reach_m
--   in   rules_of  date  the rules and layer versions of that day decide
--   out  answer: one row a subject: request_id, department_id, border_distance_m, digest of its reason
--        reason: as the part `ranking` gives it
-- Reads layers_zone through its GiST index.
-- include rules
,
place AS (
    SELECT subject.id AS subject_id, subject.category_id, subject.reach_m,
           zone.id AS zone_id, zone.code, zone.name, zone.area_m2, zone.version_id,
           ST_Distance(zone.geom, subject.geom) AS away_m,
           -- include share
           AS share,
           ST_Distance(ST_Boundary(zone.geom), subject.geom) AS border_m,
           ST_Intersects(zone.geom, subject.geom) AS met
    FROM subject
    JOIN layers_zone AS zone ON ST_DWithin(zone.geom, subject.geom, subject.reach_m)
    WHERE zone.version_id IN (SELECT version_id FROM rule)
),
-- include ranking
,
answer AS MATERIALIZED (
    SELECT subject.id AS request_id, reason.department_id, reason.border_m AS border_distance_m, reason.digest
    FROM subject
    LEFT JOIN traced ON traced.subject_id = subject.id
    JOIN reason ON reason.subject_id = COALESCE(traced.subject_id, -1)
)
