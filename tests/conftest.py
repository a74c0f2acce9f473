"""For all tests: windows are drawn in memory, whatever display this machine has."""

from __future__ import annotations

import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"
