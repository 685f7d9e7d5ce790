-- Every kind of requests there is, with and without its category.
--   out  nothing
-- Reads interventions_servicerequest whole; a kind that is known is passed over.
INSERT INTO interventions_mapkind (by_category, category_id, department_id, issued_by_id, author_id, state)
SELECT DISTINCT by_category, CASE WHEN by_category THEN category_id END, department_id, issued_by_id, author_id, state
FROM interventions_servicerequest
CROSS JOIN (VALUES (false), (true)) AS sort (by_category)
ON CONFLICT DO NOTHING
