-- What is typed above a list, as lexemes to look for and as the people it may name.
--   in   stems    text[]  each word for to_tsquery, with its operators; told by its French stem
--   in   letters  text[]  what to look for beside that as it is written, "" for nothing
--   in   people   text[]  each word as it may stand in who asked; "" not to look there
--   in   most     int     so many people at most are told for a word
--   out  place, query (text of a tsquery), person (without accents or capitals), people (ids; null when there are none)
-- A row for each word, in their order, but none for words that say nothing ("de la"). In the words of a request its
-- category is a colon and a number: categories that bear the word, or whose family does, are added to its query.
-- Reads the glossary whole, requesters through requester_person, no request.
WITH typed AS MATERIALIZED (
    SELECT place, lower(unaccent(person)) AS person, to_tsquery('interventions_french', stem) AS stem,
           to_tsquery('interventions_french', stem) || to_tsquery('simple', unaccent(letters)) AS query
    FROM unnest(%(stems)s::text[], %(letters)s::text[], %(people)s::text[])
         WITH ORDINALITY AS term (stem, letters, person, place)
),
category AS MATERIALIZED (
    SELECT category.id, interventions_words('', '', concat_ws(' ', category.name, family.name), category.id) AS words
    FROM interventions_category AS category
    JOIN interventions_family AS family ON family.id = category.family_id
)
SELECT typed.place, (typed.query || COALESCE(bearing.query, ''))::text AS query, typed.person, named.people
FROM typed
CROSS JOIN LATERAL (
    SELECT string_agg(quote_literal(':' || category.id), ' | ')::tsquery AS query
    FROM category
    WHERE category.words @@ typed.query
) AS bearing
CROSS JOIN LATERAL (
    SELECT array_agg(found.id) AS people
    FROM (
        SELECT requester.id
        FROM interventions_requester AS requester
        WHERE typed.person <> ''
          AND requester.person LIKE '%%' || regexp_replace(typed.person, '([\\%%_])', '\\\1', 'g') || '%%'
        LIMIT %(most)s
    ) AS found
) AS named
WHERE numnode(typed.stem) > 0
ORDER BY typed.place
