-- The territory in force on a day, as one outline; NULL where there is none.
--   in   on_day   date
--   out  territory (geom), one row
territory AS MATERIALIZED (
    SELECT ST_Union(zone.geom) AS geom
    FROM layers_zone AS zone
    JOIN layers_layerversion AS version ON version.id = zone.version_id
    JOIN layers_layer AS layer ON layer.id = version.layer_id
    WHERE layer.territory
      AND version.status IN ('published', 'superseded')
      AND version.valid_from <= %(on_day)s::date
      AND (version.valid_to IS NULL OR version.valid_to > %(on_day)s::date)
),
