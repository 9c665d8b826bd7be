"""Great Expectations suites on the tables that arrive and on those that leave, and their runner.

Whole-table rules people read and sign live here. Row rules at the gate are in the contracts
(`pipelines/sources`), relations between and inside models are dbt tests; see README.md.

Nothing here imports Great Expectations at module level: that costs seconds. Suites are plain data.
"""
