-- Landmarks that answer to what somebody typed, best first.
--   in   texts      text[]  the readings of the text: as typed, and without what may be a house number
--   in   numbers    int[]   the house number of each reading, null where there is none
--   in   max_items  int     how many answers at most
--   out  kind, name, city, number, score (0-1), approximate, geom (EWKB, storage CRS), lon, lat
-- Reads basemaps_landmark through landmark_words (trigrams of the name and city, without case and accents).
-- Scored by likeness of the whole, by likeness of the best stretch, and by how many of the words begin one of its own.
-- A number outside the street's numbers is left out; without one a street answers with its middle.
WITH reading AS (
    SELECT basemaps_plain(given.text) AS words, given.number
    FROM unnest(%(texts)s::text[], %(numbers)s::int[]) AS given (text, number)
),
hit AS (
    -- The hundred likeliest by what the index knows: the rest is too dear to ask of every street of a county.
    SELECT landmark.id, reading.words, reading.number
    FROM reading
    JOIN basemaps_landmark AS landmark ON reading.words <%% landmark.words
    WHERE landmark.name <> ''
    ORDER BY word_similarity(reading.words, landmark.words) + similarity(reading.words, landmark.words) DESC, landmark.id
    LIMIT 100
),
scored AS (
    SELECT landmark.id, landmark.kind, landmark.name, landmark.city, landmark.rank, landmark.geom,
           landmark.numbers_from, landmark.numbers_to, hit.number,
           hit.number BETWEEN LEAST(landmark.numbers_from, landmark.numbers_to)
                          AND GREATEST(landmark.numbers_from, landmark.numbers_to) AS holds,
           0.35 * word_similarity(hit.words, landmark.words)
               + 0.35 * GREATEST(
                   similarity(hit.words, landmark.words),
                   similarity(hit.words, basemaps_plain(landmark.name))
               )
               + 0.3 * (
                   SELECT avg(CASE WHEN landmark.words ~ ('\m' || word) THEN 1 ELSE 0 END)
                   FROM regexp_split_to_table(hit.words, ' ') AS word
               )::float8 AS score
    FROM hit
    JOIN basemaps_landmark AS landmark ON landmark.id = hit.id
),
best AS (
    -- A street may be drawn in several pieces: the one that holds the number, then the longest, stands for it.
    SELECT DISTINCT ON (kind, name, city) scored.*
    FROM scored
    ORDER BY kind, name, city, score DESC, holds DESC NULLS LAST, ST_Length(geom) DESC, id
),
chosen AS (
    SELECT *
    FROM best
    ORDER BY score DESC, kind <> 'street', rank, name, city, id
    LIMIT %(max_items)s::int
),
placed AS (
    SELECT chosen.*, CASE ST_Dimension(chosen.geom)
               WHEN 0 THEN chosen.geom
               WHEN 1 THEN ST_LineInterpolatePoint(line.geom, CASE
                   WHEN holds THEN COALESCE(
                       (number - numbers_from)::float8 / NULLIF(numbers_to::int - numbers_from::int, 0), 0.5
                   )
                   ELSE 0.5
               END)
               ELSE ST_PointOnSurface(chosen.geom)
           END AS point
    FROM chosen
    LEFT JOIN LATERAL (
        SELECT part.geom
        FROM ST_Dump(ST_LineMerge(chosen.geom)) AS part
        WHERE ST_Dimension(part.geom) = 1
        ORDER BY ST_Length(part.geom) DESC
        LIMIT 1
    ) AS line ON true
)
SELECT kind, name, city, CASE WHEN holds THEN number END AS number, score, ST_Dimension(geom) > 0 AS approximate,
       ST_AsEWKB(point) AS geom, ST_X(ST_Transform(point, 4326)) AS lon, ST_Y(ST_Transform(point, 4326)) AS lat
FROM placed
ORDER BY score DESC, kind <> 'street', rank, name, city, id
