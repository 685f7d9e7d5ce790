-- Whether somebody has taken a request in hand, so that it stays where it is. A part of the statements that re-route.
--   in   request
--   out  one condition: work is planned, begun or done, or an intervention ordered for it is still to be done
(request.state IN ('planned', 'in_progress', 'done') OR EXISTS (
    SELECT FROM interventions_intervention_requests AS served
    JOIN interventions_intervention AS intervention ON intervention.id = served.intervention_id
    WHERE served.servicerequest_id = request.id AND intervention.state IN ('to_validate', 'to_do', 'in_progress')
))
