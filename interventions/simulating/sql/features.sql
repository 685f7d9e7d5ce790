-- Simulated moves as GeoJSON features. Nothing of who asked.
--   in   ids      bigint[]  moves to tell
--   out  feature  GeoJSON text, longitude and latitude, 6 decimals (about 10 cm); one row a move, by its id
-- Reads interventions_simulatedmove and interventions_servicerequest by their keys.
SELECT json_build_object(
    'type', 'Feature',
    'id', move.id,
    'geometry', ST_AsGeoJSON(ST_Transform(request.geom, 4326), 6)::json,
    'properties', json_build_object(
        'reference', request.reference, 'category', category.code, 'state', request.state,
        'from', before.code, 'from_name', before.name, 'to', after.code, 'to_name', after.name,
        'zone', NULLIF(move.zone_code, ''), 'rule', NULLIF(move.rule_name, ''), 'doubtful', move.doubtful,
        'border_distance_m', round(move.border_distance_m::numeric, 1), 'chosen_by_person', move.by_person,
        'work_has_begun', move.at_work, 'anyway', move.anyway
    )
)::text AS feature
FROM interventions_simulatedmove AS move
JOIN interventions_servicerequest AS request ON request.id = move.request_id
JOIN interventions_category AS category ON category.id = request.category_id
LEFT JOIN gisplatform_department AS before ON before.id = move.from_department_id
LEFT JOIN gisplatform_department AS after ON after.id = move.to_department_id
WHERE move.id = ANY(%(ids)s::bigint[])
ORDER BY move.id
