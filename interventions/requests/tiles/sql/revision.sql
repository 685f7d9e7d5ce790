-- What stands for all changes of requests so far, folded or not: it differs as soon as one more is seen.
--   out  changes, numbers: how many, and the sum of their numbers; waiting: how many are not folded; one row
-- Reads interventions_mapchange whole: it holds what was not folded yet. Not its largest number: of two changes at once
-- the later may be seen first.
SELECT count(change.id) AS waiting, count(change.id) + COALESCE(max(folded.changes), 0) AS changes,
       COALESCE(sum(change.id), 0) + COALESCE(max(folded.numbers), 0) AS numbers
FROM (VALUES (1)) AS one (id)
LEFT JOIN interventions_mapfolded AS folded ON folded.id = one.id
LEFT JOIN interventions_mapchange AS change ON true
