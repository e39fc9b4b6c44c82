"""What a site holds: plain values and the questions one can ask them. No HTTP, no JSON."""
