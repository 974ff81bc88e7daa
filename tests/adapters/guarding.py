"""Look after a PostgreSQL server as long as somebody holds the other end: run as a program.

    python guarding.py PROGRAMS FOLDER USER

PROGRAMS is the folder of ``initdb`` and ``postgres``; FOLDER is for the data, and is removed at the
end; USER is who runs them, empty for who runs this. Each line of the input is an order, ``start
PORT SETTING...`` or ``stop``, and is answered with a line: ``done``, or what went wrong. At the end of
the input the server is stopped, so that none outlives the tests, even if they are killed.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path
from shutil import chown, rmtree

STARTS_WITHIN = 60
"""Seconds."""

INITDB = ("initdb", "--auth=trust", "--username=billing", "--encoding=UTF8", "--no-sync")
# Sorted as people do it: who relies on another order has to ask for it.
NATURAL = ("--locale=C", "--locale-provider=icu", "--icu-locale=en")
PLAIN = ("--locale=C",)


class Guard:
    """One server and its data."""

    def __init__(self, programs: str, folder: str, user: str) -> None:
        self.programs = Path(programs)
        self.folder = Path(folder)
        self.user = user or None
        self.server: subprocess.Popen[bytes] | None = None
        if self.user:
            chown(self.folder, self.user)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def command(self, name: str, *arguments: str) -> list[str]:
        """Give the command of a program."""
        return [str(self.programs / name), *arguments]

    def prepare(self) -> None:
        """Make the data, if there are none."""
        if self.data.exists():
            return
        for locale in (NATURAL, PLAIN):
            made = subprocess.run(
                self.command(*INITDB, *locale, f"--pgdata={self.data}"),
                cwd=self.folder,
                user=self.user,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                check=False,
            )
            if made.returncode == 0:
                return
            rmtree(self.data, ignore_errors=True)
        raise OSError(made.stderr)

    def start(self, port: str, *settings: str) -> None:
        """Start the server, and wait until it answers."""
        self.prepare()
        chosen = [
            f"port={port}",
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            *settings,
        ]
        options = [part for setting in chosen for part in ("-c", setting)]
        with (self.folder / "log").open("ab") as log:
            self.server = subprocess.Popen(
                self.command("postgres", "-D", str(self.data), *options),
                cwd=self.folder,
                user=self.user,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # What ends the tests by the keyboard is no order to the server.
                start_new_session=True,
            )
        asked = self.command("pg_isready", "--quiet", "--host=127.0.0.1", f"--port={port}")
        given_up = time.monotonic() + STARTS_WITHIN
        while subprocess.run(asked, check=False, stdin=subprocess.DEVNULL).returncode:
            if self.server.poll() is not None or time.monotonic() > given_up:
                self.stop()
                raise OSError((self.folder / "log").read_text("utf-8", "replace")[-2000:])
            time.sleep(0.03)

    def stop(self) -> None:
        """Stop it at once, as when the power fails; what it had committed it has."""
        if self.server is not None:
            self.server.send_signal(signal.SIGQUIT)  # it stops all of its processes
            try:
                self.server.wait(20)
            except subprocess.TimeoutExpired:
                self.server.kill()
                self.server.wait()
            self.server = None


def main(programs: str, folder: str, user: str) -> None:
    """Carry out orders until there are no more."""
    guard = Guard(programs, folder, user)
    try:
        for order in sys.stdin:
            name, *arguments = order.split()
            try:
                {"start": guard.start, "stop": guard.stop}[name](*arguments)
            except OSError as error:
                print("failed:", *str(error).split(), flush=True)  # noqa: T201
            else:
                print("done", flush=True)  # noqa: T201
    finally:
        guard.stop()
        rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    # It ends when its input does, and not before.
    for each in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM, signal.SIGPIPE):
        signal.signal(each, signal.SIG_IGN)
    main(*sys.argv[1:])
