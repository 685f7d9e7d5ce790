-- Who answers for stored requests by the rules of a day, beside who answers now. A part of the statements that re-route.
--   in   ids       bigint[]  requests to look at; one that was never routed (a suggestion) is passed over
--   in   rules_of  date      the rules and layer versions of that day decide
--   in   doubt_m   float     an answer nearer to another department than this is doubtful
--   out  reason    as the part `many` of routing gives it
--        compared  one row a request: request_id, department_id, border_distance_m, digest (the answer), from_id, state,
--                  former (digest of its present reason), differs: another department; and then by_person, at_work: it
--                  stays all the same, since a person chose its department or work has begun
-- Driven from the zones; requests and decisions are read by their keys.
subject AS MATERIALIZED (
    SELECT request.id, request.geom, request.category_id, GREATEST(request.accuracy_m, %(doubt_m)s) AS reach_m,
           GeometryType(request.geom) = 'POINT' AS is_point
    FROM interventions_servicerequest AS request
    WHERE request.id = ANY(%(ids)s::bigint[]) AND request.decision_id IS NOT NULL
),
-- include interventions.routing/many
,
compared AS MATERIALIZED (
    SELECT beside.*, differs AND decided_by_id IS NOT NULL AS by_person,
           CASE WHEN differs AND decided_by_id IS NULL THEN
               -- include at_work
           ELSE false END AS at_work
    FROM (
        SELECT answer.*, request.id, request.state, request.department_id AS from_id, decision.reason_id AS former,
               decision.decided_by_id, answer.department_id IS DISTINCT FROM request.department_id AS differs
        FROM answer
        JOIN interventions_servicerequest AS request ON request.id = answer.request_id
        JOIN interventions_decision AS decision ON decision.id = request.decision_id
    ) AS beside
    CROSS JOIN LATERAL (SELECT beside.id, beside.state) AS request
)
