-- Rules and versions as they would stand, under the names of their tables: what follows in the statement reads these.
--   in   rules     jsonb  rows of interventions_routingrule …
--   in   versions  jsonb  … and of layers_layerversion, as `standing` gives them
--   out  layers_layerversion, interventions_routingrule
layers_layerversion AS MATERIALIZED (
    SELECT *
    FROM jsonb_to_recordset(%(versions)s::jsonb)
        AS version (id bigint, layer_id bigint, number int, status text, valid_from date, valid_to date)
),
interventions_routingrule AS MATERIALIZED (
    SELECT * FROM jsonb_populate_recordset(NULL::interventions_routingrule, %(rules)s::jsonb)
)
