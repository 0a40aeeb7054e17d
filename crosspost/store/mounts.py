"""On which file system a folder lies, where the system tells."""

import re
from pathlib import Path

_NETWORK = re.compile(
    r"nfs\d?|cifs|smb\d?|smbfs|9p|afs|ceph|glusterfs|lustre|beegfs|gpfs|ocfs2|gfs2?|ncpfs|coda|davfs"
    r"|fuse\.(sshfs|glusterfs|ceph.*|s3fs|rclone|davfs.*|smbnetfs|curlftpfs|gcsfuse|juicefs|mfs|goofys)"
)
MOUNTS = Path("/proc/self/mountinfo")


def network_file_system(folder: Path, mounts: Path = MOUNTS) -> str:
    """Return the kind of network file system a folder lies on; "" for a local one, or where nobody knows."""
    _, kind = _nearest(folder, mounts)
    return kind if _NETWORK.fullmatch(kind) else ""


def volume_of(folder: Path, mounts: Path = MOUNTS) -> Path | None:
    """Return where the file system is mounted that a folder lies on; None where nobody knows."""
    return _nearest(folder, mounts)[0]


def _nearest(folder: Path, mounts: Path) -> tuple[Path | None, str]:
    """Return the mount point that a folder lies below, and its kind."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return None, ""  # not Linux
    nearest: tuple[Path | None, str] = None, ""
    longest = -1
    here = folder.resolve()
    for line in lines:
        # proc(5): ID PARENT MAJOR:MINOR ROOT MOUNT-POINT OPTIONS [TAGS...] - KIND SOURCE OPTIONS
        before, _, after = line.partition(" - ")
        fields, kind = before.split(" "), after.split(" ")[0]
        if len(fields) < 5:
            continue
        place = Path(re.sub(r"\\([0-7]{3})", lambda match: chr(int(match[1], 8)), fields[4]))
        # A later line covers an earlier one on the same place.
        if here.is_relative_to(place) and len(place.parts) >= longest:
            nearest, longest = (place, kind), len(place.parts)
    return nearest
