"""`make bench`: how quick the rules are, against another engine in the same run."""
