"""One view a file: load, authorise, one action, answer."""
