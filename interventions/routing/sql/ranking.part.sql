-- Of the rules that hold where a subject lies or within its reach, the one that answers and those that lost. A part of the
-- routing statements, which give it:
--   in   candidate  one row for each rule in each zone: subject_id, reach_m, zone_id, area_m2, version_id, away_m, share,
--                   border_m, outside, rule_id, priority, department_id, by_family, everywhere, facts (text)
--   out  traced: subject_id, department_id, rule_id, zone_id, layer_version_id, share, border_m of the winner (null when
--        no rule matches), doubtful, trace (text)
-- The order of the answers is written once, here (docs/adr/0003). A trace is composed as text: built as jsonb it takes
-- longer than all the rest of a batch.
beside AS (
    -- Each candidate beside the first one, which is the winner unless it lies outside.
    SELECT candidate.*, row_number() OVER answers AS rank, first_value(outside) OVER answers AS lost,
           first_value(department_id) OVER answers AS won_by, first_value(zone_id) OVER answers AS won_in,
           first_value(priority) OVER answers AS won_priority, first_value(by_family) OVER answers AS won_by_family,
           first_value(share) OVER answers AS won_share, first_value(area_m2) OVER answers AS won_area_m2,
           first_value(everywhere) OVER answers AS won_everywhere,
           first_value(border_m) OVER answers <= reach_m AS at_the_edge
    FROM candidate
    WINDOW answers AS (
        PARTITION BY subject_id
        ORDER BY outside, priority, by_family, share DESC, away_m, area_m2, zone_id, everywhere, rule_id
    )
),
told AS (
    SELECT beside.*, rank = 1 AND NOT outside AS won,
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
    WHERE rank <= 12
),
traced AS (
    SELECT subject_id,
           min(department_id) FILTER (WHERE won) AS department_id,
           min(rule_id) FILTER (WHERE won) AS rule_id,
           min(zone_id) FILTER (WHERE won) AS zone_id,
           min(version_id) FILTER (WHERE won) AS layer_version_id,
           min(share) FILTER (WHERE won) AS share,
           min(border_m) FILTER (WHERE won) AS border_m,
           bool_or(rival) AS doubtful,
           concat('{"candidates": [', string_agg(
               concat(
                   '{', facts, ', "share": ', share,
                   ', "away_m": ', CASE away_m WHEN 0 THEN '0.0' ELSE round(away_m::numeric, 1)::text END,
                   ', "reason": "', reason, '", "rival": ', CASE WHEN rival THEN 'true' ELSE 'false' END, '}'
               ), ', ' ORDER BY rank
           ), ']}') AS trace
    FROM told
    GROUP BY subject_id
)
