-- Categories in a caller's own words ("mon lampadère clignotte"), the likeliest first.
--   in   text   what was said or typed, the last word perhaps unfinished
--   in   limit  at most so many
--   in   today  categories and families retired by that day are left out
--   out  code, name, family, synonym (the saying that matched; null when it was the name or the description), score (0-1)
-- A word is heard in a saying when its French stem is there, or nearly so when the letters are close; the rarer it is in
-- the glossary, the more it weighs. A category is worth its best saying, and how much its sayings together speak of it.
-- No index: the glossary is read whole, about 10 ms for thirty categories of twelve sayings.
WITH saying AS MATERIALIZED (
    SELECT category.id AS category_id, said.kind, said.text, lower(unaccent(said.text)) AS plain,
           tsvector_to_array(to_tsvector('interventions_french', said.text)) AS stems
    FROM interventions_category AS category
    JOIN interventions_family AS family ON family.id = category.family_id
    CROSS JOIN LATERAL (
        SELECT 'name' AS kind, category.name AS text
        UNION ALL
        SELECT 'synonym', synonym FROM unnest(category.synonyms) AS synonym
        UNION ALL
        SELECT 'description', concat_ws(' ', family.name, category.description)
    ) AS said
    WHERE (category.retired_on IS NULL OR category.retired_on > %(today)s)
      AND (family.retired_on IS NULL OR family.retired_on > %(today)s)
),
word AS MATERIALIZED (
    -- Words without a stem say nothing: "la", "mon".
    SELECT DISTINCT ON (stem.stem) word.plain, stem.stem
    FROM regexp_split_to_table(lower(unaccent(%(text)s::text)), '[^a-z0-9]+') WITH ORDINALITY AS word(plain, place)
    CROSS JOIN LATERAL unnest(tsvector_to_array(to_tsvector('interventions_french', word.plain))) AS stem(stem)
    WHERE length(word.plain) > 1 AND word.place <= 40
    ORDER BY stem.stem, word.place
),
heard AS MATERIALIZED (
    SELECT stem, category_id, kind, text, plain, closeness
    FROM (
        SELECT word.stem, saying.category_id, saying.kind, saying.text, saying.plain,
               CASE
                   WHEN word.stem = ANY(saying.stems) THEN 1
                   WHEN saying.kind = 'description' THEN 0
                   ELSE 0.8 * strict_word_similarity(word.plain, saying.plain)
               END AS closeness
        FROM word
        CROSS JOIN saying
    ) AS pair
    WHERE closeness >= 0.3
),
weighed AS (
    SELECT stem,
           ln(1 + (SELECT count(DISTINCT category_id) FROM saying)::float8 / count(DISTINCT category_id))
               -- Words that open a call or say where: in sayings too, and never what it is about.
               * CASE WHEN stem = ANY(tsvector_to_array(to_tsvector('interventions_french',
                   'bonjour madame monsieur voilà appelle voudrais chez devant derrière près côté depuis encore toujours'
               ))) THEN 0.2 ELSE 1 END AS weight
    FROM heard
    GROUP BY stem
),
best AS (
    SELECT DISTINCT ON (heard.category_id) heard.category_id, heard.kind, heard.text,
           sum(weighed.weight * heard.closeness) * CASE heard.kind WHEN 'description' THEN 0.5 ELSE 1 END AS score,
           similarity(lower(unaccent(%(text)s::text)), heard.plain) AS likeness
    FROM heard
    JOIN weighed ON weighed.stem = heard.stem
    GROUP BY heard.category_id, heard.kind, heard.text, heard.plain
    ORDER BY heard.category_id, score DESC, likeness DESC, heard.text
),
together AS (
    -- A word in one saying out of twelve may be chance; in five it is what the category is about.
    SELECT spoken.category_id, sum(weighed.weight * spoken.closeness * spoken.sayings / (1 + spoken.sayings)) AS score
    FROM (
        SELECT category_id, stem, max(closeness) AS closeness, count(*)::float8 AS sayings
        FROM heard
        GROUP BY category_id, stem
    ) AS spoken
    JOIN weighed ON weighed.stem = spoken.stem
    GROUP BY spoken.category_id
),
scored AS (
    SELECT best.category_id, best.kind, best.text,
           0.5 * best.score / total.weight + 0.3 * together.score / total.weight + 0.2 * best.likeness AS score
    FROM best
    JOIN together ON together.category_id = best.category_id
    CROSS JOIN (SELECT sum(weight) AS weight FROM weighed) AS total
)
SELECT category.code, category.name, family.name AS family,
       CASE WHEN scored.kind = 'synonym' THEN scored.text END AS synonym,
       round(scored.score::numeric, 3)::float8 AS score
FROM scored
JOIN interventions_category AS category ON category.id = scored.category_id
JOIN interventions_family AS family ON family.id = category.family_id
WHERE scored.score >= 0.4 * (SELECT max(score) FROM scored)
ORDER BY scored.score DESC, category.name
LIMIT %(limit)s
