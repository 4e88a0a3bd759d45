"""Why a paper is not written, in plain words."""


class PaperFault(Exception):
    """A paper that cannot be written, and why."""


class NoAssessment(PaperFault):
    """The case was never completed: there is no frozen assessment to write from."""


class NoLetter(PaperFault):
    """A letter would make no sense for this verdict or at this point, and why."""


class TemplateFault(PaperFault):
    """What is wrong with a letter's template, each fault with its place."""

    def __init__(self, *faults: str) -> None:
        self.faults = faults
        super().__init__(" ".join(faults))
