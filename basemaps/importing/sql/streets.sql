-- The streets and localities of the staged addresses, and their words: new ones added, changed ones updated.
--   in   source  text  where they come from
--   in   basemaps_incoming, of which a transaction sees its own rows only
--   out  nothing
-- One street for each commune, former commune and name, by the unique index street_known_as. What a row of a file does
-- not say (a postcode) is kept as another said it. A locality that addresses only lie in never renames a street.
WITH named AS (
    SELECT citycode, city, old_city, postcode, name, known_as, words, line, true AS is_street
    FROM basemaps_incoming
    UNION ALL
    SELECT citycode, city, old_city, postcode, locality, locality_known_as, locality_words, line, false
    FROM basemaps_incoming
    WHERE locality_known_as <> ''
),
street AS (
    SELECT DISTINCT ON (citycode, old_city, known_as) *
    FROM named
    ORDER BY citycode, old_city, known_as, is_street DESC, line
),
spelt AS (
    INSERT INTO basemaps_word (word)
    SELECT DISTINCT string_to_table(words, ' ')
    FROM street
    ON CONFLICT (word) DO NOTHING
)
INSERT INTO basemaps_street AS known (name, city, old_city, citycode, postcode, source, known_as, words)
SELECT name, city, old_city, citycode, postcode, %(source)s, known_as, words
FROM street
ORDER BY line
ON CONFLICT (citycode, old_city, known_as) DO UPDATE
SET name = CASE WHEN excluded.name = upper(excluded.name) THEN known.name ELSE excluded.name END,
    city = excluded.city,
    postcode = COALESCE(NULLIF(excluded.postcode, ''), known.postcode),
    source = excluded.source,
    words = excluded.words
WHERE (known.name, known.city, known.postcode, known.source, known.words)
      IS DISTINCT FROM (excluded.name, excluded.city, COALESCE(NULLIF(excluded.postcode, ''), known.postcode),
                        excluded.source, excluded.words)
