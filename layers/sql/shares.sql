-- How the zones of two versions lie on each other: one row for each code of one and code of the other that share ground.
--   in   before_id, after_id  bigint   the two versions
--   in   tolerance_m2         float8   smaller shared areas are left out
--   out  before, after        text     codes; zones of one code count together
--   out  shared_m2            float8   the area they share
-- Reads layers_zone by version and through its GiST index on geom. A zone that is the same to the last vertex on both
-- sides is not cut: its area is known.
WITH met AS MATERIALIZED (
    SELECT one.code AS before, other.code AS after, one.geom AS one, other.geom AS two, one.area_m2,
           one.geom = other.geom AND ST_OrderingEquals(one.geom, other.geom) AS same
    FROM layers_zone AS one
    JOIN layers_zone AS other ON other.geom && one.geom
    WHERE one.version_id = %(before_id)s::bigint
      AND other.version_id = %(after_id)s::bigint
),
cut AS (
    SELECT before, after,
           CASE WHEN same THEN area_m2
                WHEN ST_Intersects(one, two) THEN ST_Area(ST_Intersection(one, two))
                ELSE 0
           END AS shared_m2
    FROM met
)
SELECT before, after, sum(shared_m2) AS shared_m2
FROM cut
GROUP BY before, after
HAVING sum(shared_m2) > %(tolerance_m2)s::float8
ORDER BY before, after
