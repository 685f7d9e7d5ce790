"""Events are told as they are committed: each knows its transaction, and whoever writes some says so.

The column is no business of the models: it says where in the stream an event stands, which `news.sql` alone asks.
"""

import django.db.models.deletion
from django.db import migrations, models

STREAM = """
    ALTER TABLE interventions_event ADD COLUMN written_in xid8 NOT NULL DEFAULT pg_current_xact_id();
    CREATE INDEX event_written ON interventions_event (written_in);
    CREATE FUNCTION interventions_live() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM pg_notify('gisplatform_live', '');
        RETURN NULL;
    END $$;
    CREATE TRIGGER live AFTER INSERT ON interventions_event FOR EACH STATEMENT EXECUTE FUNCTION interventions_live();
"""
NO_STREAM = """
    DROP TRIGGER live ON interventions_event;
    DROP FUNCTION interventions_live();
    ALTER TABLE interventions_event DROP COLUMN written_in;
"""


class Migration(migrations.Migration):
    dependencies = [("interventions", "0018_tracking")]

    operations = [
        migrations.AddField(
            model_name='event',
            name='intervention',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='interventions.intervention', verbose_name='intervention'),
        ),
        migrations.AlterField(
            model_name='event',
            name='kind',
            field=models.CharField(choices=[('submitted', 'Logged'), ('moved', 'Moved'), ('noted', 'Note'), ('told', 'Requester informed'), ('joined_by', 'Another request joined'), ('left_by', 'Another request left'), ('rejoined', 'Joins another request'), ('rerouted', 'Given to another department by the rules'), ('added', 'Precision of the requester'), ('shown', 'Photo shown to the requester'), ('hidden', 'Photo no longer shown to the requester'), ('worked', 'Intervention')], max_length=10, verbose_name='kind'),
        ),
        migrations.RunSQL(STREAM, NO_STREAM),
    ]
