"""A new wave's questionnaire held against the last one's: what a code book should say, proposed.

`questionnaire` reads what an export asks, `similarity` compares texts, `answers` and `compare`
say what became of each question, `proposal` writes it down for a person to decide, `acceptance`
puts it in force. Nothing here touches the warehouse or an answer of a respondent.
"""
