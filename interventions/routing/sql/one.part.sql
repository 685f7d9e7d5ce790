-- The rules that hold where a few subjects lie, each searched for by itself, ranked. A part of the routing statements.
--   in   subject   id, geom, category_id, family_id, reach_m
--   in   rules_of  date  the rules and layer versions of that day decide
--   out  traced: as the part `ranking` gives it, for each subject with a rule near
-- Starts from the few zones near by, through the GiST index of layers_zone; only their rules are looked at.
place AS MATERIALIZED (
    SELECT subject.id AS subject_id, subject.category_id, subject.family_id, subject.reach_m,
           zone.id AS zone_id, zone.code, zone.name, zone.area_m2, zone.version_id, version.layer_id, version.number,
           ST_Distance(zone.geom, subject.geom) AS away_m,
           -- include share
           AS share,
           ST_Distance(ST_Boundary(zone.geom), subject.geom) AS border_m,
           ST_Intersects(zone.geom, subject.geom) AS met
    FROM subject
    JOIN layers_zone AS zone ON ST_DWithin(zone.geom, subject.geom, subject.reach_m)
    JOIN layers_layerversion AS version ON version.id = zone.version_id
    WHERE
    -- include version_in_force
),
candidate AS (
    SELECT place.*, place.away_m > 0 AS outside, rule.id AS rule_id, rule.priority, rule.department_id,
           rule.category_id IS NULL AS by_family, rule.zone_codes = '{}' AS everywhere,
           -- include facts
           || concat(', "zone": ', json_build_object('code', place.code, 'name', place.name)) AS facts
    FROM place
    JOIN interventions_routingrule AS rule ON rule.layer_id = place.layer_id
        AND (rule.category_id = place.category_id OR rule.family_id = place.family_id)
        AND (rule.zone_codes = '{}' OR place.code = ANY (rule.zone_codes))
    JOIN gisplatform_department AS department ON department.id = rule.department_id
    JOIN gisplatform_authority AS authority ON authority.id = department.authority_id
    JOIN layers_layer AS layer ON layer.id = place.layer_id
    WHERE (place.share > 0 OR NOT place.met)
      AND
      -- include rule_in_force
),
-- include ranking
