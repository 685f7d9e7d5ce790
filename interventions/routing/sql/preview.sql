-- What `route` would answer for a request that is only being typed. Writes nothing, and opens nothing to write.
--   in   category_id  bigint      the category …
--   in   geom         ewkb        … the place, in the storage CRS …
--   in   accuracy_m   float|null  … and how exactly it is known
--   in   rules_of     date        the rules and layer versions of that day decide
--   in   doubt_m      float       an answer nearer to another department than this is doubtful
--   out  as `route`, in one row; request_id and decision_id are null
WITH subject AS MATERIALIZED (
    SELECT 0::bigint AS id, %(geom)s::geometry AS geom, %(category_id)s::bigint AS category_id,
           GREATEST(%(accuracy_m)s::float8, %(doubt_m)s::float8) AS reach_m
),
-- include one
SELECT NULL::bigint AS request_id, traced.department_id, traced.rule_id, traced.zone_id, traced.layer_version_id,
       traced.share, traced.border_m AS border_distance_m, COALESCE(traced.doubtful, false) AS doubtful,
       COALESCE(traced.trace, '{"candidates": []}')::json AS trace, NULL::bigint AS decision_id
FROM subject
LEFT JOIN traced ON traced.subject_id = subject.id
