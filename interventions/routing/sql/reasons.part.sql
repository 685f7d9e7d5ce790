-- What was answered and why, once for all decisions that share it. A part of the statements that write decisions.
--   in   reason    digest, department_id, rule_id, zone_id, layer_version_id, share, doubtful, trace (text)
--   in   numbered  the decisions to be written: without any, nothing is
--   out  reasoned: nothing; the reasons stand in interventions_reason
-- A reason that is known already is kept as it is: its digest says that nothing in it differs.
reasoned AS (
    INSERT INTO interventions_reason (
        digest, department_id, rule_id, zone_id, layer_version_id, share, doubtful, trace
    )
    SELECT digest, department_id, rule_id, zone_id, layer_version_id, share, doubtful, trace::json
    FROM reason
    WHERE EXISTS (SELECT FROM numbered)
    ORDER BY digest -- two batches wait for each other in one order
    ON CONFLICT (digest) DO NOTHING
)
