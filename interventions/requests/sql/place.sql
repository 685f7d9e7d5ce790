-- Where one request is, and the zone of its answer, as GeoJSON features.
--   in   id    bigint   the request
--   out  place, zone   GeoJSON Feature text, longitude and latitude, 6 decimals; zone is null when no rule answered
-- One row, none for an unknown id. Reads the request, its decision and its zone by their keys.
SELECT json_build_object(
           'type', 'Feature',
           'geometry', ST_AsGeoJSON(ST_Transform(request.geom, 4326), 6)::json,
           'properties', json_build_object(
               'role', 'place', 'reference', request.reference, 'state', request.state, 'accuracy_m', request.accuracy_m
           )
       )::text AS place,
       CASE WHEN zone.id IS NOT NULL THEN json_build_object(
           'type', 'Feature',
           'geometry', ST_AsGeoJSON(ST_Transform(zone.geom, 4326), 6)::json,
           'properties', json_build_object('role', 'zone', 'code', zone.code, 'name', zone.name)
       )::text END AS zone
FROM interventions_servicerequest AS request
LEFT JOIN interventions_decision AS decision ON decision.id = request.decision_id
LEFT JOIN interventions_reason AS reason ON reason.digest = decision.reason_id
LEFT JOIN layers_zone AS zone ON zone.id = reason.zone_id
WHERE request.id = %(id)s
