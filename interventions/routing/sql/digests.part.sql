-- What decisions can share, found by its content. A part of the routing statements that write.
--   in   traced  the columns of reason without digest, where a rule is near
--   out  reason: subject_id (-1: where no rule is near), department_id, rule_id, zone_id, layer_version_id, share, border_m,
--        doubtful, trace (text), digest (of all that decisions can share)
reason AS MATERIALIZED (
    SELECT *, left(encode(sha256(convert_to(
               concat_ws('/', COALESCE(department_id, 0), rule_id, zone_id, layer_version_id, trace), 'UTF8'
           )), 'hex'), 32)::uuid AS digest
    FROM (
        SELECT * FROM traced
        UNION ALL
        SELECT -1, NULL, NULL, NULL, NULL, NULL, NULL, false, '{"candidates": []}'
    ) AS each
)
