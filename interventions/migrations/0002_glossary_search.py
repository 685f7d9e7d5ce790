"""Words compared as a caller says them: without accents, without capitals, by their French stem."""

from django.db import migrations

CONFIGURATION = """
CREATE TEXT SEARCH CONFIGURATION interventions_french (COPY = pg_catalog.french);
ALTER TEXT SEARCH CONFIGURATION interventions_french
    ALTER MAPPING FOR hword, hword_part, word WITH unaccent, french_stem;
"""


class Migration(migrations.Migration):

    dependencies = [('interventions', '0001_initial')]

    operations = [
        migrations.RunSQL(CONFIGURATION, "DROP TEXT SEARCH CONFIGURATION interventions_french"),
    ]
