-- Decides stored requests again, moves those that another department must answer, and records each move.
--   in   ids           bigint[]     requests to look at, locked by this transaction
--   in   rules_of      date         the rules and layer versions of that day decide
--   in   now           timestamptz  written as decided_at, at
--   in   doubt_m       float        an answer nearer to another department than this is doubtful
--   in   rerouting_id  bigint       the pass, kept with each event
--   in   cause         text         what the event says of it, before the two departments …
--   in   nobody        text         … and what it says where nobody answers
--   out  one row for each pair of departments that differ (null: nobody): from_id, to_id, moved, at_work, by_person
-- A new decision is written for what moves, and where only the reason has changed (the zone is one of a later version);
-- otherwise the present one is still true and stays. A request that nobody works on yet is evaluated by its new
-- department; where none answers, it is to sort.
WITH
-- include compared
,
numbered AS MATERIALIZED (
    SELECT nextval((SELECT pg_get_serial_sequence('interventions_decision', 'id')::regclass)) AS decision_id, fresh.*,
           CASE WHEN differs AND state IN ('to_sort', 'to_evaluate', 'accepted', 'watched')
                THEN CASE WHEN department_id IS NULL THEN 'to_sort' ELSE 'to_evaluate' END
                ELSE state END AS next_state
    FROM (
        SELECT * FROM compared
        WHERE decided_by_id IS NULL AND NOT at_work AND (differs OR digest <> former)
        ORDER BY request_id
    ) AS fresh
),
-- include interventions.routing/reasons
,
decided AS (
    INSERT INTO interventions_decision (id, request_id, decided_at, rules_of, reason_id, border_distance_m)
    SELECT decision_id, request_id, %(now)s::timestamptz, %(rules_of)s::date, digest, border_distance_m
    FROM numbered
),
pointed AS (
    UPDATE interventions_servicerequest AS request
    SET decision_id = numbered.decision_id, department_id = numbered.department_id, state = next_state,
        updated_at = %(now)s::timestamptz
    FROM numbered
    WHERE request.id = numbered.request_id
),
recorded AS (
    INSERT INTO interventions_event (request_id, kind, move, at, from_state, to_state, text, public, rerouting_id)
    SELECT numbered.request_id, 'rerouted', '', %(now)s::timestamptz, numbered.state, next_state,
           concat(COALESCE(before.name, %(nobody)s::text), ' → ', COALESCE(after.name, %(nobody)s::text), ' ',
                  %(cause)s::text),
           false, %(rerouting_id)s::bigint
    FROM numbered
    LEFT JOIN gisplatform_department AS before ON before.id = numbered.from_id
    LEFT JOIN gisplatform_department AS after ON after.id = numbered.department_id
    WHERE differs
    ORDER BY request_id
)
SELECT from_id, department_id AS to_id, count(*) FILTER (WHERE NOT at_work AND NOT by_person) AS moved,
       count(*) FILTER (WHERE at_work) AS at_work, count(*) FILTER (WHERE by_person) AS by_person
FROM compared
WHERE differs
GROUP BY from_id, department_id
