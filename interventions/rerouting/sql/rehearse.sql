-- What `reroute` would move. Writes nothing.
--   in   ids       bigint[]  requests to look at
--   in   rules_of  date      the rules and layer versions of that day decide
--   in   doubt_m   float     an answer nearer to another department than this is doubtful
--   out  one row for each pair of departments that differ (null: nobody): from_id, to_id, moved, at_work, by_person
WITH
-- include compared
SELECT from_id, department_id AS to_id, count(*) FILTER (WHERE NOT at_work AND NOT by_person) AS moved,
       count(*) FILTER (WHERE at_work) AS at_work, count(*) FILTER (WHERE by_person) AS by_person
FROM compared
WHERE differs
GROUP BY from_id, department_id
