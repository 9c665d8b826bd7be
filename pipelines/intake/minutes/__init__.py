"""Minutes of styringsdialog meetings: their text, their head, their parts and their topics.

Everything here works behind the gate: text and participants' names come in, and only the meeting's
municipality, organisation and date and the tags of its topics go out.
"""
