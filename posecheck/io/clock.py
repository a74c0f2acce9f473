"""Time that runs evenly, and a time of day that follows the system's time zone."""

from __future__ import annotations

import os
import time


def steady_s() -> float:
    """Seconds since some moment in the past, whatever happens to the clock. Where the system can
    tell, the sleep of the computer counts."""
    for name in ("CLOCK_BOOTTIME", "CLOCK_MONOTONIC_RAW"):  # Linux; macOS, where it counts sleep
        if hasattr(time, name):
            return time.clock_gettime(getattr(time, name))
    return time.monotonic()  # Windows


def follow_time_zone() -> None:
    """Let `datetime.now` use the zone that the system has now. A program keeps the zone of its
    start otherwise, also on a laptop that travels. Costs microseconds. Windows keeps it anyway."""
    if not hasattr(time, "tzset"):
        return
    # The C library looks at a zone file again only when TZ is spelt in another way than before.
    zone = os.environ.get("TZ", "").removeprefix(":")
    if zone.startswith("/"):
        os.environ["TZ"] = zone[1:] if zone.startswith("//") else "/" + zone
    time.tzset()
