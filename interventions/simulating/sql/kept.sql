-- Marks the moves that re-routing would not make: of requests whose department a person chose, or whose work has begun.
--   in   ids            bigint[]  requests that would move …
--   in   least, most    bigint    … whose ids lie between these …
--   in   decisions      bigint[]  … and their decisions
--   in   first          bigint    their moves have this id or a larger one
--   in   simulation_id  bigint    whose moves they are
--   out  nothing
-- Requests and decisions are read by their keys, moves by simulation_id and id.
WITH request AS MATERIALIZED (
    SELECT id, state, decision_id
    FROM interventions_servicerequest
    WHERE id = ANY(%(ids)s::bigint[]) AND id BETWEEN %(least)s::bigint AND %(most)s::bigint
),
chosen AS MATERIALIZED (
    SELECT id FROM interventions_decision WHERE id = ANY(%(decisions)s::bigint[]) AND decided_by_id IS NOT NULL
),
kept AS MATERIALIZED (
    SELECT request.id, chosen.id IS NOT NULL AS by_person
    FROM request
    LEFT JOIN chosen ON chosen.id = request.decision_id
    WHERE chosen.id IS NOT NULL OR
          -- include interventions.rerouting/at_work
)
UPDATE interventions_simulatedmove AS move
SET by_person = kept.by_person, at_work = NOT kept.by_person
FROM kept
WHERE move.request_id = kept.id AND move.simulation_id = %(simulation_id)s::bigint AND move.id >= %(first)s::bigint
