-- What answers to a typed text, best first: addresses and their streets, and the landmarks of the background.
--   in   words      text[]  the readings of the text, as basemaps/words.py compares them
--   in   told       text[]  of each the words that are not common, all when all are
--   in   queries    text[]  of each the same words for the index of words, as beginnings: "saint:* & pier:*"
--   in   numbers    int[]   of each the house number, null where there is none
--   in   suffixes   text[]  of each the repetition of that number, ""
--   in   common     text[]  words that many names share
--   in   postcode   text    typed beside them, ""
--   in   max_items  int     how many answers at most
--   out  kind, name, city, old_city, citycode, postcode, schematic, reading (from 1), number, suffix (null: as typed),
--        score (0-1), approximate, geom (EWKB, storage CRS), lon, lat
-- Streets come through street_tokens: by all words typed, or their beginnings; only where too few do by words that
-- resemble them (word_trigrams, word_shape). Landmarks come through landmark_words, numbers through address_of_street.
-- The score: how much of what was typed is found, and how much of the name was typed. A word counts by how near it is,
-- a common one little. A number that a street has raises it a little, a postcode that it has not lowers it.
WITH reading AS MATERIALIZED (
    SELECT given.*, row_number() OVER () AS reading
    FROM unnest(%(words)s::text[], %(told)s::text[], %(queries)s::text[], %(numbers)s::int[], %(suffixes)s::text[])
         AS given (words, told, query, number, suffix)
),
exact AS MATERIALIZED (
    SELECT reading.reading, street.id
    FROM reading
    CROSS JOIN LATERAL (
        SELECT id
        FROM basemaps_street
        WHERE tokens @@ reading.query::tsquery
        ORDER BY similarity(reading.words, known_as) DESC, id
        LIMIT 40
    ) AS street
),
meant AS MATERIALIZED (
    -- Each word typed as it may have been meant; what resembles no word of a street is not asked for.
    SELECT typed.word, string_agg('''' || near.word || ''':*', ' | ') AS query
    FROM (SELECT DISTINCT string_to_table(told, ' ') AS word FROM reading) AS typed
    CROSS JOIN LATERAL (
        SELECT known.word
        FROM basemaps_word AS known
        WHERE (known.word %% typed.word
               OR left(known.word, 1) = left(typed.word, 1)
                  AND length(known.word) BETWEEN length(typed.word) - 1 AND length(typed.word) + 2)
          AND basemaps_nearness(typed.word, known.word) > 0
        ORDER BY basemaps_nearness(typed.word, known.word) DESC, known.word
        LIMIT 8
    ) AS near
    WHERE (SELECT count(*) FROM exact) < 3
    GROUP BY typed.word
),
alike AS MATERIALIZED (
    SELECT reading.reading, street.id
    FROM (
        SELECT reading.reading, reading.words, string_agg('(' || meant.query || ')', ' & ' ORDER BY meant.word) AS query
        FROM reading
        JOIN meant ON meant.word = ANY (string_to_array(reading.told, ' '))
        GROUP BY reading.reading, reading.words
    ) AS reading
    CROSS JOIN LATERAL (
        SELECT id
        FROM basemaps_street
        WHERE tokens @@ reading.query::tsquery
        ORDER BY similarity(reading.words, known_as) DESC, id
        LIMIT 40
    ) AS street
),
hit AS (
    SELECT found.reading, 'street' AS kind, true AS numbered, street.id, street.name, street.city, street.old_city,
           street.citycode, street.postcode, street.source = 'schematic' AS schematic, 2 AS rank,
           street.known_as AS named, string_to_array(street.words, ' ') AS words,
           NULL::int AS numbers_from, NULL::int AS numbers_to, NULL::geometry AS geom
    FROM (SELECT reading, id FROM exact UNION SELECT reading, id FROM alike) AS found
    JOIN basemaps_street AS street ON street.id = found.id
    UNION ALL
    SELECT reading.reading, landmark.kind, false, landmark.id, landmark.name, landmark.city, '', '', '',
           landmark.schematic, landmark.rank, basemaps_plain(landmark.name), string_to_array(landmark.words, ' '),
           landmark.numbers_from, landmark.numbers_to, landmark.geom
    FROM reading
    CROSS JOIN LATERAL (
        SELECT landmark.*
        FROM basemaps_landmark AS landmark
        WHERE (reading.told <%% landmark.words OR reading.words <%% landmark.words) AND landmark.name <> ''
        ORDER BY word_similarity(reading.told, landmark.words) + similarity(reading.words, landmark.words) DESC, id
        LIMIT 40
    ) AS landmark
),
alikeness AS (
    SELECT hit.*, reading.number, reading.suffix AS typed_suffix, found.share AS found,
           0.7 * found.share + 0.3 * said.share
               + CASE WHEN %(postcode)s::text = '' OR hit.postcode = '' THEN 0
                      WHEN hit.postcode = %(postcode)s::text THEN 0.02
                      ELSE -0.1 END AS score
    FROM hit
    JOIN reading ON reading.reading = hit.reading
    CROSS JOIN LATERAL (
        -- Of what was typed, how much is there.
        SELECT sum(weight * near) / sum(weight) AS share
        FROM (
            SELECT CASE WHEN typed.word = ANY (%(common)s::text[]) THEN 0.25 ELSE 1 END AS weight,
                   (SELECT max(basemaps_nearness(typed.word, own)) FROM unnest(hit.words) AS own) AS near
            FROM string_to_table(reading.words, ' ') AS typed (word)
        ) AS each
    ) AS found
    CROSS JOIN LATERAL (
        -- Of the name, how much was typed.
        SELECT sum(weight * near) / sum(weight) AS share
        FROM (
            SELECT CASE WHEN own.word = ANY (%(common)s::text[]) THEN 0.05 ELSE 1 END AS weight,
                   (SELECT max(basemaps_nearness(typed, own.word)) FROM string_to_table(reading.words, ' ') AS typed)
                       AS near
            FROM string_to_table(hit.named, ' ') AS own (word)
        ) AS each
    ) AS said
),
likely AS (
    SELECT *
    FROM alikeness
    WHERE found > 0.5
    ORDER BY score DESC, reading, numbered DESC, rank, id
    LIMIT 60
),
held AS (
    SELECT likely.*, exact.number IS NOT NULL AS exactly, exact.suffix, exact.geom AS exact_geom,
           CASE WHEN likely.numbered THEN exact.number IS NOT NULL
                ELSE likely.number BETWEEN LEAST(numbers_from, numbers_to) AND GREATEST(numbers_from, numbers_to)
           END AS holds,
           starts_with(exact.suffix, typed_suffix)
               OR exact.suffix <> '' AND starts_with(typed_suffix, exact.suffix) AS as_typed
    FROM likely
    LEFT JOIN LATERAL (
        SELECT house.number, house.suffix, house.geom
        FROM basemaps_housenumber AS house
        WHERE likely.numbered AND house.street_id = likely.id AND house.number = likely.number
        ORDER BY house.suffix <> likely.typed_suffix, left(house.suffix, 1) <> left(likely.typed_suffix, 1), house.suffix
        LIMIT 1
    ) AS exact ON true
),
best AS (
    -- A street may be drawn in several pieces: the one that holds the number, then the longest, stands for it; what has
    -- addresses stands for what is drawn.
    SELECT DISTINCT ON (kind, named, basemaps_plain(city), old_city)
           held.*, score + CASE WHEN holds THEN 0.03 ELSE 0 END AS worth
    FROM held
    ORDER BY kind, named, basemaps_plain(city), old_city, numbered DESC, score + CASE WHEN holds THEN 0.03 ELSE 0 END DESC,
             ST_Length(geom) DESC, id
),
chosen AS (
    SELECT *
    FROM best
    ORDER BY worth DESC, kind <> 'street', rank, name, city, id
    LIMIT %(max_items)s::int
),
placed AS (
    SELECT chosen.*, holds OR between_two.geom IS NOT NULL AS has_number,
           COALESCE(exact_geom, between_two.geom, middle.geom, drawn.geom) AS point,
           CASE WHEN exactly AND as_typed THEN false
                ELSE NOT COALESCE(middle.is_place, drawn.is_point, false) END AS approximate,
           COALESCE(middle.is_place, false) AND NOT EXISTS (
               SELECT FROM basemaps_housenumber AS house WHERE house.street_id = chosen.id AND house.number > 0
           ) AS is_locality
    FROM chosen
    LEFT JOIN LATERAL (
        -- A number that nobody gave lies between its neighbours, those of its own side if there are any.
        SELECT ST_LineInterpolatePoint(
                   ST_MakeLine(below.geom, above.geom),
                   (chosen.number - below.number)::float8 / (above.number - below.number)
               ) AS geom
        FROM basemaps_housenumber AS below
        JOIN basemaps_housenumber AS above ON above.street_id = below.street_id
        WHERE chosen.numbered AND NOT chosen.exactly AND below.street_id = chosen.id
          AND below.number > 0 AND below.number < chosen.number AND above.number > chosen.number
        ORDER BY (below.number + above.number) %% 2 + (above.number + chosen.number) %% 2,
                 above.number - below.number, below.number, below.suffix, above.suffix
        LIMIT 1
    ) AS between_two ON true
    LEFT JOIN LATERAL (
        -- A street as a whole is where it was said to be, else at its most central number.
        SELECT house.geom, house.number = 0 AS is_place
        FROM basemaps_housenumber AS house
        WHERE chosen.numbered AND NOT chosen.exactly AND between_two.geom IS NULL AND house.street_id = chosen.id
        ORDER BY house.number <> 0,
                 ST_Distance(house.geom, (
                     SELECT ST_Centroid(ST_Collect(each.geom))
                     FROM basemaps_housenumber AS each
                     WHERE each.street_id = chosen.id
                 )), house.number, house.suffix
        LIMIT 1
    ) AS middle ON true
    LEFT JOIN LATERAL (
        SELECT CASE ST_Dimension(chosen.geom)
                   WHEN 0 THEN chosen.geom
                   WHEN 1 THEN ST_LineInterpolatePoint(line.geom, CASE
                       WHEN holds THEN COALESCE(
                           (chosen.number - numbers_from)::float8 / NULLIF(numbers_to - numbers_from, 0), 0.5
                       )
                       ELSE 0.5
                   END)
                   ELSE ST_PointOnSurface(chosen.geom)
               END AS geom,
               ST_Dimension(chosen.geom) = 0 AS is_point
        FROM (SELECT 1) AS once
        LEFT JOIN LATERAL (
            SELECT part.geom
            FROM ST_Dump(ST_LineMerge(chosen.geom)) AS part
            WHERE ST_Dimension(part.geom) = 1
            ORDER BY ST_Length(part.geom) DESC
            LIMIT 1
        ) AS line ON true
        WHERE NOT chosen.numbered
    ) AS drawn ON true
)
SELECT CASE WHEN is_locality THEN 'place' ELSE kind END AS kind, name, city, old_city, citycode, postcode, schematic,
       reading, CASE WHEN has_number THEN number END AS number, CASE WHEN exactly AND as_typed THEN suffix END AS suffix,
       LEAST(worth, 1) AS score, approximate, ST_AsEWKB(point) AS geom,
       ST_X(ST_Transform(point, 4326)) AS lon, ST_Y(ST_Transform(point, 4326)) AS lat
FROM placed
WHERE point IS NOT NULL
ORDER BY worth DESC, kind <> 'street', rank, name, city, id
