-- Notes of the triggers brought into the cells they count in, and taken away.
--   in   at_most  int  notes of one turn, the oldest first
--   in   coarsest, finest, by_category_up_to, spot_bits  int  the levels of the grid
--   out  folded: how many; levels, xs, ys, kinds, by_categories: the cells left with nothing, as arrays
-- Reads interventions_mapchange and interventions_mapcell by their keys. For one session at a time.
WITH taken AS (
    DELETE FROM interventions_mapchange
    WHERE id IN (SELECT id FROM interventions_mapchange ORDER BY id LIMIT %(at_most)s::int)
    RETURNING *
),
change AS (
    SELECT by_category, CASE WHEN by_category THEN category_id END AS category_id, department_id, issued_by_id,
           author_id, state, spot_x, spot_y, count
    FROM taken
    CROSS JOIN (VALUES (false), (true)) AS sort (by_category)
    WHERE count <> 0
),
alike AS MATERIALIZED (
    SELECT DISTINCT by_category, category_id, department_id, issued_by_id, author_id, state FROM change
),
known AS MATERIALIZED (
    -- A null is no value to join by.
    SELECT kind.*
    FROM interventions_mapkind AS kind
    JOIN alike ON alike.by_category = kind.by_category AND alike.state = kind.state
        AND COALESCE(alike.category_id, 0) = COALESCE(kind.category_id, 0)
        AND COALESCE(alike.department_id, 0) = COALESCE(kind.department_id, 0)
        AND COALESCE(alike.issued_by_id, 0) = COALESCE(kind.issued_by_id, 0)
        AND COALESCE(alike.author_id, 0) = COALESCE(kind.author_id, 0)
),
made AS (
    INSERT INTO interventions_mapkind (by_category, category_id, department_id, issued_by_id, author_id, state)
    SELECT by_category, category_id, department_id, issued_by_id, author_id, state FROM alike
    EXCEPT
    SELECT by_category, category_id, department_id, issued_by_id, author_id, state FROM known
    RETURNING *
),
kind AS (
    SELECT id, by_category, category_id, department_id, issued_by_id, author_id, state FROM known
    UNION ALL
    SELECT id, by_category, category_id, department_id, issued_by_id, author_id, state FROM made
),
counted AS (
    SELECT change.by_category, kind.id AS kind_id, kind.state, spot_x, spot_y, change.count
    FROM change
    JOIN kind ON kind.by_category = change.by_category AND kind.state = change.state
        AND COALESCE(kind.category_id, 0) = COALESCE(change.category_id, 0)
        AND COALESCE(kind.department_id, 0) = COALESCE(change.department_id, 0)
        AND COALESCE(kind.issued_by_id, 0) = COALESCE(change.issued_by_id, 0)
        AND COALESCE(kind.author_id, 0) = COALESCE(change.author_id, 0)
),
written AS (
    INSERT INTO interventions_mapcell AS cell (by_category, level, x, y, kind_id, state, count, sum_x, sum_y)
    SELECT by_category, level, spot_x >> %(spot_bits)s::int - level, spot_y >> %(spot_bits)s::int - level, kind_id,
           state, sum(count), sum(count * spot_x::bigint), sum(count * spot_y::bigint)
    FROM counted
    CROSS JOIN generate_series(%(coarsest)s::int, %(finest)s::int) AS level
    WHERE NOT by_category OR level <= %(by_category_up_to)s::int
    GROUP BY 1, 2, 3, 4, 5, 6
    HAVING sum(count) <> 0 OR sum(count * spot_x::bigint) <> 0 OR sum(count * spot_y::bigint) <> 0
    ON CONFLICT (by_category, level, x, y, kind_id) DO UPDATE
    SET count = cell.count + EXCLUDED.count, sum_x = cell.sum_x + EXCLUDED.sum_x, sum_y = cell.sum_y + EXCLUDED.sum_y
    RETURNING by_category, level, x, y, kind_id, count
),
emptied AS (
    SELECT * FROM written WHERE count = 0
),
tally AS (
    INSERT INTO interventions_mapfolded AS folded (id, changes, numbers)
    SELECT 1, count(*), COALESCE(sum(id), 0) FROM taken
    ON CONFLICT (id) DO UPDATE
    SET changes = folded.changes + EXCLUDED.changes, numbers = folded.numbers + EXCLUDED.numbers
)
SELECT (SELECT count(*) FROM taken) AS folded, COALESCE(array_agg(by_category), '{}') AS by_categories,
       COALESCE(array_agg(level), '{}') AS levels, COALESCE(array_agg(x), '{}') AS xs,
       COALESCE(array_agg(y), '{}') AS ys, COALESCE(array_agg(kind_id), '{}') AS kinds
FROM emptied
