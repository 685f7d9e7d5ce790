-- Department answering for each subject: stored requests, or one that is only being typed. The border counts as inside.
-- For a few; `route_many` answers the same for thousands.
--   in   ids          bigint[]     requests to decide; empty for a preview
--   in   category_id  bigint|null  preview: the category …
--   in   geom         ewkb|null    … the place, in the storage CRS …
--   in   accuracy_m   float|null   … and how exactly it is known
--   in   rules_of     date         the rules and layer versions of that day decide
--   in   now          timestamptz  written as decided_at
--   in   doubt_m      float        an answer nearer to another department than this is doubtful
--   out  request_id (null for a preview), department_id, rule_id, zone_id, layer_version_id, share, border_distance_m,
--        doubtful, trace (json), decision_id (null for a preview). One row a subject; department_id is null when no rule matches.
-- Writes one decision a stored request and makes it the request's current one; a preview writes nothing.
-- Reads layers_zone through its GiST index.
WITH subject AS MATERIALIZED (
    -- The preview is number 0: no stored request is.
    SELECT request.id, request.geom, request.category_id, GREATEST(request.accuracy_m, %(doubt_m)s::float8) AS reach_m
    FROM interventions_servicerequest AS request
    WHERE request.id = ANY(%(ids)s::bigint[])
    UNION ALL
    SELECT 0, %(geom)s::geometry, category.id, GREATEST(%(accuracy_m)s::float8, %(doubt_m)s::float8)
    FROM interventions_category AS category
    WHERE category.id = %(category_id)s::bigint
),
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
    SELECT NULLIF(subject.id, 0) AS request_id, reason.department_id, reason.border_m AS border_distance_m, reason.digest
    FROM subject
    LEFT JOIN traced ON traced.subject_id = subject.id
    JOIN reason ON reason.subject_id = COALESCE(traced.subject_id, -1)
),
-- include writing
SELECT answer.request_id, reason.department_id, reason.rule_id, reason.zone_id, reason.layer_version_id, reason.share,
       answer.border_distance_m, reason.doubtful, reason.trace::json, numbered.decision_id
FROM answer
JOIN reason USING (digest)
LEFT JOIN numbered ON numbered.request_id = answer.request_id
ORDER BY answer.request_id
