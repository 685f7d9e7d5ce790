-- Of the zones that hold a subject or lie within its reach, the rule that answers and those that lost. A part of the
-- routing statements, which give it:
--   in   rule   the rules in force, one row for each category they are for: category_for, version_id, facts …
--   in   place  subject_id, category_id, reach_m, zone_id, code, name, area_m2, version_id, away_m, share, border_m, met
--   out  traced: the columns of reason without digest, where a rule is near
--        reason: subject_id (-1: where no rule is near), department_id, rule_id, zone_id, layer_version_id, share, border_m
--        of the winner (null when no rule matches), doubtful, trace (text), digest (of all that decisions can share)
-- The order of the answers is written once, here (docs/adr/0003). A trace is composed as text: built as jsonb it takes
-- longer than all the rest of a batch.
held AS MATERIALIZED (
    SELECT zone_id, version_id, code, concat(', "zone": ', json_build_object('code', code, 'name', name)) AS facts
    FROM (SELECT DISTINCT zone_id, version_id, code, name FROM place) AS zone
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
ranked AS (
    SELECT place.*, place.away_m > 0 AS outside, offer.rule_id, offer.priority, offer.department_id, offer.by_family,
           offer.everywhere, offer.facts, row_number() OVER answers AS rank
    FROM place
    JOIN offer ON offer.zone_id = place.zone_id AND offer.category_for = place.category_id
    WHERE place.share > 0 OR NOT place.met
    WINDOW answers AS (
        PARTITION BY place.subject_id
        ORDER BY place.away_m > 0, offer.priority, offer.by_family, place.share DESC, place.away_m,
                 place.area_m2, place.zone_id, offer.everywhere, offer.rule_id
    )
),
beside AS (
    -- Each candidate beside the first one, which is the winner unless it lies outside.
    SELECT ranked.*,
           first_value(outside) OVER first AS lost,
           first_value(department_id) OVER first AS won_by, first_value(zone_id) OVER first AS won_in,
           first_value(priority) OVER first AS won_priority, first_value(by_family) OVER first AS won_by_family,
           first_value(share) OVER first AS won_share, first_value(area_m2) OVER first AS won_area_m2,
           first_value(everywhere) OVER first AS won_everywhere,
           first_value(border_m) OVER first <= reach_m AS at_the_edge
    FROM ranked
    WHERE rank <= 12
    WINDOW first AS (PARTITION BY subject_id ORDER BY rank)
),
told AS (
    SELECT beside.*,
           -- Would a few steps change the answer? Either a better rule lies within reach, or its own zone ends there.
           NOT lost AND rank > 1 AND department_id <> won_by AND (
               (outside AND (priority, by_family) < (won_priority, won_by_family))
               OR (at_the_edge AND zone_id <> won_in
                   AND (NOT outside OR (priority, by_family) = (won_priority, won_by_family)))
           ) AS rival,
           CASE
               WHEN outside THEN 'outside'
               WHEN rank = 1 THEN 'chosen'
               WHEN priority <> won_priority THEN 'priority'
               WHEN by_family <> won_by_family THEN 'family'
               WHEN share <> won_share THEN 'share'
               WHEN area_m2 <> won_area_m2 THEN 'area'
               WHEN zone_id <> won_in THEN 'zone'
               WHEN everywhere <> won_everywhere THEN 'everywhere'
               ELSE 'rule'
           END AS reason
    FROM beside
),
traced AS (
    SELECT subject_id,
           min(department_id) FILTER (WHERE reason = 'chosen') AS department_id,
           min(rule_id) FILTER (WHERE reason = 'chosen') AS rule_id,
           min(zone_id) FILTER (WHERE reason = 'chosen') AS zone_id,
           min(version_id) FILTER (WHERE reason = 'chosen') AS layer_version_id,
           min(share) FILTER (WHERE reason = 'chosen') AS share,
           min(border_m) FILTER (WHERE reason = 'chosen') AS border_m,
           bool_or(rival) AS doubtful,
           concat('{"candidates": [', string_agg(
               concat(
                   '{', facts, ', "share": ', share, ', "away_m": ', round(away_m::numeric, 1),
                   ', "reason": "', reason, '", "rival": ', CASE WHEN rival THEN 'true' ELSE 'false' END, '}'
               ), ', ' ORDER BY rank
           ), ']}') AS trace
    FROM told
    GROUP BY subject_id
),
reason AS MATERIALIZED (
    SELECT *, left(encode(sha256(convert_to(
               concat_ws('/', COALESCE(department_id, 0), rule_id, zone_id, layer_version_id, trace), 'UTF8'
           )), 'hex'), 32)::uuid AS digest
    FROM (
        SELECT * FROM traced
        UNION ALL
        SELECT -1, NULL, NULL, NULL, NULL, NULL, NULL, false, '{"candidates": []}'
    ) AS each
)
