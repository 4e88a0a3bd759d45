from .audit import AuditEvent
from .cases import Answer, Assessment, Case
from .codes import DiagnosisCode
from .documents import Document, Edition, EditionUse
from .guidelines import GuidelineRow, GuidelineStatement
from .impact import ImpactChange, ImpactRun, PolicyNotice
from .jobs import Job
from .provisions import AuthorizationRule, ListedCode, Provision, Remark
from .vocabulary import Fact, FactValue
from .workbench import Acceptance, EditionReview, EditionState, GoldenCase, SourceText

__all__ = [
    "Acceptance",
    "Answer",
    "Assessment",
    "AuditEvent",
    "AuthorizationRule",
    "Case",
    "DiagnosisCode",
    "Document",
    "Edition",
    "EditionReview",
    "EditionState",
    "EditionUse",
    "Fact",
    "FactValue",
    "GoldenCase",
    "GuidelineRow",
    "GuidelineStatement",
    "ImpactChange",
    "ImpactRun",
    "Job",
    "ListedCode",
    "PolicyNotice",
    "Provision",
    "Remark",
    "SourceText",
]
