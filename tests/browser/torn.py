"""What a kill may leave of Chromium's database: the beginning of a record."""

from pathlib import Path

BLOCK, HEADER = 32 * 1024, 7  # bytes, of LevelDB's log
LONGEST = 900


def half_a_record(folder: Path) -> bool:
    """Chromium goes on behind it, and cannot read what follows; False where none can be."""
    logs = sorted(folder.glob("*.log"), key=lambda path: path.stat().st_mtime)
    if not logs or not (size := logs[-1].stat().st_size):
        return False
    room = BLOCK - size % BLOCK - HEADER
    length = min(room, LONGEST)
    if length < 2:
        return False
    checksum, kind = b"half", b"\x01"
    with logs[-1].open("ab") as end:
        end.write(checksum + length.to_bytes(2, "little") + kind + b"x" * (length // 2))
    return True


def databases(profile: Path) -> list[Path]:
    """Where the outbox is, and where its second copies are."""
    return sorted(path for path in profile.rglob("*indexeddb.leveldb") if path.is_dir())
