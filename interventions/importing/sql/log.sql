-- The staged rows as requests, each with its decision and its events.
--   in   srid      int          storage CRS, in which x and y are
--   in   rules_of  date         the rules and layer versions of that day decide
--   in   now       timestamptz  when it is done: decided_at, updated_at
--   in   doubt_m   float        an answer nearer to another department than this is doubtful
--   out  imported, to_sort: how many became requests, and how many of them no rule matches
-- Reads interventions_incoming, of which a transaction sees its own rows only. A key that is a request's already is
-- passed over. Events are written as they would have happened; nobody is told of them.
WITH subject AS MATERIALIZED (
    SELECT nextval((SELECT pg_get_serial_sequence('interventions_servicerequest', 'id')::regclass)) AS id, incoming.*,
           ST_SetSRID(ST_MakePoint(x, y), %(srid)s) AS geom, %(doubt_m)s::float8 AS reach_m, true AS is_point
    FROM interventions_incoming AS incoming
),
-- include interventions.routing/many
,
numbered AS MATERIALIZED (
    SELECT nextval((SELECT pg_get_serial_sequence('interventions_decision', 'id')::regclass)) AS decision_id, answer.*,
           CASE WHEN answer.department_id IS NULL THEN 'to_sort' ELSE 'to_evaluate' END AS first_state
    FROM answer
),
-- include interventions.routing/reasons
,
logged AS (
    INSERT INTO interventions_servicerequest (
        id, reference, key, tracking_token, state, nature, category_id, description, address, geom, place_source, channel,
        department_id, decision_id, submitted_at, updated_at, due_at, closed_at
    )
    SELECT subject.id, subject.reference, subject.key, replace(gen_random_uuid()::text, '-', ''),
           CASE WHEN subject.closed_at IS NULL THEN numbered.first_state ELSE 'closed' END,
           'incident', subject.category_id, subject.description, subject.address, subject.geom, '', 'import',
           numbered.department_id, numbered.decision_id, subject.submitted_at, %(now)s, subject.due_at, subject.closed_at
    FROM subject
    JOIN numbered ON numbered.request_id = subject.id
    ON CONFLICT (key) DO NOTHING
    RETURNING id, department_id
),
decided AS (
    INSERT INTO interventions_decision (id, request_id, decided_at, rules_of, reason_id, border_distance_m)
    SELECT decision_id, request_id, %(now)s, %(rules_of)s, digest, border_distance_m
    FROM numbered
    JOIN logged ON logged.id = numbered.request_id
),
recorded AS (
    INSERT INTO interventions_event (request_id, kind, move, at, from_state, to_state, text, public)
    SELECT happened.*
    FROM logged
    JOIN subject ON subject.id = logged.id
    JOIN numbered ON numbered.request_id = logged.id
    CROSS JOIN LATERAL (
        SELECT logged.id, 'submitted', '', subject.submitted_at, '', numbered.first_state, subject.origin, true
        UNION ALL
        SELECT logged.id, 'moved', 'close', subject.closed_at, numbered.first_state, 'closed', subject.origin, true
        WHERE subject.closed_at IS NOT NULL
    ) AS happened
)
SELECT count(*) AS imported, count(*) FILTER (WHERE department_id IS NULL) AS to_sort
FROM logged
