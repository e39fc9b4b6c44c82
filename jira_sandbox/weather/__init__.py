"""What can go wrong with sites and wires, by the numbers F1 to F26 that faults have in this project.

``sky`` keeps what is going on; ``deliveries``, ``calls``, ``sites``, ``items`` and ``automation`` are the
faults; ``catalogue`` names them all and draws them from a seed.
"""
