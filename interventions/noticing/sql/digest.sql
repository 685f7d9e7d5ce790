-- One digest of the day for each person for whom something waits, made once however many workers ask.
--   in   day     date          of the digests
--   in   hour    timestamptz   what was told until then goes into them
--   in   now     timestamptz   when they are made
--   in   also    bigint[]      people to be written to even where nothing was told: requests wait for them
--   out  id of each mail that is new
-- What somebody has read meanwhile is left out, and so is what a later notification of the same thing says better.
-- Uses notification_for_digest.
WITH told AS MATERIALIZED (
    SELECT notification.id, notification.person_id, notification.overtaken
    FROM interventions_notification AS notification
    JOIN gisplatform_user AS account ON account.id = notification.person_id AND account.is_active
    WHERE notification.how = 'digest' AND notification.mail_id IS NULL AND notification.read_at IS NULL
      AND notification.at <= %(hour)s::timestamptz
),
made AS (
    INSERT INTO interventions_noticemail (person_id, digest_on, created_at, sending_by, doubtful, outcome)
    SELECT person_id, %(day)s::date, %(now)s::timestamptz, '', false, ''
    FROM (SELECT person_id FROM told UNION SELECT unnest(%(also)s::bigint[])) AS people
    ORDER BY person_id
    ON CONFLICT (person_id, digest_on) DO NOTHING
    RETURNING id, person_id
),
put AS (
    UPDATE interventions_notification AS notification
    SET mail_id = made.id
    FROM told
    JOIN made ON made.person_id = told.person_id
    WHERE notification.id = told.id
)
SELECT id FROM made ORDER BY id
