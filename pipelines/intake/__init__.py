"""From a delivered file to accepted rows: custody (inbox, archive, ledger) and the readers."""
