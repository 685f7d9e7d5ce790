-- One decision a stored request, made its current one. A part of the routing statements.
--   in   answer  one row a subject: request_id (null for a preview), department_id, rule_id, zone_id, layer_version_id …
--   out  written: id (of the decision), request_id, department_id
written AS (
    INSERT INTO interventions_decision (
        request_id, decided_at, rules_of, department_id, rule_id, zone_id, layer_version_id, share,
        border_distance_m, doubtful, trace
    )
    SELECT request_id, %(now)s::timestamptz, %(rules_of)s::date, department_id, rule_id, zone_id, layer_version_id, share,
           border_distance_m, doubtful, trace
    FROM answer
    WHERE request_id IS NOT NULL
    RETURNING id, request_id, department_id
),
pointed AS (
    UPDATE interventions_servicerequest AS request
    SET decision_id = written.id, department_id = written.department_id, updated_at = %(now)s::timestamptz,
        state = CASE WHEN request.state IN ('to_sort', 'to_evaluate')
                     THEN CASE WHEN written.department_id IS NULL THEN 'to_sort' ELSE 'to_evaluate' END
                     ELSE request.state END
    FROM written
    WHERE request.id = written.request_id
    RETURNING request.id
)
