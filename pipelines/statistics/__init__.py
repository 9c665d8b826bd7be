"""Methods a statistician signs: disclosure control and the arithmetic of published figures.

Pure functions over tables of cells; nothing here knows of files, Dagster or DuckDB.
"""
