-- What happened after a position in the stream (gisplatform/live/position.py), with what says whom it concerns.
--   in   seen    text    a snapshot: what it shows was told
--   in   within  text    another, or null: of what it shows, that up to number `upto` was told
--   in   upto    bigint
--   in   until   text    a snapshot, or null: only what it shows
--   in   most    int     at most so many
--   out  now (the snapshot this was read by), and of each event: id, kind, move, at, to_state, told (the requester's page
--        shows it), reference, state, request_id, duplicate_of_id, author_id, department_id, issued_by_id;
--        was_state and was_departments (null among them: nobody's) of one that gave the request to others; work (its intervention's reference) and
--        works (JSON: the request's interventions as [reference, state, department, executed by, validated])
--   One row without id when nothing happened.
--   index  event_written
WITH happened AS MATERIALIZED (
    SELECT event.*
    FROM interventions_event AS event
    WHERE event.written_in >= pg_snapshot_xmin(%(seen)s::pg_snapshot)
      AND NOT pg_visible_in_snapshot(event.written_in, %(seen)s::pg_snapshot)
      AND (%(until)s::pg_snapshot IS NULL OR pg_visible_in_snapshot(event.written_in, %(until)s::pg_snapshot))
      AND (%(within)s::pg_snapshot IS NULL OR event.id > %(upto)s::bigint
           OR NOT pg_visible_in_snapshot(event.written_in, %(within)s::pg_snapshot))
    LIMIT %(most)s::int
)
SELECT pg_current_snapshot()::text AS now, event.id, event.kind, event.move, event.at, event.to_state,
       event.public OR event.kind IN ('added', 'shown', 'hidden') AS told,
       request.reference, request.state, request.id AS request_id, request.duplicate_of_id, request.author_id,
       request.department_id, request.issued_by_id, event.from_state AS was_state, former.departments AS was_departments,
       work.reference AS work, works.listed AS works
FROM (SELECT) AS always
LEFT JOIN happened AS event ON true
LEFT JOIN interventions_servicerequest AS request ON request.id = event.request_id
LEFT JOIN interventions_intervention AS work ON work.id = event.intervention_id
LEFT JOIN LATERAL (
    -- Whose it was just before: other decisions may have followed, which are events of their own. Those of one instant
    -- are not told apart.
    SELECT array_agg(DISTINCT reason.department_id) AS departments
    FROM interventions_decision AS decision
    LEFT JOIN interventions_reason AS reason ON reason.digest = decision.reason_id
    WHERE decision.request_id = request.id AND decision.id < request.decision_id
      AND (event.move = 'redirect' OR event.kind = 'rerouted')
      AND decision.decided_at <= event.at
      AND decision.decided_at >= COALESCE(
          (SELECT max(earlier.decided_at) FROM interventions_decision AS earlier
           WHERE earlier.request_id = request.id AND earlier.decided_at < event.at),
          event.at
      )
) AS former ON true
LEFT JOIN LATERAL (
    SELECT json_agg(json_build_array(
               each.reference, each.state, each.department_id, each.executed_by_id, each.validated_at IS NOT NULL
           ) ORDER BY each.id) AS listed
    FROM interventions_intervention AS each
    WHERE each.id = event.intervention_id
       OR each.id IN (
           SELECT link.intervention_id FROM interventions_intervention_requests AS link
           WHERE link.servicerequest_id = event.request_id
       )
) AS works ON true
ORDER BY event.id
