"""Imported by the fork server alone, which cannot call: to import it is to be one (`warm`)."""

from pipelines.orchestration.warm import serve

serve()
