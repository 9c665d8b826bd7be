"""A PostgreSQL of the test's own: Debian's programs, a folder and a socket below /tmp, no TCP."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROLE = "monitor"
DATABASE = "dagster"


def programs() -> Path | None:
    """Where initdb and pg_ctl are; Debian keeps them out of the PATH."""
    found = shutil.which("initdb")
    places = [Path(found).resolve().parent] if found else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((place for place in places if (place / "pg_ctl").exists()), None)


@contextmanager
def cluster(programs: Path) -> Iterator[str]:
    """Make and start one, with an empty database; gives its URL."""
    # a socket's path may be 107 characters long, and root's tmp folders are closed to others
    folder = Path(tempfile.mkdtemp(prefix="monitor-pg-", dir="/tmp"))
    user = _unprivileged()
    if user:
        shutil.chown(folder, user)

    def run(program: str, *arguments: str) -> None:
        command = [str(programs / program), *arguments]
        # a server that kept our pipes would be waited for
        with (folder / "said").open("ab") as said:
            done = subprocess.run(
                command, user=user, cwd="/", stdout=said, stderr=said, check=False
            )
        assert done.returncode == 0, (folder / "said").read_text()

    data = str(folder / "data")
    options = f"-k {folder} -c listen_addresses= -c fsync=off -c shared_buffers=16MB"
    try:
        run("initdb", "-D", data, "-U", ROLE, "--auth=peer", "--auth-local=trust", "--no-sync")
        run("pg_ctl", "-D", data, "-w", "-l", str(folder / "log"), "-o", options, "start")
        run("createdb", "-h", str(folder), "-U", ROLE, DATABASE)
        yield f"postgresql://{ROLE}@/{DATABASE}?host={folder}"
    finally:
        if (folder / "data" / "postmaster.pid").exists():
            run("pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged() -> str | None:
    """Whom to run it as: PostgreSQL refuses to be run by root."""
    if os.getuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"
