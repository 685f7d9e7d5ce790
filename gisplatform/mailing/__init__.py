"""Handing mails over so that each goes once, or it is known where that is in doubt: for every outbox."""
