"""Readers: from a delivered file to text, one module per format.

A reader knows a container (delimited text, workbook, zip, SurveyXact set, minutes) and nothing of
what the columns mean. It hands over every cell as the text the sender wrote, or says in a finding
or a rejection why it cannot. Types, code lists and contracts come afterwards, in conform.
"""
