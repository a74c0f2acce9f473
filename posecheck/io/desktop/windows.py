"""What Windows reports about calls, films, the lock and the battery. Follows Microsoft's
documentation; not tried."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator

from posecheck.io.desktop.facts import Facts

MICROPHONE = (
    r"Software\Microsoft\Windows\CurrentVersion\CapabilityAccessManager\ConsentStore\microphone"
)
FULL_SCREEN, PRESENTING = frozenset({2, 3, 7}), 4
"""Values of QUERY_USER_NOTIFICATION_STATE: busy (a full-screen program), a game, a full-screen app;
presentation mode."""
SESSION_INFO, UNLOCKED_AT = 25, 16
"""WTSSessionInfoEx, and the offset of its SessionFlags: 0 locked, 1 unlocked (from Windows 8)."""

Use = tuple[str, int, int]
"""The registry key of a program, its LastUsedTimeStart and LastUsedTimeStop."""


class WindowsDesktop:
    """The desktop of Windows."""

    def facts(self) -> Facts:
        if sys.platform != "win32":
            return Facts()
        import ctypes

        class Power(ctypes.Structure):
            _fields_ = (("line", ctypes.c_ubyte), ("rest", ctypes.c_ubyte * 11))

        state, power = ctypes.c_int(), Power(255)
        asked = ctypes.windll.shell32.SHQueryUserNotificationState(ctypes.byref(state))
        ctypes.windll.kernel32.GetSystemPowerStatus(ctypes.byref(power))
        known = asked == 0
        return Facts(
            microphone=programs_in_use(_uses(), sys.executable),
            full_screen=state.value in FULL_SCREEN if known else None,
            sharing=state.value == PRESENTING if known else None,
            battery={0: True, 1: False}.get(power.line),
        )

    def locked(self) -> bool | None:
        if sys.platform != "win32":
            return None
        import ctypes

        info, size = ctypes.c_void_p(), ctypes.c_ulong()
        library = ctypes.windll.wtsapi32
        if not library.WTSQuerySessionInformationW(
            None, ctypes.c_ulong(-1), SESSION_INFO, ctypes.byref(info), ctypes.byref(size)
        ):
            return None
        try:
            flags = ctypes.string_at(info, size.value)[UNLOCKED_AT : UNLOCKED_AT + 4]
            return {0: True, 1: False}.get(int.from_bytes(flags, "little"))
        finally:
            library.WTSFreeMemory(info)


def programs_in_use(uses: Iterable[Use], own: str) -> tuple[str, ...]:
    """Names of the programs whose use has begun and not ended, except the one at path `own`."""
    mine = own.replace("\\", "#").lower()
    names = (
        key.rpartition("#")[2] for key, start, stop in uses
        if start and not stop and key.lower() != mine
    )  # fmt: skip
    return tuple(dict.fromkeys(names))


def _uses() -> Iterator[Use]:
    if sys.platform != "win32":
        return
    import winreg

    for folder in (MICROPHONE, MICROPHONE + r"\NonPackaged"):
        with winreg.OpenKey(winreg.HKEY_CURRENT_USER, folder) as key:
            for name in [winreg.EnumKey(key, n) for n in range(winreg.QueryInfoKey(key)[0])]:
                with winreg.OpenKey(key, name) as program:
                    try:
                        start, stop = (
                            int(winreg.QueryValueEx(program, f"LastUsedTime{end}")[0])
                            for end in ("Start", "Stop")
                        )
                    except OSError:  # never used, or the key that holds the desktop programs
                        continue
                    yield name, start, stop
