"""Which machine measured: its processor, cores, memory and system, and what this process holds of it."""

import os
import platform
import re
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

_MB = 2**20
_CPUINFO = Path("/proc/cpuinfo")
_STATM = Path("/proc/self/statm")
_STATUS = Path("/proc/self/status")
_PEAK = re.compile(r"^VmHWM:\s+(?P<kb>\d+) kB$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Machine:
    """What a reader needs to know to compare absolute figures."""

    cpu: str
    cores: int
    memory_gb: float
    system: str
    python: str

    def __str__(self) -> str:
        return f"{self.cpu}, {self.cores} cores, {self.memory_gb:g} GB, {self.system}, Python {self.python}"

    def as_json(self) -> dict[str, str | int | float]:
        """The same, field by field."""
        return asdict(self)


def this_machine() -> Machine:
    """The one that runs this, as its system describes it."""
    return Machine(
        cpu=cpu_model(_CPUINFO.read_text("utf-8")) if _CPUINFO.exists() else platform.processor(),
        cores=usable_cores(),
        memory_gb=round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        system=f"{_system()} {platform.machine()}",
        python=platform.python_version(),
    )


def cpu_model(cpuinfo: str) -> str:
    """The processor's name in the text of /proc/cpuinfo; empty where it has none."""
    names = (line.partition(":") for line in cpuinfo.splitlines())
    return next((name.strip() for key, _, name in names if key.strip() == "model name"), "")


def usable_cores() -> int:
    """How many cores this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def memory_held() -> float:
    """What this process holds in memory now, in MB (RSS)."""
    if _STATM.exists():
        return int(_STATM.read_text("utf-8").split()[1]) * os.sysconf("SC_PAGE_SIZE") / _MB
    return _most_ever()


def most_memory_held() -> float:
    """The most that this process held in memory since its start, in MB (peak RSS)."""
    peak = _PEAK.search(_STATUS.read_text("utf-8")) if _STATUS.exists() else None
    return int(peak["kb"]) / 1024 if peak else _most_ever()


def _most_ever() -> float:
    # Second best: on Linux the peak of the process that started this one counts too.
    import resource  # noqa: PLC0415 - Windows has none

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / _MB


def disk_used(path: Path) -> float:
    """The size of a file, or of all files in a folder, in MB; 0 for what is not there."""
    files = [path] if path.is_file() else path.rglob("*")
    return sum(file.stat().st_size for file in files if file.is_file()) / _MB


def _system() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        return f"{platform.system()} {platform.release()}"
