-- Who answers for thousands of subjects. A part of the routing statements, driven from the zones.
--   in   subject   id, geom, category_id, reach_m, is_point
--   in   rules_of  date  the rules and layer versions of that day decide
--   out  answer: one row a subject: request_id, department_id, border_distance_m, digest of its reason
--        reason: what requests in the same situation share, as the part `digests` gives it
-- A request is looked up by its cell of each version; only where a border is near is each request measured.
-- Requests of one category in the same zones have one answer: it is worked out once.
-- include rules
,
version AS (
    SELECT DISTINCT version_id FROM rule
),
reach AS MATERIALIZED (
    SELECT max(reach_m) AS most_m FROM subject WHERE is_point
),
-- include layers/cells
,
spot AS MATERIALIZED (
    -- Which cell of each version a request lies in.
    SELECT subject.id, subject.geom, subject.category_id, subject.reach_m, grid.version_id,
           floor(ST_X(geom) / cell_m)::int AS x, floor(ST_Y(geom) / cell_m)::int AS y
    FROM subject, grid
    WHERE is_point
),
near AS MATERIALIZED (
    -- OFFSET keeps what is measured from being measured again for each mention.
    SELECT *, NOT (met AND border_m > reach_m) AS edge
    FROM (
        SELECT spot.id, spot.category_id, spot.reach_m, cell.id AS zone_id,
               cell.safe OR ST_Intersects(cell.geom, spot.geom) AS met,
               COALESCE(ST_Distance(cell.border, spot.geom), 'infinity') AS border_m,
               1::float8 AS share
        FROM cell
        JOIN spot ON spot.version_id = cell.version_id AND spot.x = cell.x AND spot.y = cell.y
        OFFSET 0
    ) AS measured
    WHERE met OR border_m <= reach_m
    UNION ALL
    SELECT subject.id, subject.category_id, subject.reach_m, zone.id, ST_Intersects(zone.geom, subject.geom),
           ST_Distance(ST_Boundary(zone.geom), subject.geom),
           -- include share
           , true
    FROM subject
    JOIN layers_zone AS zone ON ST_DWithin(zone.geom, subject.geom, subject.reach_m)
    WHERE NOT subject.is_point AND zone.version_id IN (SELECT version_id FROM rule)
),
seen AS MATERIALIZED (
    -- One at an edge, or larger than a point, is a case of its own. Sorted once for all; another order of the zones would
    -- have the same answer worked out twice, no more.
    SELECT id, category_id, array_agg(zone_id) AS zones,
           CASE WHEN bool_or(edge) THEN id ELSE 0 END AS alone
    FROM (SELECT * FROM near ORDER BY id, category_id, zone_id) AS near
    GROUP BY id, category_id
),
sort AS MATERIALIZED (
    SELECT row_number() OVER () AS subject_id, category_id, zones, alone, min(id) AS one
    FROM seen
    GROUP BY category_id, zones, alone
),
place AS MATERIALIZED (
    SELECT sort.subject_id, sort.category_id, near.reach_m, zone.id AS zone_id, zone.area_m2, zone.version_id,
           CASE WHEN near.met THEN 0 ELSE near.border_m END AS away_m,
           CASE WHEN near.met THEN near.share ELSE 0 END AS share, near.border_m, near.met
    FROM sort
    JOIN near ON near.id = sort.one
    JOIN zone ON zone.id = near.zone_id
),
held AS MATERIALIZED (
    SELECT id AS zone_id, version_id, code, concat(', "zone": ', json_build_object('code', code, 'name', name)) AS facts
    FROM zone
    WHERE id IN (SELECT unnest(zones) FROM sort)
),
offer AS MATERIALIZED (
    -- Which rule holds in which zone for which category, asked once and not for each subject.
    SELECT rule.id AS rule_id, rule.category_for, held.zone_id, rule.priority, rule.department_id,
           rule.category_id IS NULL AS by_family, true AS everywhere, rule.facts || held.facts AS facts
    FROM rule
    JOIN held ON held.version_id = rule.version_id
    WHERE rule.zone_codes = '{}'
    UNION ALL
    SELECT rule.id, rule.category_for, held.zone_id, rule.priority, rule.department_id,
           rule.category_id IS NULL, false, rule.facts || held.facts
    FROM rule
    CROSS JOIN LATERAL (
        SELECT DISTINCT code FROM unnest(rule.zone_codes) AS code WHERE code IN (SELECT code FROM held)
    ) AS named
    JOIN held ON held.version_id = rule.version_id AND held.code = named.code
),
candidate AS (
    SELECT place.*, place.away_m > 0 AS outside, offer.rule_id, offer.priority, offer.department_id, offer.by_family,
           offer.everywhere, offer.facts
    FROM place
    JOIN offer ON offer.zone_id = place.zone_id AND offer.category_for = place.category_id
    WHERE place.share > 0 OR NOT place.met
),
-- include ranking
,
-- include digests
,
situation AS MATERIALIZED (
    SELECT sort.category_id, sort.zones, sort.alone, reason.department_id, reason.zone_id, reason.digest
    FROM sort
    JOIN reason USING (subject_id)
),
answer AS (
    SELECT settled.id AS request_id, settled.department_id, ST_Distance(zone.border, settled.geom) AS border_distance_m,
           COALESCE(settled.digest, (SELECT digest FROM reason WHERE subject_id = -1)) AS digest
    FROM (
        SELECT subject.id, subject.geom, situation.department_id, situation.zone_id, situation.digest
        FROM subject
        LEFT JOIN seen ON seen.id = subject.id
        LEFT JOIN situation ON situation.category_id = seen.category_id AND situation.zones = seen.zones
                           AND situation.alone = seen.alone
        OFFSET 0 -- so that the outline of a zone is not carried through these joins with each request in it
    ) AS settled
    LEFT JOIN zone ON zone.id = settled.zone_id
)
