-- Department answering for each subject: stored requests, or one that is only being typed. The border counts as inside.
--   in   ids          bigint[]     requests to decide; empty for a preview
--   in   category_id  bigint|null  preview: the category …
--   in   geom         ewkb|null    … the place, in the storage CRS …
--   in   accuracy_m   float|null   … and how exactly it is known
--   in   rules_of     date         the rules and layer versions of that day decide
--   in   now          timestamptz  written as decided_at
--   in   doubt_m      float        an answer nearer to another department than this is doubtful
--   out  request_id (null for a preview), department_id, rule_id, zone_id, layer_version_id, share, border_distance_m,
--        doubtful, trace, decision_id (null for a preview). One row a subject; department_id is null when no rule matches.
-- Writes one decision a stored request and makes it the request's current one; a preview writes nothing.
-- Reads layers_zone and interventions_servicerequest through their GiST indexes.
-- The order of the answers is written once, in "ranked" (docs/adr/0003).
WITH subject AS NOT MATERIALIZED (
    -- The preview is number 0: no stored request is.
    SELECT request.id, request.geom, request.category_id, category.family_id,
           GREATEST(request.accuracy_m, %(doubt_m)s) AS reach_m
    FROM interventions_servicerequest AS request
    JOIN interventions_category AS category ON category.id = request.category_id
    WHERE request.id = ANY(%(ids)s::bigint[])
    UNION ALL
    SELECT 0, %(geom)s::geometry, category.id, category.family_id, GREATEST(%(accuracy_m)s::float8, %(doubt_m)s)
    FROM interventions_category AS category
    WHERE category.id = %(category_id)s::bigint
),
rule AS (
    SELECT rule.*, version.id AS version_id
    FROM interventions_routingrule AS rule
    JOIN layers_layerversion AS version ON version.layer_id = rule.layer_id
    WHERE rule.valid_from <= %(rules_of)s
      AND (rule.valid_to IS NULL OR rule.valid_to > %(rules_of)s)
      AND version.status IN ('published', 'superseded')
      AND version.valid_from <= %(rules_of)s
      AND (version.valid_to IS NULL OR version.valid_to > %(rules_of)s)
),
met AS (
    -- Zones that hold a part of the subject. A line or an area that only touches a zone is not in it.
    SELECT subject.id AS subject_id, subject.category_id, subject.family_id,
           zone.id AS zone_id, zone.code, zone.area_m2, zone.version_id, 0::float8 AS away_m,
           round(CASE
               WHEN GeometryType(subject.geom) = 'POINT' THEN 1
               WHEN ST_Dimension(subject.geom) = 0
                   THEN ST_NumGeometries(ST_Intersection(subject.geom, zone.geom))::float8 / ST_NumGeometries(subject.geom)
               WHEN ST_Dimension(subject.geom) = 1
                   THEN ST_Length(ST_Intersection(subject.geom, zone.geom)) / ST_Length(subject.geom)
               ELSE ST_Area(ST_Intersection(subject.geom, zone.geom)) / ST_Area(subject.geom)
           END::numeric, 6)::float8 AS share
    FROM layers_zone AS zone
    JOIN subject ON ST_Intersects(zone.geom, subject.geom)
    WHERE zone.version_id IN (SELECT version_id FROM rule)
),
beyond AS (
    -- Zones within reach that do not hold it: what the answer would be a few steps further.
    SELECT subject.id AS subject_id, subject.category_id, subject.family_id,
           zone.id AS zone_id, zone.code, zone.area_m2, zone.version_id,
           ST_Distance(zone.geom, subject.geom) AS away_m, 0::float8 AS share
    FROM subject
    JOIN layers_zone AS zone ON ST_DWithin(zone.geom, subject.geom, subject.reach_m)
    WHERE zone.version_id IN (SELECT version_id FROM rule)
      AND NOT ST_Intersects(zone.geom, subject.geom)
),
ranked AS (
    SELECT place.subject_id, place.away_m, place.share, place.away_m > 0 AS outside,
           place.zone_id, place.area_m2, rule.id AS rule_id, rule.priority, rule.department_id, rule.version_id,
           rule.category_id IS NULL AS by_family, rule.zone_codes = '{}' AS everywhere,
           row_number() OVER (
               PARTITION BY place.subject_id
               ORDER BY place.away_m > 0, rule.priority, rule.category_id IS NULL, place.share DESC, place.away_m,
                        place.area_m2, place.zone_id, rule.zone_codes = '{}', rule.id
           ) AS rank
    FROM (SELECT * FROM met WHERE share > 0 UNION ALL SELECT * FROM beyond) AS place
    JOIN rule ON rule.version_id = place.version_id
        AND (rule.category_id = place.category_id OR rule.family_id = place.family_id)
        AND (rule.zone_codes = '{}' OR place.code = ANY(rule.zone_codes))
),
winner AS (
    SELECT ranked.*, ST_Distance(ST_Boundary(zone.geom), subject.geom) AS border_distance_m, subject.reach_m
    FROM ranked
    JOIN subject ON subject.id = ranked.subject_id
    JOIN layers_zone AS zone ON zone.id = ranked.zone_id
    WHERE ranked.rank = 1 AND NOT ranked.outside
),
told AS (
    SELECT ranked.subject_id, ranked.rank,
           -- Would a few steps change the answer? Either a better rule lies within reach, or its own zone ends there.
           ranked.rank > 1 AND ranked.department_id <> winner.department_id AND (
               (ranked.outside AND (ranked.priority, ranked.by_family) < (winner.priority, winner.by_family))
               OR (winner.border_distance_m <= winner.reach_m AND ranked.zone_id <> winner.zone_id
                   AND ((ranked.outside AND (ranked.priority, ranked.by_family) = (winner.priority, winner.by_family))
                        OR NOT ranked.outside))
           ) AS rival,
           CASE
               WHEN ranked.rank = 1 AND NOT ranked.outside THEN 'chosen'
               WHEN ranked.outside THEN 'outside'
               WHEN ranked.priority <> winner.priority THEN 'priority'
               WHEN ranked.by_family <> winner.by_family THEN 'family'
               WHEN ranked.share <> winner.share THEN 'share'
               WHEN ranked.area_m2 <> winner.area_m2 THEN 'area'
               WHEN ranked.zone_id <> winner.zone_id THEN 'zone'
               WHEN ranked.everywhere <> winner.everywhere THEN 'everywhere'
               ELSE 'rule'
           END AS reason,
           jsonb_build_object(
               'department', jsonb_build_object('code', department.code, 'name', department.name),
               'authority', jsonb_build_object('code', authority.code, 'name', authority.name),
               'rule', jsonb_build_object('code', rule.code, 'name', rule.name, 'priority', rule.priority),
               'layer', jsonb_build_object('code', layer.code, 'name', layer.name, 'version', version.number),
               'zone', jsonb_build_object('code', zone.code, 'name', zone.name),
               'share', ranked.share,
               'away_m', round(ranked.away_m::numeric, 1)
           ) AS facts
    FROM ranked
    LEFT JOIN winner ON winner.subject_id = ranked.subject_id
    JOIN rule ON rule.id = ranked.rule_id AND rule.version_id = ranked.version_id
    JOIN layers_zone AS zone ON zone.id = ranked.zone_id
    JOIN layers_layerversion AS version ON version.id = ranked.version_id
    JOIN layers_layer AS layer ON layer.id = version.layer_id
    JOIN gisplatform_department AS department ON department.id = ranked.department_id
    JOIN gisplatform_authority AS authority ON authority.id = department.authority_id
    WHERE ranked.rank <= 12
),
traced AS (
    SELECT subject_id, bool_or(rival) AS doubtful,
           jsonb_agg(facts || jsonb_build_object('reason', reason, 'rival', COALESCE(rival, false)) ORDER BY rank) AS candidates
    FROM told
    GROUP BY subject_id
),
answer AS (
    SELECT NULLIF(subject.id, 0) AS request_id, winner.department_id, winner.rule_id, winner.zone_id,
           winner.version_id AS layer_version_id, winner.share, winner.border_distance_m,
           COALESCE(traced.doubtful, false) AS doubtful,
           jsonb_build_object('candidates', COALESCE(traced.candidates, '[]'::jsonb)) AS trace
    FROM subject
    LEFT JOIN winner ON winner.subject_id = subject.id
    LEFT JOIN traced ON traced.subject_id = subject.id
),
written AS (
    INSERT INTO interventions_decision (
        request_id, decided_at, rules_of, department_id, rule_id, zone_id, layer_version_id, share,
        border_distance_m, doubtful, trace
    )
    SELECT request_id, %(now)s, %(rules_of)s, department_id, rule_id, zone_id, layer_version_id, share,
           border_distance_m, doubtful, trace
    FROM answer
    WHERE request_id IS NOT NULL
    RETURNING id, request_id, department_id
),
pointed AS (
    UPDATE interventions_servicerequest AS request
    SET decision_id = written.id, department_id = written.department_id, updated_at = %(now)s,
        state = CASE WHEN request.state IN ('to_sort', 'to_evaluate')
                     THEN CASE WHEN written.department_id IS NULL THEN 'to_sort' ELSE 'to_evaluate' END
                     ELSE request.state END
    FROM written
    WHERE request.id = written.request_id
    RETURNING request.id
)
SELECT answer.*, written.id AS decision_id
FROM answer
LEFT JOIN written ON written.request_id = answer.request_id
ORDER BY answer.request_id
