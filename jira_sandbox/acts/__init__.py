"""What people and apps do on a site: check, change the state, write history, queue webhooks."""
