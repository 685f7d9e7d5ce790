"""The figures of a period are read from indexes alone."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('gisplatform', '0002_sitemessage'),
        ('interventions', '0011_duplicates'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='servicerequest',
            name='request_spots',
        ),
        migrations.RemoveIndex(
            model_name='servicerequest',
            name='request_closed',
        ),
        migrations.AddIndex(
            model_name='servicerequest',
            index=models.Index(fields=['closed_at'], include=('submitted_at', 'category', 'department', 'issued_by', 'author', 'state'), name='request_closed'),
        ),
        migrations.AddIndex(
            model_name='servicerequest',
            index=models.Index(fields=['submitted_at'], include=('spot_x', 'spot_y', 'category', 'department', 'issued_by', 'author', 'state', 'due_at', 'closed_at'), name='request_spots'),
        ),
    ]
