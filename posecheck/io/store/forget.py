"""Deletes what posecheck keeps of a user."""

from __future__ import annotations

from contextlib import closing, suppress
from dataclasses import replace

from posecheck.io.diagnosis.crash import forget_diagnosis
from posecheck.io.paths import data_home, log_home, settings_home
from posecheck.io.routines.programme import remove_programme
from posecheck.io.store.desk_profile import forget_profiles
from posecheck.io.store.desk_store import DeskStore
from posecheck.io.store.file_lock import FileLock
from posecheck.io.store.history import HistoryStore
from posecheck.io.store.settings import load_settings, save_settings
from posecheck.io.store.window_places import forget_places


def forget_everything() -> None:
    """Delete sessions, answers about pain, days at the desk, calibrations, the programme, logs,
    crash files, the places of windows, and the lock files that no program uses. Raises
    OutputError."""
    with closing(HistoryStore()) as store:
        store.delete_all()
    with closing(DeskStore()) as days:
        days.forget_all()
    settings, _ = load_settings()
    if settings.comfort:
        save_settings(replace(settings, comfort=()))
    remove_programme()
    forget_profiles()
    forget_diagnosis()
    forget_places()
    forget_locks()


def forget_locks() -> None:
    """Delete the lock files that no program uses now; others go with a later deletion."""
    for folder in {settings_home(), data_home(), log_home()}:
        for path in folder.glob("*.lock") if folder.is_dir() else ():
            with suppress(OSError):
                FileLock(path).remove()
