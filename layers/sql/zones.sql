-- The zones of a layer in force on a day as GeoJSON features, a page at a time.
--   in   layer      text    code of the layer
--   in   on_day     date    the day that counts
--   in   box        text    EWKT of a box in EPSG:3857 that they must meet, border included; null: anywhere
--   in   among      bigint[]   ids: only these zones; null: any
--   in   after_code, after_id   text, bigint   the last zone of the page before; null: from the first
--   in   how_many   int
--   out  id, code, feature (jsonb: longitude, latitude, 7 decimals, about 1 cm)
-- By code, then id. Reads layers_zone by version through zone_version_code.
SELECT zone.id, zone.code,
       jsonb_build_object(
           'type', 'Feature',
           'id', zone.id::text,
           'geometry', ST_AsGeoJSON(ST_Transform(zone.geom, 4326), 7)::jsonb,
           'properties', jsonb_build_object(
               'layer', layer.code, 'version', version.number, 'code', zone.code, 'name', zone.name,
               'area_m2', round(zone.area_m2::numeric, 2), 'valid_from', version.valid_from,
               'valid_to', version.valid_to, 'attributes', zone.attributes
           )
       ) AS feature
FROM layers_layer AS layer
JOIN layers_layerversion AS version ON version.layer_id = layer.id
 AND version.status IN ('published', 'superseded')
 AND version.valid_from <= %(on_day)s::date
 AND (version.valid_to IS NULL OR version.valid_to > %(on_day)s::date)
JOIN layers_zone AS zone ON zone.version_id = version.id
WHERE layer.code = %(layer)s::text
  AND (%(after_id)s::bigint IS NULL OR (zone.code, zone.id) > (%(after_code)s::text, %(after_id)s::bigint))
  AND (%(box)s::text IS NULL OR ST_Intersects(zone.geom_3857, %(box)s::text::geometry))
  AND (%(among)s::bigint[] IS NULL OR zone.id = ANY(%(among)s::bigint[]))
ORDER BY zone.code, zone.id
LIMIT %(how_many)s::int
