-- All rules, and the versions of layers that are, were or will be in force, as they stand inside this transaction.
--   out  rules, versions: JSON arrays as text; one row
-- Reads interventions_routingrule and layers_layerversion, both small, as a whole.
SELECT (
    SELECT COALESCE(jsonb_agg(to_jsonb(rule)), '[]') FROM interventions_routingrule AS rule
)::text AS rules, (
    SELECT COALESCE(jsonb_agg(
        jsonb_build_object(
            'id', id, 'layer_id', layer_id, 'number', number, 'status', status, 'valid_from', valid_from,
            'valid_to', valid_to
        )
    ), '[]')
    FROM layers_layerversion
    WHERE status IN ('published', 'superseded')
)::text AS versions
