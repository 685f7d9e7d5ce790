-- Cells left with nothing, taken away.
--   in   by_categories boolean[], levels int[], xs int[], ys int[], kinds bigint[]  which: one of each together
--   out  nothing
-- Reads interventions_mapcell by its key.
DELETE FROM interventions_mapcell AS cell
USING unnest(%(by_categories)s::boolean[], %(levels)s::int[], %(xs)s::int[], %(ys)s::int[], %(kinds)s::bigint[])
    AS emptied (by_category, level, x, y, kind_id)
WHERE cell.by_category = emptied.by_category AND cell.level = emptied.level AND cell.x = emptied.x
  AND cell.y = emptied.y AND cell.kind_id = emptied.kind_id AND cell.count = 0
