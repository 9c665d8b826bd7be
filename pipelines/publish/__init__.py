"""From the finished warehouse to what readers get: released cells, tables, figures, a site.

Nothing here computes an indicator (dbt does) or decides what is confidential (`disclosure` does).
`service` is the way in.
"""
