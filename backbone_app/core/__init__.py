"""The pure core: values in, values out. No I/O, clock, chance, Django, logging."""
