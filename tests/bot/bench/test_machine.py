from pathlib import Path

from bot.bench.machine import cpu_model, disk_used, memory_held, most_memory_held, this_machine


def test_a_processor_is_named_as_its_system_names_it():
    assert cpu_model("processor\t: 0\nmodel name\t: AMD EPYC 9B45\nflags\t: fpu\n") == "AMD EPYC 9B45"
    assert cpu_model("processor\t: 0\n") == ""


def test_a_machine_is_described_without_its_name():
    machine = this_machine()
    assert machine.cores >= 1
    assert machine.memory_gb > 0
    assert str(machine).startswith(machine.cpu)
    assert set(machine.as_json()) == {"cpu", "cores", "memory_gb", "system", "python"}


def test_a_process_holds_memory_and_a_folder_what_is_in_it(tmp_path: Path):
    assert memory_held() > 1
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "file").write_bytes(bytes(2**20))
    assert disk_used(tmp_path) == disk_used(tmp_path / "deep" / "file") == 1
    assert disk_used(tmp_path / "nothing") == 0


def test_the_most_that_was_held_is_remembered_when_it_is_held_no_more():
    before = most_memory_held()
    held = memory_held()
    much = bytearray(int(before - held + 64) * 2**20)
    del much
    assert most_memory_held() > before + 32
    assert memory_held() < most_memory_held()
