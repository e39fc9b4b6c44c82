"""Every address called by everybody: a scene with something behind each, and who may do what there."""
