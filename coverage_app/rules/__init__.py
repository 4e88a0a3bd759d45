"""The rules: from criteria and answers to an exact verdict. Knows no Django, no files and no clock."""
