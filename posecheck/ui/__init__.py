"""The windows (PySide6): home, session, settings, summary. Everything drawn goes through painter."""
