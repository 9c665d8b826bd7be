"""What a release shows, said in sentences by rule: on the start page, on pages, as alt texts."""

from pipelines.publish.findings.rules import Claim, Finding, findings_of

__all__ = ["Claim", "Finding", "findings_of"]
