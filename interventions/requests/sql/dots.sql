-- Requests as the dots of a map: what a GeoJSON FeatureCollection of them holds. Nothing of who asked.
--   in   ids      bigint[]      requests to draw
--   in   now      timestamptz   one still awaited and due before it is late …
--   in   awaited  text[]        … that is, in one of these states
--   out  collection   GeoJSON text, longitude and latitude, 6 decimals (about 10 cm); one row
-- Reads interventions_servicerequest by its key; features are in the order of `ids`.
SELECT json_build_object('type', 'FeatureCollection', 'features', COALESCE(json_agg(
    json_build_object(
        'type', 'Feature',
        'id', request.id,
        'geometry', ST_AsGeoJSON(ST_Transform(request.geom, 4326), 6)::json,
        'properties', json_build_object(
            'reference', request.reference,
            'state', request.state,
            'late', COALESCE(request.due_at < %(now)s AND request.state = ANY(%(awaited)s), false),
            'category', category.name
        )
    ) ORDER BY wanted.place
), '[]'))::text AS collection
FROM unnest(%(ids)s::bigint[]) WITH ORDINALITY AS wanted (id, place)
JOIN interventions_servicerequest AS request ON request.id = wanted.id
JOIN interventions_category AS category ON category.id = request.category_id
