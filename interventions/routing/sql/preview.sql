-- What `route` would answer for a request that is only being typed. Writes nothing, and opens nothing to write.
--   in   category_id  bigint      the category …
--   in   family_id    bigint      … its family …
--   in   geom         ewkb        … the place, in the storage CRS …
--   in   accuracy_m   float|null  … and how exactly it is known
--   in   rules_of     date        the rules and layer versions of that day decide
--   in   doubt_m      float       an answer nearer to another department than this is doubtful
--   out  one row as those of `route`; request_id and decision_id are null
WITH subject AS (
    SELECT 0::bigint AS id, %(geom)s::geometry AS geom, %(category_id)s::bigint AS category_id,
           %(family_id)s::bigint AS family_id, GREATEST(%(accuracy_m)s::float8, %(doubt_m)s::float8) AS reach_m
),
-- include one
SELECT NULL::bigint AS request_id, NULL::bigint AS decision_id, traced.department_id, traced.rule_id, traced.zone_id,
       traced.layer_version_id, traced.share, traced.border_m AS border_distance_m,
       COALESCE(traced.doubtful, false) AS doubtful, COALESCE(traced.trace, '{"candidates": []}') AS trace
FROM (SELECT) AS always
LEFT JOIN traced ON true
