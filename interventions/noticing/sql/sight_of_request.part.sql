-- Whether a person may see a request: the rule of `visible_to` in interventions/requests/queries.py, for sets.
--   in   person    columns id, department_id, authority_id, scope, views, evaluates
--   in   request   columns author_id, department_id, issued_by_id, answers, issues (the authorities of both), state
--   in   under     each department (top) with itself and all below it (id)
--   out  one condition
-- A test holds it equal to `visible_to` over all roles and departments.
(person.views AND (
    person.scope = 4
    OR (request.author_id = person.id AND (person.scope > 0 OR person.department_id IS NOT NULL))
    OR (person.scope = 3 AND person.authority_id IN (request.answers, request.issues))
    OR (person.scope = 3 AND person.department_id IS NOT NULL AND person.evaluates
        AND request.state = 'to_sort' AND request.department_id IS NULL)
    OR (person.scope = 2 AND EXISTS (
        SELECT FROM under
        WHERE under.top = person.department_id AND under.id IN (request.department_id, request.issued_by_id)
    ))
))
