"""The log of the examples in a file: whole events, or none, whatever happens while it is written."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path

import event_log
import pytest
from event_log import FileJournal

import billingcore as bc

HEAD = FileJournal.HEAD.size


@pytest.fixture
def path(tmp_path) -> Path:
    """Give the place of a log."""
    return tmp_path / "log"


def log_of(path, *events):
    """Write a log."""
    with closing(FileJournal(path)) as log:
        for event in events:
            log.append(event)
    return path.read_bytes()


def events_of(path):
    """Give the events of a log."""
    with closing(FileJournal(path)) as log:
        return [event for _, event in log.after(0)]


def test_one_process_at_a_time(path):
    """While a log is open, nobody else opens it."""
    with closing(FileJournal(path)), pytest.raises(bc.PortError, match="another process"):
        FileJournal(path)


def test_a_torn_end_is_cut_off(path):
    """At whatever byte an append ended, the events before it are there, and it is not."""
    whole = log_of(path, b"first", b"second")
    end = len(whole) - len(b"second") - HEAD
    for length in range(end, len(whole)):
        path.write_bytes(whole[:length])
        assert events_of(path) == [b"first"]
        assert path.stat().st_size == end


def test_it_goes_on_after_a_torn_end(path):
    """What is appended after a crash follows the last whole event."""
    whole = log_of(path, b"first", b"second")
    path.write_bytes(whole[:-1])
    log_of(path, b"third")

    assert events_of(path) == [b"first", b"third"]


def test_a_torn_beginning(path):
    """A file that a crash left with half of its first bytes is begun anew."""
    for length in range(len(FileJournal.MAGIC)):
        path.write_bytes(FileJournal.MAGIC[:length])
        assert events_of(path) == []


def test_zeros_at_the_end(path):
    """A file that a power failure has made longer, and filled with zeros, is cut off."""
    whole = log_of(path, b"first")
    path.write_bytes(whole + bytes(100))

    assert events_of(path) == [b"first"]


def test_the_last_event_half_written(path):
    """An event whose length is there and whose bytes are not all is cut off."""
    whole = log_of(path, b"first", b"second")
    path.write_bytes(whole[:-3] + bytes(3))

    assert events_of(path) == [b"first"]


@pytest.mark.parametrize("place", [18, 24, 30, 32])
def test_damage_is_not_cut_off(path, place):
    """A byte that is wrong before other events is no torn end, and nothing is thrown away."""
    whole = bytearray(log_of(path, b"first", b"second"))
    whole[place] ^= 1
    path.write_bytes(whole)

    with pytest.raises(bc.PortError, match="it is damaged at byte 18"):
        FileJournal(path)
    assert path.read_bytes() == whole


def test_another_file(path):
    """A file that is no log is left as it is."""
    path.write_bytes(b"id,name\n")

    with pytest.raises(bc.PortError, match="no log of a store"):
        FileJournal(path)
    assert path.read_bytes() == b"id,name\n"


def test_a_copy_of_the_process(path):
    """A process that inherits the log cannot append to it."""
    with closing(FileJournal(path)) as log:
        log._pid = os.getpid() + 1
        with pytest.raises(bc.PortError, match="use SqliteLog"):
            log.append(b"event")


def test_a_full_disk(path, monkeypatch):
    """An event that does not fit is taken back, and the next one follows the last whole one."""
    log, write = FileJournal(path), os.pwrite

    def full(file, written, place):
        write(file, written[:5], place)
        raise OSError("no space left")

    monkeypatch.setattr(event_log.os, "pwrite", full)
    with pytest.raises(OSError, match="no space"):
        log.append(b"event")
    monkeypatch.undo()
    assert path.read_bytes() == FileJournal.MAGIC
    log.append(b"next")
    log.close()

    assert events_of(path) == [b"next"]


def test_a_write_in_parts(path, monkeypatch):
    """A system that writes only some bytes at a time is asked again."""
    write = os.pwrite
    monkeypatch.setattr(event_log.os, "pwrite", lambda file, text, at: write(file, text[:3], at))
    log_of(path, b"first", b"second")
    monkeypatch.undo()

    assert events_of(path) == [b"first", b"second"]
