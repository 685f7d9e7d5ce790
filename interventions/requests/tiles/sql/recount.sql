-- The cells of one level, counted from the requests.
--   in   level, spot_bits  int      of the grid
--   in   by_category       boolean  told apart by category too
--   out  nothing
-- Reads interventions_servicerequest whole; the kinds must be known (`kinds`).
INSERT INTO interventions_mapcell (by_category, level, x, y, kind_id, state, count, sum_x, sum_y)
SELECT kind.by_category, %(level)s::int, spot_x >> %(spot_bits)s::int - %(level)s::int,
       spot_y >> %(spot_bits)s::int - %(level)s::int, kind.id, kind.state, count(*), sum(spot_x), sum(spot_y)
FROM interventions_servicerequest AS request
JOIN interventions_mapkind AS kind ON kind.by_category = %(by_category)s::boolean AND kind.state = request.state
    AND COALESCE(kind.category_id, 0) = CASE WHEN %(by_category)s::boolean THEN request.category_id ELSE 0 END
    AND COALESCE(kind.department_id, 0) = COALESCE(request.department_id, 0)
    AND COALESCE(kind.issued_by_id, 0) = COALESCE(request.issued_by_id, 0)
    AND COALESCE(kind.author_id, 0) = COALESCE(request.author_id, 0)
GROUP BY 1, 2, 3, 4, 5, 6
ORDER BY 3, 4
