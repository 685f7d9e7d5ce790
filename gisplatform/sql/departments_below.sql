-- Departments under one department, at any depth.
--   in   top   bigint   the department above
--   out  id
-- Reads gisplatform_department through the index on parent_id.
WITH RECURSIVE below AS (
    SELECT child.id
    FROM gisplatform_department AS child
    WHERE child.parent_id = %(top)s
    UNION
    SELECT child.id
    FROM below
    JOIN gisplatform_department AS child ON child.parent_id = below.id
)
SELECT id FROM below ORDER BY id
