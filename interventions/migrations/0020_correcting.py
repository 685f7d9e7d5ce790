from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("interventions", "0017_notifications")]

    operations = [
        migrations.AddField(
            model_name='requester',
            name='email_since',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='e-mail corrected'),
        ),
        migrations.AlterField(
            model_name='event',
            name='kind',
            field=models.CharField(choices=[('submitted', 'Logged'), ('moved', 'Moved'), ('noted', 'Note'), ('told', 'Requester informed'), ('unreached', 'Requester not reached'), ('joined_by', 'Another request joined'), ('left_by', 'Another request left'), ('rejoined', 'Joins another request'), ('rerouted', 'Given to another department by the rules'), ('added', 'Precision of the requester'), ('shown', 'Photo shown to the requester'), ('hidden', 'Photo no longer shown to the requester'), ('worked', 'Intervention'), ('corrected', "Requester's contact details corrected")], max_length=10, verbose_name='kind'),
        ),
    ]
