from django.db import migrations, models

# Rows of an import on their way to become requests: copied and taken away within one transaction, so that nobody else
# ever sees them, and not worth writing to the log.
STAGING = """
    CREATE UNLOGGED TABLE interventions_incoming (
        reference text NOT NULL,
        key uuid NOT NULL,
        category_id bigint NOT NULL,
        submitted_at timestamptz NOT NULL,
        closed_at timestamptz,
        due_at timestamptz,
        x float8 NOT NULL,
        y float8 NOT NULL,
        address text NOT NULL,
        description text NOT NULL,
        origin text NOT NULL
    )
"""


class Migration(migrations.Migration):

    dependencies = [
        ('interventions', '0006_exports'),
    ]

    operations = [
        migrations.AlterField(
            model_name='servicerequest',
            name='channel',
            field=models.CharField(choices=[('phone', 'Telephone'), ('counter', 'Front desk'), ('mail', 'Letter or e-mail'), ('technician', 'Technician'), ('web', 'Website'), ('open311', 'Open311'), ('partner', 'Partner authority'), ('import', 'Imported file')], max_length=10, verbose_name='origin'),
        ),
        migrations.RunSQL(STAGING, 'DROP TABLE interventions_incoming'),
    ]
