"""The papers of a case, each written from its newest frozen assessment: a summary as PDF, two letters as DOCX."""

from .beforehand import cautions
from .faults import NoAssessment, NoLetter, PaperFault, TemplateFault
from .papers import DOCX, KINDS, Paper, paper
from .prospects import Prospect, prospects

__all__ = [
    "DOCX",
    "KINDS",
    "NoAssessment",
    "NoLetter",
    "Paper",
    "PaperFault",
    "Prospect",
    "TemplateFault",
    "cautions",
    "paper",
    "prospects",
]
