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
SELECT NULL::bigint AS request_id, reason.department_id, reason.rule_id, reason.zone_id, reason.layer_version_id, reason.share,
       answer.border_distance_m, reason.doubtful, reason.trace::json, NULL::bigint AS decision_id
FROM answer
JOIN reason USING (digest)
LIMIT 1
