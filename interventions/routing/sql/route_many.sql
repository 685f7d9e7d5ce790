-- What `route` answers, for thousands of stored requests at once: driven from the zones, never one search a request.
--   in   ids       bigint[]     requests to decide
--   in   rules_of  date         the rules and layer versions of that day decide
--   in   now       timestamptz  written as decided_at
--   in   doubt_m   float        an answer nearer to another department than this is doubtful
--   out  decided, to_sort: how many requests were decided, and how many of them no rule matches
-- Writes one decision a request and makes it the request's current one.
WITH subject AS MATERIALIZED (
    SELECT request.id, request.geom, request.category_id, GREATEST(request.accuracy_m, %(doubt_m)s) AS reach_m,
           GeometryType(request.geom) = 'POINT' AS is_point
    FROM interventions_servicerequest AS request
    WHERE request.id = ANY(%(ids)s::bigint[])
),
-- include many
,
-- include writing
SELECT count(*) AS decided, count(*) FILTER (WHERE department_id IS NULL) AS to_sort
FROM numbered
