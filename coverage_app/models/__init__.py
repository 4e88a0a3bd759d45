from .audit import AuditEvent
from .cases import Answer, Assessment, Case
from .codes import DiagnosisCode
from .documents import Document, Edition, EditionUse
from .evidence import Evidence
from .guidelines import GuidelineRow, GuidelineStatement
from .impact import ImpactChange, ImpactRun, NoticeSeen, PolicyNotice
from .jobs import Job
from .letters import LetterTemplate
from .mails import NoticeMail
from .payer_steps import PayerStep
from .provisions import AuthorizationRule, ListedCode, Provision, Remark
from .reviewing import CaseReview
from .uploads import Upload, UploadRow
from .vocabulary import Fact, FactValue
from .workbench import Acceptance, EditionReview, EditionState, GoldenCase, SourceText

__all__ = [
    "Acceptance",
    "Answer",
    "Assessment",
    "AuditEvent",
    "AuthorizationRule",
    "Case",
    "CaseReview",
    "DiagnosisCode",
    "Document",
    "Edition",
    "EditionReview",
    "EditionState",
    "EditionUse",
    "Evidence",
    "Fact",
    "FactValue",
    "GoldenCase",
    "GuidelineRow",
    "GuidelineStatement",
    "ImpactChange",
    "ImpactRun",
    "Job",
    "LetterTemplate",
    "ListedCode",
    "NoticeMail",
    "NoticeSeen",
    "PayerStep",
    "PolicyNotice",
    "Provision",
    "Remark",
    "SourceText",
    "Upload",
    "UploadRow",
]
