from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('backbone', '0007_existing_items'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='pair',
            index=models.Index(condition=models.Q(('due__gt', 0)), fields=['synchronization', 'lane', 'not_before', 'id'], name='pair_due_by_synchronization'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('unpaired', True)), fields=['site', 'id'], name='delivery_unpaired_by_site'),
        ),
    ]
