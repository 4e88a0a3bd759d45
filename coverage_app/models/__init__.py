from .audit import AuditEvent
from .cases import Answer, Assessment, Case
from .codes import DiagnosisCode
from .documents import Document, Edition, EditionUse
from .guidelines import GuidelineRow, GuidelineStatement
from .provisions import AuthorizationRule, ListedCode, Provision, Remark
from .vocabulary import Fact, FactValue

__all__ = [
    "Answer",
    "Assessment",
    "AuditEvent",
    "AuthorizationRule",
    "Case",
    "DiagnosisCode",
    "Document",
    "Edition",
    "EditionUse",
    "Fact",
    "FactValue",
    "GuidelineRow",
    "GuidelineStatement",
    "ListedCode",
    "Provision",
    "Remark",
]
