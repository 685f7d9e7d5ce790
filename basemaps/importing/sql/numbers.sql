-- The staged addresses: new ones added, those that moved updated, those that were renamed known by their new name only.
--   in   srid  int  storage CRS, in which x and y are
--   in   basemaps_incoming, of which a transaction sees its own rows only; their streets are there
--   out  imported, updated: how many
-- An address is known by street, number and repetition (address_of_street) and by ban_id (address_ban_id). What is older
-- than what is known, by its own date, changes nothing.
WITH staged AS MATERIALIZED (
    SELECT DISTINCT ON (street.id, incoming.number, incoming.suffix)
           street.id AS street_id, incoming.number, incoming.suffix, incoming.ban_id, incoming.updated_on,
           ST_SetSRID(ST_MakePoint(incoming.x, incoming.y), %(srid)s) AS geom
    FROM basemaps_incoming AS incoming
    JOIN basemaps_street AS street USING (citycode, old_city, known_as)
    ORDER BY street.id, incoming.number, incoming.suffix, incoming.place, incoming.line
),
renamed AS (
    DELETE FROM basemaps_housenumber AS old
    USING staged
    WHERE staged.ban_id <> ''
      AND old.ban_id <> ''
      AND old.ban_id = staged.ban_id
      AND (old.street_id, old.number, old.suffix) <> (staged.street_id, staged.number, staged.suffix)
      AND (old.street_id, old.number, old.suffix) NOT IN (SELECT street_id, number, suffix FROM staged)
    RETURNING old.id
),
taken AS (
    INSERT INTO basemaps_housenumber AS known (street_id, number, suffix, ban_id, updated_on, geom)
    SELECT street_id, number, suffix, ban_id, updated_on, geom
    FROM staged
    ON CONFLICT (street_id, number, suffix) DO UPDATE
    SET ban_id = COALESCE(NULLIF(excluded.ban_id, ''), known.ban_id),
        updated_on = COALESCE(excluded.updated_on, known.updated_on),
        geom = excluded.geom
    WHERE COALESCE(excluded.updated_on >= known.updated_on, true)
      AND (known.geom IS DISTINCT FROM excluded.geom
           OR excluded.ban_id NOT IN ('', known.ban_id)
           OR excluded.updated_on > COALESCE(known.updated_on, '-infinity'))
    RETURNING xmax = 0 AS is_new
)
SELECT count(*) FILTER (WHERE is_new) - (SELECT count(*) FROM renamed) AS imported,
       count(*) FILTER (WHERE NOT is_new) + (SELECT count(*) FROM renamed) AS updated
FROM taken
