from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('backbone', '0020_clocks_at_the_start'),
    ]

    operations = [
        migrations.AddField(
            model_name='site',
            name='product',
            field=models.CharField(choices=[('cloud', 'Cloud'), ('data center', 'Data Center')], db_default='cloud', default='cloud', max_length=16),
        ),
        migrations.AlterField(
            model_name='site',
            name='status',
            field=models.CharField(choices=[('enabled', 'Enabled'), ('disabled', 'Disabled'), ('uninstalled', 'Uninstalled'), ('linked', 'Linked')], default='disabled', max_length=16),
        ),
    ]
