-- What `route_many` would answer if rules and versions stood otherwise; keeps the requests that would move.
--   in   ids            bigint[]          requests to replay …
--   in   least, most    bigint            … whose ids lie between these: a range of the key, read along the table
--   in   rules, versions  jsonb           rules and versions as they would stand
--   in   rules_of       date              the rules and layer versions of that day decide
--   in   doubt_m        float             an answer nearer to another department than this is doubtful
--   in   open           text[]            the states of an open request
--   in   since          timestamptz|null  the period begins there; null: there is none
--   in   simulation_id  bigint            whose moves they are
--   out  first, moved, decisions: the least id of the moves written (null: none), the ids of their requests, and those of
--        the decisions these have now; one row
-- Changes no request. Driven from the zones, as `route_many`; requests are read by their key.
WITH
-- include supposed
,
subject AS MATERIALIZED (
    SELECT request.id, request.geom, request.category_id, GREATEST(request.accuracy_m, %(doubt_m)s) AS reach_m,
           GeometryType(request.geom) = 'POINT' AS is_point, request.department_id, request.decision_id,
           request.state = ANY(%(open)s::text[]) AS is_open,
           COALESCE(request.submitted_at >= %(since)s::timestamptz, false) AS in_period
    FROM interventions_servicerequest AS request
    WHERE request.id = ANY(%(ids)s::bigint[]) AND request.id BETWEEN %(least)s::bigint AND %(most)s::bigint
),
-- include interventions.routing/many
,
written AS (
    INSERT INTO interventions_simulatedmove (
        simulation_id, request_id, from_department_id, to_department_id, zone_code, zone_name, rule_name, doubtful,
        border_distance_m, is_open, in_period, by_person, at_work, anyway
    )
    SELECT %(simulation_id)s::bigint, subject.id, subject.department_id, answer.department_id,
           COALESCE(zone.code, ''), COALESCE(zone.name, ''), COALESCE(supposed.name, ''), reason.doubtful,
           answer.border_distance_m, subject.is_open, subject.in_period, false, false, false
    FROM answer
    JOIN subject ON subject.id = answer.request_id
    JOIN (SELECT DISTINCT ON (digest) digest, zone_id, rule_id, doubtful FROM reason) AS reason USING (digest)
    LEFT JOIN zone ON zone.id = reason.zone_id
    LEFT JOIN interventions_routingrule AS supposed ON supposed.id = reason.rule_id
    WHERE answer.department_id IS DISTINCT FROM subject.department_id
    ORDER BY subject.id -- lists and files follow the moves' own ids
    RETURNING id, request_id
)
SELECT min(written.id) AS first, COALESCE(array_agg(subject.id), '{}') AS moved, array_agg(decision_id) AS decisions
FROM written
JOIN subject ON subject.id = written.request_id
