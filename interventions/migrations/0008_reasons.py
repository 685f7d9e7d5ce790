"""What thousands of decisions share is kept once; requests are pointed to another decision without touching an index."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import interventions.routing.reasons

DIGEST = """
    left(encode(sha256(convert_to(
        concat_ws('/', COALESCE(department_id, 0), rule_id, zone_id, layer_version_id, trace::text), 'UTF8'
    )), 'hex'), 32)::uuid
"""
SHARE = f"""
    INSERT INTO interventions_reason (digest, department_id, rule_id, zone_id, layer_version_id, share, doubtful, trace)
    SELECT DISTINCT ON (digest) digest, department_id, rule_id, zone_id, layer_version_id, share, doubtful, trace::json
    FROM (SELECT {DIGEST} AS digest, decision.* FROM interventions_decision AS decision) AS told
    ORDER BY digest, id;
    UPDATE interventions_decision SET reason_id = {DIGEST};
    SET CONSTRAINTS ALL IMMEDIATE;
    SET CONSTRAINTS ALL DEFERRED
"""
# Rows that are all pointed to a new decision at once stay on their pages, and no index hears of it.
ROOM = 'ALTER TABLE interventions_servicerequest SET (fillfactor = 50)'
NO_ROOM = 'ALTER TABLE interventions_servicerequest RESET (fillfactor)'


class Migration(migrations.Migration):

    dependencies = [
        ('gisplatform', '0001_initial'),
        ('interventions', '0007_incoming'),
        ('layers', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Reason',
            fields=[
                ('digest', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('share', models.FloatField(null=True, verbose_name='share of the request inside the zone, 0 to 1')),
                ('doubtful', models.BooleanField(default=False, verbose_name='doubtful')),
                ('trace', interventions.routing.reasons.WrittenJSON(verbose_name='reason')),
                ('department', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='gisplatform.department', verbose_name='department')),
                ('layer_version', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='layers.layerversion', verbose_name='layer version')),
                ('rule', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='interventions.routingrule', verbose_name='rule')),
                ('zone', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='layers.zone', verbose_name='zone')),
            ],
            options={
                'verbose_name': 'reason',
                'verbose_name_plural': 'reasons',
            },
        ),
        migrations.AddField(
            model_name='decision',
            name='reason',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='interventions.reason', verbose_name='reason'),
        ),
        migrations.RunSQL(SHARE, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='decision',
            name='reason',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='interventions.reason', verbose_name='reason'),
        ),
        *[
            migrations.RemoveField(model_name='decision', name=name)
            for name in ('department', 'rule', 'zone', 'layer_version', 'share', 'doubtful', 'trace')
        ],
        migrations.AlterField(
            model_name='decision',
            name='decided_by',
            field=models.ForeignKey(blank=True, db_index=False, help_text='Empty: by the rules.', null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL, verbose_name='by'),
        ),
        migrations.AlterField(
            model_name='servicerequest',
            name='decision',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='interventions.decision', verbose_name='decision'),
        ),
        migrations.AlterField(
            model_name='event',
            name='request',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='interventions.servicerequest', verbose_name='request'),
        ),
        migrations.RunSQL(ROOM, NO_ROOM),
    ]
