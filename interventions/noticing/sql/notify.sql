-- Who is concerned by these events, each told of each event once, by the way they have chosen.
--   in   ids        bigint[]   events; those told already are passed over
--   in   roles      jsonb      what roles.py says of each: [{"role", "scope", permission: true or false, …}]
--   in   usual      jsonb      how each role hears of each kind unless it chose: [{"role", "kind", "how"}]
--   in   urgent_s   float      due within so many seconds of the event: urgent
--   out  one row a notification written: id, person_id, how (immediate, digest or here)
-- Nobody is told of what they did themselves, nor of what they may not see. Of several notifications of a person about
-- one thing only the last is unread. Driven from the events, by their keys; people are few.
WITH RECURSIVE
-- include people
,
happened AS MATERIALIZED (
    SELECT event.id AS event_id, event.kind, event.at,
           CASE WHEN event.kind = 'moved' THEN event.move ELSE '' END AS move,
           CASE WHEN event.kind = 'worked' THEN event.move ELSE '' END AS work_move, event.intervention_id AS work_id, event.actor_id, event.from_state, event.to_state,
           request.id, request.author_id, request.department_id, request.issued_by_id, request.state, request.due_at,
           answering.authority_id AS answers, issuing.authority_id AS issues
    FROM interventions_event AS event
    JOIN interventions_servicerequest AS request ON request.id = event.request_id
    LEFT JOIN gisplatform_department AS answering ON answering.id = request.department_id
    LEFT JOIN gisplatform_department AS issuing ON issuing.id = request.issued_by_id
    WHERE event.id = ANY(%(ids)s::bigint[])
      AND event.kind IN ('submitted', 'moved', 'noted', 'added', 'unreached', 'worked')
),
-- The work that an event begins, ends or makes useless; of several requests it serves, the first event tells.
work AS MATERIALIZED (
    SELECT happened.event_id, happened.at, happened.actor_id, intervention.id, intervention.state,
           intervention.department_id, intervention.executed_by_id, intervention.validated_at, intervention.due_at,
           intervention.ordered_by_id, intervention.validated_by_id,
           executing.kind = 'contractor' AS by_company, ordering.authority_id AS orders, executing.authority_id AS executes,
           CASE
               WHEN move = 'accept' AND intervention.ordered_at = happened.at THEN 'ordered'
               WHEN (move = 'plan' OR work_move = 'validate') AND intervention.validated_at = happened.at THEN 'validated'
               WHEN 'finish' IN (move, work_move) AND intervention.ended_at = happened.at THEN 'finished'
               WHEN work_move = 'cancel' AND intervention.id = happened.work_id AND intervention.state = 'cancelled'
                    THEN 'useless'
               WHEN happened.kind = 'moved' AND move NOT IN ('plan', 'start', 'finish') AND intervention.state IN ('to_do', 'in_progress')
                    AND happened.to_state NOT IN ('accepted', 'watched', 'planned', 'in_progress')
                    AND NOT EXISTS (
                        SELECT FROM interventions_intervention_requests AS other
                        JOIN interventions_servicerequest AS asking ON asking.id = other.servicerequest_id
                        WHERE other.intervention_id = intervention.id
                          AND asking.state IN ('accepted', 'watched', 'planned', 'in_progress')
                    ) THEN 'useless'
           END AS step
    FROM happened
    -- Work that another has taken the place of serves the request no more; its event names it.
    CROSS JOIN LATERAL (
        SELECT served.intervention_id AS id
        FROM interventions_intervention_requests AS served
        WHERE served.servicerequest_id = happened.id
        UNION
        SELECT happened.work_id WHERE happened.work_id IS NOT NULL
    ) AS about
    JOIN interventions_intervention AS intervention ON intervention.id = about.id
    JOIN gisplatform_department AS executing ON executing.id = intervention.executed_by_id
    JOIN gisplatform_department AS ordering ON ordering.id = intervention.department_id
    WHERE happened.kind IN ('moved', 'worked') AND NOT EXISTS (
        SELECT FROM interventions_event AS earlier
        JOIN interventions_intervention_requests AS same ON same.servicerequest_id = earlier.request_id
        WHERE same.intervention_id = intervention.id AND earlier.at = happened.at AND earlier.id < happened.event_id
          AND (earlier.kind, earlier.move) IN (
              ('moved', happened.move), ('worked', happened.work_move),
              ('moved', CASE happened.work_move WHEN 'validate' THEN 'plan' ELSE happened.work_move END),
              ('worked', CASE happened.move WHEN 'plan' THEN 'validate' ELSE happened.move END)
          )
    )
),
concerned AS (
    SELECT request.event_id, request.id AS request_id, NULL::bigint AS intervention_id, person.id AS person_id,
           request.actor_id, request.at, request.due_at,
           CASE
               WHEN move = 'reopen' AND actor_id IS NULL AND (ours OR mine OR evaluated) THEN 'not_fixed'
               WHEN kind = 'moved' AND move = 'accept' AND ours
                    AND NOT EXISTS (SELECT FROM work WHERE work.event_id = request.event_id AND step = 'ordered')
                    THEN 'entrusted'
               WHEN (kind = 'submitted' OR move IN ('redirect', 'reopen')) AND to_state = 'to_evaluate' AND ours
                    THEN 'received'
               WHEN kind = 'submitted' AND to_state = 'to_sort' AND person.evaluates
                    AND (request.issues IS NULL OR request.issues = person.authority_id) THEN 'to_sort'
               WHEN kind = 'added' AND (ours OR mine) AND NOT EXISTS (
                   SELECT FROM interventions_event AS said
                   WHERE said.request_id = request.id AND said.at = request.at AND said.move = 'reopen'
               ) THEN 'requester'
               WHEN kind = 'unreached' AND mine THEN 'requester'
               WHEN kind = 'noted' AND (mine OR EXISTS (
                   SELECT FROM interventions_event AS earlier
                   WHERE earlier.request_id = request.id AND earlier.actor_id = person.id
                     AND earlier.id < request.event_id
               )) THEN 'note'
               WHEN move IN ('refuse', 'answer', 'close', 'cancel', 'merge', 'redirect', 'reopen') AND mine
                    THEN 'outcome'
           END AS kind
    FROM happened AS request
    CROSS JOIN person
    CROSS JOIN LATERAL (
        SELECT COALESCE(person.department_id = request.department_id, false) AS ours,
               COALESCE(person.id = request.author_id, false) AS mine,
               COALESCE(person.evaluates AND person.authority_id IN (request.answers, request.issues), false) AS evaluated
    ) AS is_it
    WHERE
        -- include sight_of_request
    UNION ALL
    SELECT work.event_id, NULL, work.id, person.id, work.actor_id, work.at, work.due_at,
           CASE
               WHEN step = 'useless' AND person.department_id = work.executed_by_id THEN 'returned'
               WHEN (step = 'validated' OR (step = 'ordered' AND NOT by_company))
                    AND person.department_id = work.executed_by_id THEN 'entrusted'
               WHEN step = 'ordered' AND by_company AND person.validates AND person.authority_id = work.orders
                    THEN 'to_validate'
               WHEN step = 'finished' AND person.id IN (work.ordered_by_id, work.validated_by_id) THEN 'outcome'
           END
    FROM work
    CROSS JOIN person
    WHERE
        -- include sight_of_work
),
-- Concerned twice, they are told of the gravest; who may see the request is led to it.
told AS (
    SELECT DISTINCT ON (concerned.event_id, concerned.person_id) concerned.event_id, concerned.person_id, concerned.kind,
           concerned.at, concerned.due_at, concerned.intervention_id,
           COALESCE(concerned.request_id, (
               SELECT request.id FROM happened AS request
               JOIN person ON person.id = concerned.person_id
               WHERE request.event_id = concerned.event_id AND
                   -- include sight_of_request
           )) AS request_id
    FROM concerned
    WHERE concerned.kind IS NOT NULL AND concerned.person_id IS DISTINCT FROM concerned.actor_id
    ORDER BY concerned.event_id, concerned.person_id,
             array_position(ARRAY['not_fixed', 'returned', 'entrusted', 'to_validate', 'received', 'to_sort', 'requester',
                                  'outcome', 'note'], concerned.kind)
),
chosen AS (
    SELECT told.*, COALESCE(preference.how, (
               SELECT usual.how
               FROM jsonb_to_recordset(%(usual)s::jsonb) AS usual(role text, kind text, how text)
               WHERE usual.kind = told.kind AND usual.role = ANY(person.roles)
               ORDER BY array_position(ARRAY['immediate', 'pressing', 'digest', 'here', 'nothing'], usual.how)
               LIMIT 1
           ), 'here') AS how
    FROM told
    JOIN person ON person.id = told.person_id
    LEFT JOIN interventions_noticepreference AS preference
        ON preference.person_id = told.person_id AND preference.kind = told.kind
),
written AS (
    INSERT INTO interventions_notification (
        person_id, kind, event_id, request_id, intervention_id, at, read_at, overtaken, how
    )
    SELECT person_id, kind, event_id, request_id, intervention_id, at, NULL,
           row_number() OVER (
               PARTITION BY person_id, COALESCE(request_id, -intervention_id) ORDER BY event_id DESC
           ) > 1 OR EXISTS (
               SELECT FROM interventions_notification AS after
               WHERE after.person_id = chosen.person_id AND after.event_id > chosen.event_id
                 AND COALESCE(after.request_id, -after.intervention_id)
                     = COALESCE(chosen.request_id, -chosen.intervention_id)
           ),
           CASE
               WHEN how <> 'pressing' THEN how
               WHEN due_at <= at + make_interval(secs => %(urgent_s)s::float8) THEN 'immediate'
               ELSE 'digest'
           END
    FROM chosen
    WHERE how <> 'nothing'
    ORDER BY event_id
    ON CONFLICT DO NOTHING
    RETURNING id, person_id, request_id, intervention_id, event_id, how
),
overtaking AS (
    UPDATE interventions_notification AS before
    SET overtaken = true
    FROM written
    WHERE before.person_id = written.person_id AND before.read_at IS NULL AND NOT before.overtaken
      AND before.event_id < written.event_id
      AND COALESCE(before.request_id, -before.intervention_id)
          = COALESCE(written.request_id, -written.intervention_id)
)
SELECT id, person_id, how FROM written ORDER BY id
