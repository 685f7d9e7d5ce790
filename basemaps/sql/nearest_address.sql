-- The street nearest to a place, with the house number there.
--   in   geom      ewkb   the place, in the storage CRS; for a line or an area, the nearest point of it counts
--   in   within_m  float  no further than this
--   out  name, city, number (null when the street has none), away_m, geom (EWKB, storage CRS: on the street), lon, lat
-- No row when no named street is that near. Reads basemaps_landmark through its GiST index on geom.
WITH place AS (
    SELECT %(geom)s::geometry AS geom
),
street AS (
    SELECT landmark.name, landmark.city, landmark.numbers_from, landmark.numbers_to, landmark.geom, landmark.away_m
    FROM place
    JOIN LATERAL (
        SELECT landmark.*, ST_Distance(landmark.geom, place.geom) AS away_m
        FROM basemaps_landmark AS landmark
        WHERE landmark.kind = 'street'
          AND landmark.name <> ''
          AND ST_DWithin(landmark.geom, place.geom, %(within_m)s::float8)
        ORDER BY away_m, landmark.id
        LIMIT 1
    ) AS landmark ON true
),
foot AS (
    SELECT street.*, ST_ClosestPoint(part.geom, place.geom) AS point, part.geom AS line
    FROM street
    JOIN place ON true
    JOIN LATERAL ST_Dump(ST_LineMerge(street.geom)) AS part ON true
    ORDER BY ST_Distance(part.geom, place.geom)
    LIMIT 1
)
SELECT name, city, away_m,
       round(numbers_from + ST_LineLocatePoint(line, point) * (numbers_to::int - numbers_from::int))::int AS number,
       ST_AsEWKB(point) AS geom, ST_X(ST_Transform(point, 4326)) AS lon, ST_Y(ST_Transform(point, 4326)) AS lat
FROM foot
