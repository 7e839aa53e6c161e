"""One process owns the data folder."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.data_folder import is_owned, owned
from bot.errors import DataInUseError

_HOLD = "import sys, pathlib\nfrom bot.data_folder import owned\nwith owned(pathlib.Path(sys.argv[1])):\n print('held', flush=True)\n sys.stdin.read()"


def test_a_second_process_is_refused_and_told_which_process_owns_the_folder(tmp_path: Path):
    with subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == "held\n"
        assert is_owned(tmp_path)
        with (
            pytest.raises(DataInUseError, match=rf"in use by another Papercord \(process {owner.pid}\)"),
            owned(tmp_path),
        ):
            pass
        owner.communicate("")
    assert not is_owned(tmp_path)


def test_a_process_that_died_leaves_no_lock_behind(tmp_path: Path):
    with subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as owner:
        assert owner.stdout is not None
        owner.stdout.readline()
        owner.kill()
    with owned(tmp_path):
        assert (tmp_path / "owner.pid").read_text() == f"{os.getpid()}\n"
    assert not is_owned(tmp_path)


def test_asking_whether_a_folder_is_owned_makes_nothing(tmp_path: Path):
    assert not is_owned(tmp_path / "new")
    assert not (tmp_path / "new").exists()
