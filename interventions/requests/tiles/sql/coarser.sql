-- The cells of the next coarser level, four in one.
--   in   level        int      the level to read
--   in   by_category  boolean  those told apart by category, or the others
--   out  nothing
-- Reads interventions_mapcell by its key.
INSERT INTO interventions_mapcell (by_category, level, x, y, kind_id, state, count, sum_x, sum_y)
SELECT by_category, level - 1, x >> 1, y >> 1, kind_id, state, sum(count), sum(sum_x), sum(sum_y)
FROM interventions_mapcell
WHERE level = %(level)s::int AND by_category = %(by_category)s::boolean
GROUP BY 1, 2, 3, 4, 5, 6
ORDER BY 3, 4
