-- Department answering for a few stored requests. The border counts as inside. `route_many` answers the same for
-- thousands, `preview` for one that is only being typed.
--   in   ids       bigint[]     requests to decide
--   in   rules_of  date         the rules and layer versions of that day decide
--   in   now       timestamptz  written as decided_at
--   in   doubt_m   float        an answer nearer to another department than this is doubtful
--   out  request_id, decision_id, department_id, rule_id, zone_id, layer_version_id, share, border_distance_m, doubtful,
--        trace (JSON as text). One row a request; department_id is null when no rule matches.
-- Writes one decision a request and makes it the request's current one.
WITH subject AS MATERIALIZED (
    SELECT request.id, request.geom, request.category_id, category.family_id,
           GREATEST(request.accuracy_m, %(doubt_m)s::float8) AS reach_m
    FROM interventions_servicerequest AS request
    JOIN interventions_category AS category ON category.id = request.category_id
    WHERE request.id = ANY(%(ids)s::bigint[])
),
-- include one
,
-- include digests
,
answer AS MATERIALIZED (
    SELECT subject.id AS request_id, reason.department_id, reason.border_m AS border_distance_m, reason.digest
    FROM subject
    LEFT JOIN traced ON traced.subject_id = subject.id
    JOIN reason ON reason.subject_id = COALESCE(traced.subject_id, -1)
),
-- include writing
SELECT numbered.request_id, numbered.decision_id, reason.department_id, reason.rule_id, reason.zone_id,
       reason.layer_version_id, reason.share, numbered.border_distance_m, reason.doubtful, reason.trace
FROM numbered
JOIN (SELECT DISTINCT ON (digest) * FROM reason) AS reason USING (digest)
ORDER BY numbered.request_id
