"""The sweep runs every minute: it finds what no wake-up announced."""

from django.db import migrations

JOB = "backbone_app.jobs.sweep"


def schedule(apps, editor):
    """Enter the sweep into the queue's schedules, on the live lane."""
    apps.get_model("django_q", "Schedule").objects.update_or_create(
        name="sweep", defaults={"func": JOB, "schedule_type": "I", "minutes": 1, "cluster": "live"}
    )


def unschedule(apps, editor):
    """Take it out again."""
    apps.get_model("django_q", "Schedule").objects.filter(name="sweep").delete()


class Migration(migrations.Migration):
    dependencies = [
        ("backbone", "0001_kernel"),
        ("django_q", "0018_task_success_index"),
    ]

    operations = [migrations.RunPython(schedule, unschedule)]
