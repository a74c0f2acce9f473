#!/bin/sh
# Let a double click on a .posecheck file open it with posecheck, for this user (Linux desktops).
# The freedesktop.org specifications of shared MIME information and of MIME applications.
set -eu
command -v posecheck >/dev/null || { echo "posecheck is not on the PATH; install it first." >&2; exit 2; }
here=$(dirname "$0")
data=${XDG_DATA_HOME:-$HOME/.local/share}
mkdir -p "$data/mime/packages" "$data/applications"
cp "$here/posecheck-routine.xml" "$data/mime/packages/"
cp "$here/posecheck-routine.desktop" "$data/applications/"
update-mime-database "$data/mime"
# Each desktop has one of these two or both.
if command -v update-desktop-database >/dev/null; then
  update-desktop-database "$data/applications"
fi
if command -v xdg-mime >/dev/null; then
  xdg-mime default posecheck-routine.desktop application/x-posecheck-routine
fi
echo "Files that end with .posecheck now open with posecheck."
