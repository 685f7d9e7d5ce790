-- What address is at a place: the nearest numbered one within reach, else the nearest named street.
--   in   geom      ewkb   the place, in the storage CRS; for a line or an area, the nearest point of it counts
--   in   within_m  float  no further than this
--   out  name, city, old_city, citycode, postcode, schematic, number (null when the street has none), suffix,
--        approximate, away_m, geom (EWKB, storage CRS: the address, or the place on the street), lon, lat
-- No row when neither is that near. Reads basemaps_housenumber and basemaps_landmark through their GiST indexes on geom.
WITH place AS (
    SELECT %(geom)s::geometry AS geom
),
address AS (
    SELECT street.name, street.city, street.old_city, street.citycode, street.postcode,
           street.source = 'schematic' AS schematic, house.number::int AS number, house.suffix, false AS approximate,
           house.away_m, house.geom AS point
    FROM place
    JOIN LATERAL (
        SELECT house.*, ST_Distance(house.geom, place.geom) AS away_m
        FROM basemaps_housenumber AS house
        WHERE house.number > 0 AND ST_DWithin(house.geom, place.geom, %(within_m)s::float8)
        ORDER BY away_m, house.id
        LIMIT 1
    ) AS house ON true
    JOIN basemaps_street AS street ON street.id = house.street_id
),
street AS (
    SELECT landmark.name, landmark.city, landmark.schematic, landmark.numbers_from, landmark.numbers_to, landmark.geom,
           landmark.away_m
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
    WHERE NOT EXISTS (SELECT FROM address)
),
foot AS (
    SELECT street.*, ST_ClosestPoint(part.geom, place.geom) AS point, part.geom AS line
    FROM street
    JOIN place ON true
    JOIN LATERAL ST_Dump(ST_LineMerge(street.geom)) AS part ON true
    ORDER BY ST_Distance(part.geom, place.geom)
    LIMIT 1
),
found AS (
    SELECT * FROM address
    UNION ALL
    SELECT name, city, '', '', '', schematic,
           round(numbers_from + ST_LineLocatePoint(line, point) * (numbers_to::int - numbers_from::int))::int, '', true,
           away_m, point
    FROM foot
)
SELECT name, city, old_city, citycode, postcode, schematic, number, suffix, approximate, away_m,
       ST_AsEWKB(point) AS geom, ST_X(ST_Transform(point, 4326)) AS lon, ST_Y(ST_Transform(point, 4326)) AS lat
FROM found
