"""The error workbook: the sender's own rows with what is wrong marked in them, to mend and return.

What may be shown of a delivery is `shown` (shapes), `lists` and `surveys`; where each finding is
marked and what would be right is `marks`; how it looks is `writer` and `guide`. Deciding on a
delivery, and where the file is put, is elsewhere (`intake.process`, `intake.sender_report`).
"""
