"""The windows (PySide6): home, session, settings, summary. What is drawn goes through `painter`."""
