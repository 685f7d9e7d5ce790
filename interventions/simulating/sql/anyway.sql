-- Marks the moves that deciding again would make just so, without the change.
--   in   ids            bigint[]  requests that would move …
--   in   least, most    bigint    … whose ids lie between these
--   in   first          bigint    their moves have this id or a larger one
--   in   simulation_id  bigint    whose moves they are
--   in   rules, versions  jsonb   rules and versions as they stand
--   in   rules_of, doubt_m        as in `replay`
--   out  nothing
-- Requests are read by their key, moves by simulation_id and id.
WITH
-- include supposed
,
subject AS MATERIALIZED (
    SELECT request.id, request.geom, request.category_id, GREATEST(request.accuracy_m, %(doubt_m)s) AS reach_m,
           GeometryType(request.geom) = 'POINT' AS is_point
    FROM interventions_servicerequest AS request
    WHERE request.id = ANY(%(ids)s::bigint[]) AND request.id BETWEEN %(least)s::bigint AND %(most)s::bigint
),
-- include interventions.routing/many
UPDATE interventions_simulatedmove AS move
SET anyway = true
FROM answer
WHERE move.request_id = answer.request_id AND move.simulation_id = %(simulation_id)s::bigint AND move.id >= %(first)s::bigint
  AND move.to_department_id IS NOT DISTINCT FROM answer.department_id
