import django.db.models.deletion
from django.db import migrations, models

# The kinds of Event as they are now.
KINDS = [
    ('submitted', 'Logged'), ('moved', 'Moved'), ('noted', 'Note'), ('told', 'Requester informed'),
    ('joined_by', 'Another request joined'), ('left_by', 'Another request left'), ('rejoined', 'Joins another request'),
]

# A request joins only one that joins no other, whoever writes it and whatever comes at the same time: no chain, no
# circle. `stands_alone` turns false when a request joins another; the foreign key then holds those that joined it back.
NO_CHAINS = """
    ALTER TABLE interventions_servicerequest
        ADD COLUMN stands_alone boolean NOT NULL GENERATED ALWAYS AS (duplicate_of_id IS NULL) STORED,
        ADD COLUMN joins_one_alone boolean
            GENERATED ALWAYS AS (CASE WHEN duplicate_of_id IS NOT NULL THEN true END) STORED,
        ADD CONSTRAINT request_stands_alone UNIQUE (id, stands_alone),
        ADD CONSTRAINT request_joins_one_alone FOREIGN KEY (duplicate_of_id, joins_one_alone)
            REFERENCES interventions_servicerequest (id, stands_alone)
"""
CHAINS = """
    ALTER TABLE interventions_servicerequest
        DROP CONSTRAINT request_joins_one_alone, DROP CONSTRAINT request_stands_alone,
        DROP COLUMN joins_one_alone, DROP COLUMN stands_alone
"""
TO_THEIR_OWN_REQUESTER = """
    UPDATE interventions_message AS message SET request_id = event.request_id
    FROM interventions_event AS event WHERE event.id = message.event_id
"""


class Migration(migrations.Migration):

    dependencies = [
        ('interventions', '0010_lists'),
    ]

    operations = [
        migrations.AddField(
            model_name='servicerequest',
            name='duplicate_of',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='duplicates', to='interventions.servicerequest', verbose_name='joins'),
        ),
        migrations.AddIndex(
            model_name='servicerequest',
            index=models.Index(condition=models.Q(('duplicate_of__isnull', False)), fields=['duplicate_of'], name='request_duplicates'),
        ),
        migrations.AddConstraint(
            model_name='servicerequest',
            constraint=models.CheckConstraint(condition=models.Q(('duplicate_of__isnull', True), models.Q(('state', 'duplicate'), models.Q(('duplicate_of', models.F('id')), _negated=True)), _connector='OR'), name='request_only_a_duplicate_joins'),
        ),
        migrations.RunSQL(NO_CHAINS, CHAINS),
        migrations.AlterField(
            model_name='event',
            name='kind',
            field=models.CharField(choices=KINDS, max_length=10, verbose_name='kind'),
        ),
        migrations.AddField(
            model_name='event',
            name='other',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='interventions.servicerequest', verbose_name='other request'),
        ),
        migrations.AlterField(
            model_name='message',
            name='event',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='interventions.event', verbose_name='event'),
        ),
        migrations.AddField(
            model_name='message',
            name='request',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='interventions.servicerequest', verbose_name='request'),
        ),
        migrations.RunSQL(TO_THEIR_OWN_REQUESTER, migrations.RunSQL.noop),
        # The foreign keys of the rows just written are checked before the table may change again.
        migrations.RunSQL('SET CONSTRAINTS ALL IMMEDIATE', migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='message',
            name='request',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='interventions.servicerequest', verbose_name='request'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.UniqueConstraint(fields=('event', 'request'), name='a_message_once_per_requester'),
        ),
    ]
