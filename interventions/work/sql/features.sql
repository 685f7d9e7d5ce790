-- Interventions as the interfaces tell them: their columns, the codes they point to, and what they serve.
--   in   ids      bigint[]      interventions to tell, in the wanted order
--   out  id, reference, geometry (GeoJSON text: longitude, latitude, 7 decimals, about 1 cm), state, requests (references),
--        categories (codes), department, executed_by, instructions, report, ordered_at, validated_at, started_at,
--        ended_at, due_at, photos (ids)
-- One row an intervention, in the order of ids. Reads the interventions by their key.
WITH told AS MATERIALIZED (
    SELECT work.*, wanted.place
    FROM unnest(%(ids)s::bigint[]) WITH ORDINALITY AS wanted (id, place)
    JOIN interventions_intervention AS work ON work.id = wanted.id
),
served AS (
    SELECT told.id, array_agg(request.reference ORDER BY request.id) AS requests,
           array_agg(DISTINCT category.code ORDER BY category.code) AS categories
    FROM told
    JOIN interventions_intervention_requests AS link ON link.intervention_id = told.id
    JOIN interventions_servicerequest AS request ON request.id = link.servicerequest_id
    JOIN interventions_category AS category ON category.id = request.category_id
    GROUP BY told.id
),
photos AS (
    SELECT told.id, array_agg(photo.id ORDER BY photo.id) AS photos
    FROM told
    JOIN interventions_attachment AS photo ON photo.intervention_id = told.id
    GROUP BY told.id
)
SELECT told.id, told.reference, ST_AsGeoJSON(ST_Transform(told.geom, 4326), 7) AS geometry, told.state,
       COALESCE(served.requests, '{}') AS requests, COALESCE(served.categories, '{}') AS categories,
       department.code AS department, executor.code AS executed_by, told.instructions, told.report, told.ordered_at,
       told.validated_at, told.started_at, told.ended_at, told.due_at, COALESCE(photos.photos, '{}') AS photos
FROM told
JOIN gisplatform_department AS department ON department.id = told.department_id
JOIN gisplatform_department AS executor ON executor.id = told.executed_by_id
LEFT JOIN served ON served.id = told.id
LEFT JOIN photos ON photos.id = told.id
ORDER BY told.place
