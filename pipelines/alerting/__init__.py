"""Telling people that something has to be done: what is told, once each, and how it gets there.

`kinds` declares what may be told, `alert` is one such message, `book` keeps what has been told,
`channels` carry it. Nothing here knows Dagster; who finds something calls `telling.tell`.
"""
