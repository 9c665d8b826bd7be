"""What keeps personal data behind the gate: keys, encryption, pseudonyms, what looks personal.

Mechanics only. Which field is personal is declared in the contracts; what is archived, loaded or
erased is decided in `intake` and the commands.
"""
