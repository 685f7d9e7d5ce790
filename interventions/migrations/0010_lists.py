"""What a list of very many requests is searched by and ordered by."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models

# By their French stem and with their places, so that words that follow each other can be looked for. The signs that join
# words are taken out first: the parser would see signed numbers, paths, hosts and tags. The category is a lexeme that no
# text can hold, a colon and its number. replace() rather than translate(), which takes as long as all the rest.
WORDS = """
CREATE FUNCTION interventions_words(reference text, address text, description text, category bigint) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN to_tsvector('public.interventions_french',
    replace(replace(replace(replace(replace(reference || ' ' || address || ' ' || description,
        '-', ' '), '+', ' '), '/', ' '), '.', ' '), '<', ' ')) || array_to_tsvector(ARRAY[':' || category::text])
"""

# A French number is told as it is dialled in France.
PERSON = r"""
CREATE FUNCTION interventions_person(name text, email text, phone text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN lower(public.unaccent('public.unaccent'::regdictionary, name || ' ' || email)) || ' '
    || regexp_replace(regexp_replace(phone, '[^0-9]', '', 'g'), '^(00)?33([1-9][0-9]{8})$', '0\2')
"""


class Migration(migrations.Migration):

    dependencies = [
        ('interventions', '0009_map_cells'),
    ]

    operations = [
        migrations.RunSQL(WORDS, "DROP FUNCTION interventions_words(text, text, text, bigint)"),
        migrations.RunSQL(PERSON, "DROP FUNCTION interventions_person(text, text, text)"),
        migrations.RemoveIndex(
            model_name='servicerequest',
            name='request_department_state',
        ),
        migrations.AddField(
            model_name='requester',
            name='person',
            field=models.GeneratedField(db_persist=True, expression=models.Func('name', 'email', 'phone', function='interventions_person'), output_field=models.TextField()),
        ),
        migrations.AddField(
            model_name='servicerequest',
            name='words',
            field=models.GeneratedField(db_persist=True, expression=models.Func('reference', 'address', 'description', 'category', function='interventions_words'), output_field=django.contrib.postgres.search.SearchVectorField()),
        ),
        migrations.AlterField(
            model_name='intervention',
            name='reference',
            field=models.CharField(max_length=20, verbose_name='reference'),
        ),
        migrations.AlterField(
            model_name='servicerequest',
            name='category',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='requests', to='interventions.category', verbose_name='category'),
        ),
        migrations.AlterField(
            model_name='servicerequest',
            name='department',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='requests_received', to='gisplatform.department', verbose_name='answered by'),
        ),
        migrations.AlterField(
            model_name='servicerequest',
            name='reference',
            field=models.CharField(max_length=20, verbose_name='reference'),
        ),
        migrations.AlterField(
            model_name='servicerequest',
            name='tracking_token',
            field=models.CharField(max_length=40, verbose_name='tracking token'),
        ),
        migrations.AddIndex(
            model_name='intervention',
            index=models.Index(condition=models.Q(('state__in', ('to_validate', 'to_do', 'in_progress'))), fields=['due_at', '-id'], name='intervention_due'),
        ),
        migrations.AddIndex(
            model_name='intervention',
            index=models.Index(condition=models.Q(('state', 'done')), fields=['-ended_at', '-id'], name='intervention_ended'),
        ),
        migrations.AddIndex(
            model_name='intervention',
            index=models.Index(fields=['-ordered_at', '-id'], name='intervention_latest'),
        ),
        migrations.AddIndex(
            model_name='requester',
            index=django.contrib.postgres.indexes.GinIndex(fields=['person'], name='requester_person', opclasses=['gin_trgm_ops']),
        ),
        migrations.AddIndex(
            model_name='servicerequest',
            index=models.Index(fields=['department', '-submitted_at', '-id'], name='request_department_latest'),
        ),
        migrations.AddIndex(
            model_name='servicerequest',
            index=models.Index(fields=['category', '-submitted_at', '-id'], name='request_category_latest'),
        ),
        migrations.AddIndex(
            model_name='servicerequest',
            index=models.Index(fields=['channel', '-submitted_at', '-id'], name='request_channel_latest'),
        ),
        migrations.AddIndex(
            model_name='servicerequest',
            index=models.Index(condition=models.Q(('state', 'closed'), _negated=True), fields=['state', '-submitted_at', '-id'], name='request_state_latest'),
        ),
        migrations.AddIndex(
            model_name='servicerequest',
            index=models.Index(fields=['due_at', '-id'], name='request_due'),
        ),
        migrations.AddIndex(
            model_name='servicerequest',
            index=models.Index(condition=models.Q(('state__in', ('to_sort', 'to_evaluate', 'accepted', 'watched', 'planned', 'in_progress', 'done'))), fields=['due_at', '-id'], name='request_open_due'),
        ),
        migrations.AddIndex(
            model_name='servicerequest',
            index=models.Index(condition=models.Q(('state', 'closed'), _negated=True), fields=['department', 'state'], name='request_department_state'),
        ),
        migrations.AddIndex(
            model_name='servicerequest',
            index=models.Index(fields=['closed_at'], name='request_closed'),
        ),
        migrations.AddIndex(
            model_name='servicerequest',
            index=django.contrib.postgres.indexes.GinIndex(fields=['words'], name='request_words'),
        ),
        migrations.AddConstraint(
            model_name='intervention',
            constraint=models.UniqueConstraint(fields=('reference',), name='intervention_reference'),
        ),
        migrations.AddConstraint(
            model_name='servicerequest',
            constraint=models.UniqueConstraint(fields=('reference',), name='request_reference'),
        ),
        migrations.AddConstraint(
            model_name='servicerequest',
            constraint=models.UniqueConstraint(fields=('tracking_token',), name='request_tracking_token'),
        ),
    ]
