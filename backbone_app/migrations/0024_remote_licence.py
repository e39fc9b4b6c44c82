import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('backbone', '0023_requests'),
    ]

    operations = [
        migrations.CreateModel(
            name='RemoteLicence',
            fields=[
                ('site', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='remote_licence', serialize=False, to='backbone.site')),
                ('key', models.CharField(max_length=16)),
                ('holder', models.CharField(max_length=200)),
                ('creator', models.CharField(max_length=200)),
                ('created_on', models.DateField()),
                ('expires_on', models.DateField()),
                ('endpoints', models.PositiveIntegerField()),
                ('is_evaluation', models.BooleanField(default=False)),
                ('uploaded_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Endpoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('taken_at', models.DateTimeField()),
                ('remote', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='backbone.site')),
                ('site', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='endpoints', to='backbone.site')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('site', 'remote'), name='one_endpoint_per_partner_site')],
            },
        ),
    ]
