-- The findings of a check written down: what goes before gives `found` (zones, geom).
--   in   version_id, kind, severity
--   in   tolerance_m2  float8   smaller ones are left out
--   out  rows of layers_finding, the largest first; width is the mean: twice the area by the perimeter,
--        NULL of whole zones that bear one code
INSERT INTO layers_finding (version_id, kind, severity, zones, geom, area_m2, width_m)
SELECT %(version_id)s::bigint, %(kind)s::text, %(severity)s::text, found.zones, found.geom, size.area_m2,
       CASE WHEN %(kind)s::text <> 'duplicate_code' THEN 2 * size.area_m2 / NULLIF(ST_Perimeter(found.geom), 0) END
FROM found
CROSS JOIN LATERAL (SELECT ST_Area(found.geom) AS area_m2) AS size
WHERE size.area_m2 > %(tolerance_m2)s::float8
ORDER BY size.area_m2 DESC, found.zones, ST_XMin(found.geom), ST_YMin(found.geom)
