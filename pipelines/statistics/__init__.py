"""Methods a statistician signs: intervals, paired change, the arithmetic of published figures.

Pure functions; nothing here knows of files, Dagster or DuckDB. What must not be published is
decided in `pipelines.disclosure`.
"""
