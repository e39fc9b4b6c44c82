"""What is measured and not tested: the figures depend on the machine, the comparison does not."""
