-- Marks the moves that re-routing would not make: of requests whose department a person chose, or whose work has begun.
--   in   simulation_id  bigint  whose moves they are
--   out  nothing
-- Reads moves by simulation_id, requests, decisions and interventions by their keys.
UPDATE interventions_simulatedmove AS move
SET by_person = kept.by_person, at_work = NOT kept.by_person
FROM (
    SELECT move.id, decision.decided_by_id IS NOT NULL AS by_person
    FROM interventions_simulatedmove AS move
    JOIN interventions_servicerequest AS request ON request.id = move.request_id
    JOIN interventions_decision AS decision ON decision.id = request.decision_id
    WHERE move.simulation_id = %(simulation_id)s::bigint
      AND (decision.decided_by_id IS NOT NULL OR
           -- include interventions.rerouting/at_work
      )
) AS kept
WHERE move.id = kept.id
