-- Who may be told, and the trees of departments. A part of the statements that tell; it opens WITH RECURSIVE.
--   in   roles    jsonb   what roles.py says of each: [{"role", "scope", permission: true or false, …}]
--   out  under    each department (top) with itself and all below it (id)
--        person   id, department_id, authority_id, roles, scope, views, evaluates, validates, company
-- Closed accounts are left out. Reads the people and their roles, by no index: there are some hundreds.
under AS (
    SELECT id AS top, id FROM gisplatform_department
    UNION
    SELECT under.top, child.id
    FROM under
    JOIN gisplatform_department AS child ON child.parent_id = under.id
),
role AS MATERIALIZED (
    SELECT held.role, held.scope, held.view_requests, held.evaluate_request, held.validate_work, held.company_work
    FROM jsonb_to_recordset(%(roles)s::jsonb) AS held(
        role text, scope int, view_requests bool, evaluate_request bool, validate_work bool, company_work bool
    )
),
person AS MATERIALIZED (
    SELECT account.id, account.department_id, own.authority_id,
           array_remove(array_agg(role.role), NULL) AS roles,
           CASE WHEN account.is_superuser THEN 4 ELSE COALESCE(max(role.scope), 0) END AS scope,
           account.is_superuser OR COALESCE(bool_or(role.view_requests), false) AS views,
           COALESCE(bool_or(role.evaluate_request), false) AS evaluates,
           COALESCE(bool_or(role.validate_work), false) AS validates,
           COALESCE(bool_or(role.company_work), false) AS company
    FROM gisplatform_user AS account
    LEFT JOIN gisplatform_department AS own ON own.id = account.department_id
    LEFT JOIN gisplatform_user_groups AS in_group ON in_group.user_id = account.id
    LEFT JOIN auth_group AS named ON named.id = in_group.group_id
    LEFT JOIN role ON role.role = named.name
    WHERE account.is_active
    GROUP BY account.id, own.authority_id
)
