-- The rules of a day, once for each category they are for. A part of the routing statements.
--   in   rules_of  date  the rules and layer versions of that day decide
--   out  rule: the columns of the rule, category_for, version_id, facts (what a trace says of it: the inside of a JSON object)
rule AS MATERIALIZED (
    SELECT rule.*, category.id AS category_for, version.id AS version_id,
           -- include facts
           AS facts
    FROM interventions_routingrule AS rule
    JOIN interventions_category AS category ON category.id = rule.category_id OR category.family_id = rule.family_id
    JOIN gisplatform_department AS department ON department.id = rule.department_id
    JOIN gisplatform_authority AS authority ON authority.id = department.authority_id
    JOIN layers_layer AS layer ON layer.id = rule.layer_id
    JOIN layers_layerversion AS version ON version.layer_id = layer.id
    WHERE
      -- include rule_in_force
      AND
      -- include version_in_force
      AND category.id IN (SELECT category_id FROM subject)
)
