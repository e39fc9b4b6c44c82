"""What people and apps do on a site: each act checks, changes the state, writes history and queues webhooks."""
