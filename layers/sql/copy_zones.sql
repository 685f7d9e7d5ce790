-- The zones of a version once more, for another one; in their order, which decides between two that are as good.
--   in   from_id  bigint  the version they are copied from
--   in   to_id    bigint  the version they are copied to
--   out  copied: how many
WITH copied AS (
    INSERT INTO layers_zone (version_id, code, name, attributes, geom)
    SELECT %(to_id)s::bigint, code, name, attributes, geom
    FROM layers_zone
    WHERE version_id = %(from_id)s::bigint
    ORDER BY id
    RETURNING 1
)
SELECT count(*) AS copied FROM copied
