-- The part of a subject that lies inside a zone, 0 to 1, rounded so that equal halves tie. A part of the routing statements.
--   in   subject.geom, zone.geom
--   out  one expression; a line or an area that only touches a zone has none of itself in it: 0
round(CASE
    WHEN NOT ST_Intersects(zone.geom, subject.geom) THEN 0
    WHEN GeometryType(subject.geom) = 'POINT' THEN 1
    WHEN ST_Dimension(subject.geom) = 0
        THEN ST_NumGeometries(ST_Intersection(subject.geom, zone.geom))::float8 / ST_NumGeometries(subject.geom)
    WHEN ST_Dimension(subject.geom) = 1
        THEN ST_Length(ST_Intersection(subject.geom, zone.geom)) / ST_Length(subject.geom)
    ELSE ST_Area(ST_Intersection(subject.geom, zone.geom)) / ST_Area(subject.geom)
END::numeric, 6)::float8
