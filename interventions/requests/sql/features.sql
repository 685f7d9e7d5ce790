-- Requests as the interfaces tell them: their columns, the codes they point to, and where they are.
--   in   ids             bigint[]   requests to tell, in the wanted order
--   in   on              date       the zones in force that day are the ones that hold them
--   in   with_requester  boolean    whether who asked is told too
--   out  reference, geometry (GeoJSON text: longitude, latitude, 7 decimals, about 1 cm), state, nature, category, family,
--        department, authority, issued_by, description, address, accuracy_m, place_source, channel, captured_at,
--        submitted_at, updated_at, due_at, closed_at, tracking_token, requester, photos (ids), zones, department_name, by_hand, trace,
--        border_distance_m, doubtful, duplicate_of (the reference of the request it joined), duplicates (of those that joined it)
-- One row a request, in the order of ids. Reads the requests by their key and layers_zone through its GiST index.
WITH told AS MATERIALIZED (
    SELECT request.*, wanted.place
    FROM unnest(%(ids)s::bigint[]) WITH ORDINALITY AS wanted (id, place)
    JOIN interventions_servicerequest AS request ON request.id = wanted.id
),
held AS (
    -- The border counts as inside; a line or an area that only touches a zone is not in it.
    SELECT told.id AS request_id, layer.code AS layer, zone.id AS zone_id, zone.code, zone.area_m2,
           round(CASE
               WHEN GeometryType(told.geom) = 'POINT' THEN 1
               WHEN ST_Dimension(told.geom) = 0
                   THEN ST_NumGeometries(ST_Intersection(told.geom, zone.geom))::float8 / ST_NumGeometries(told.geom)
               WHEN ST_Dimension(told.geom) = 1
                   THEN ST_Length(ST_Intersection(told.geom, zone.geom)) / ST_Length(told.geom)
               ELSE ST_Area(ST_Intersection(told.geom, zone.geom)) / ST_Area(told.geom)
           END::numeric, 6) AS share
    FROM told
    JOIN layers_zone AS zone ON ST_Intersects(zone.geom, told.geom)
    JOIN layers_layerversion AS version ON version.id = zone.version_id
    JOIN layers_layer AS layer ON layer.id = version.layer_id
    WHERE version.status IN ('published', 'superseded')
      AND version.valid_from <= %(on)s
      AND (version.valid_to IS NULL OR version.valid_to > %(on)s)
),
chosen AS (
    -- Several zones of one layer may hold it: the order of route.sql.
    SELECT DISTINCT ON (request_id, layer) request_id, layer, code
    FROM held
    WHERE share > 0
    ORDER BY request_id, layer, share DESC, area_m2, zone_id
),
zones AS (
    SELECT request_id, jsonb_agg(jsonb_build_object('layer', layer, 'code', code) ORDER BY layer) AS zones
    FROM chosen
    GROUP BY request_id
),
photos AS (
    SELECT photo.request_id, array_agg(photo.id ORDER BY photo.id) AS photos
    FROM told
    JOIN interventions_attachment AS photo ON photo.request_id = told.id
    GROUP BY photo.request_id
),
joined AS (
    SELECT other.duplicate_of_id, array_agg(other.reference ORDER BY other.id) AS duplicates
    FROM told
    JOIN interventions_servicerequest AS other ON other.duplicate_of_id = told.id
    GROUP BY other.duplicate_of_id
)
SELECT told.reference, ST_AsGeoJSON(ST_Transform(told.geom, 4326), 7) AS geometry, told.state, told.nature,
       category.code AS category, family.code AS family, department.code AS department, authority.code AS authority,
       issuer.code AS issued_by, told.description, told.address, told.accuracy_m,
       NULLIF(told.place_source, '') AS place_source, told.channel, told.captured_at, told.submitted_at,
       told.updated_at, told.due_at, told.closed_at, told.tracking_token,
       CASE WHEN %(with_requester)s::boolean AND requester.id IS NOT NULL THEN jsonb_build_object(
           'name', requester.name, 'email', requester.email, 'phone', requester.phone, 'notify', requester.notify
       ) END AS requester,
       COALESCE(photos.photos, '{}') AS photos, COALESCE(zones.zones, '[]') AS zones,
       department.name AS department_name, decision.decided_by_id IS NOT NULL AS by_hand, reason.trace,
       decision.border_distance_m, reason.doubtful,
       principal.reference AS duplicate_of, COALESCE(joined.duplicates, '{}') AS duplicates
FROM told
JOIN interventions_category AS category ON category.id = told.category_id
JOIN interventions_family AS family ON family.id = category.family_id
LEFT JOIN gisplatform_department AS department ON department.id = told.department_id
LEFT JOIN gisplatform_authority AS authority ON authority.id = department.authority_id
LEFT JOIN gisplatform_department AS issuer ON issuer.id = told.issued_by_id
LEFT JOIN interventions_requester AS requester ON requester.id = told.requester_id
LEFT JOIN interventions_decision AS decision ON decision.id = told.decision_id
LEFT JOIN interventions_reason AS reason ON reason.digest = decision.reason_id
LEFT JOIN zones ON zones.request_id = told.id
LEFT JOIN interventions_servicerequest AS principal ON principal.id = told.duplicate_of_id
LEFT JOIN joined ON joined.duplicate_of_id = told.id
LEFT JOIN photos ON photos.request_id = told.id
ORDER BY told.place
