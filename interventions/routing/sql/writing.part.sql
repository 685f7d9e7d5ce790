-- One decision a stored request, made its current one. A part of the routing statements.
--   in   answer  one row a subject: request_id, department_id, border_distance_m, digest
--   in   reason  what they share: digest, department_id, rule_id, zone_id, layer_version_id, share, doubtful, trace
--   out  numbered: answer of each stored request, decision_id
numbered AS MATERIALIZED (
    SELECT nextval((SELECT pg_get_serial_sequence('interventions_decision', 'id')::regclass)) AS decision_id, answer.*
    FROM answer
),
-- include reasons
,
decided AS (
    INSERT INTO interventions_decision (id, request_id, decided_at, rules_of, reason_id, border_distance_m)
    SELECT decision_id, request_id, %(now)s::timestamptz, %(rules_of)s::date, digest, border_distance_m
    FROM numbered
),
pointed AS (
    UPDATE interventions_servicerequest AS request
    SET decision_id = numbered.decision_id, department_id = numbered.department_id,
        updated_at = %(now)s::timestamptz,
        state = CASE WHEN request.state IN ('to_sort', 'to_evaluate')
                     THEN CASE WHEN numbered.department_id IS NULL THEN 'to_sort' ELSE 'to_evaluate' END
                     ELSE request.state END
    FROM numbered
    WHERE request.id = numbered.request_id
)
