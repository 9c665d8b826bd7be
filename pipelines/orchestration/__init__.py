"""Dagster: assets, checks, jobs, sensors, schedules, and the runner that keeps dbt in the process.

Wiring only. What a step does is done by the layers (`pipelines.intake`, `pipelines.pipeline`,
`quality`, `pipelines.publish`), which run without Dagster and are reached through `layers`.
"""
