-- Whether a person may see an intervention: the rule of `visible_to` in interventions/work/queries.py, for sets.
--   in   person   columns department_id, authority_id, scope, views, company
--   in   work     columns department_id, executed_by_id, orders, executes (the authorities of both), validated_at
--   in   under    each department (top) with itself and all below it (id)
--   out  one condition
-- A test holds it equal to `visible_to` over all roles and departments.
(person.scope = 4 OR CASE
    WHEN person.company THEN work.validated_at IS NOT NULL AND EXISTS (
        SELECT FROM under WHERE under.top = person.department_id AND under.id = work.executed_by_id
    )
    WHEN NOT person.views THEN false
    WHEN person.scope = 3 THEN person.authority_id IN (work.orders, work.executes)
    WHEN person.scope = 2 THEN EXISTS (
        SELECT FROM under
        WHERE under.top = person.department_id AND under.id IN (work.department_id, work.executed_by_id)
    )
    ELSE false
END)
