"""Times and peak memory of whole processes, two commands against each other.

It knows no command: `render.py` and `template.py` do.
"""

import fcntl
import os
import re
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Result:
    """Medians over all rounds of one command."""

    milliseconds: float
    peak_kib: float


def start(command, environment, stdout):
    return subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.PIPE,
    )


def finish(process):
    """Waits for the end and gives the kernel's record of the process; fails when it fails."""
    complaint = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{' '.join(map(str, process.args))} failed:\n{complaint.decode(errors='replace')}")
    return usage


def milliseconds(command, environment):
    """Time from start to end with the output thrown away."""
    began = time.perf_counter()
    finish(start(command, environment, subprocess.DEVNULL))
    return (time.perf_counter() - began) * 1000


def peak_kib(command, environment):
    """Peak resident memory.

    What the kernel reports for a finished child counts the Python that started it, so on Linux the process's own
    peak is read while it waits with its work done: for room in a pipe that is full before it starts.
    """
    if not sys.platform.startswith("linux"):
        usage = finish(start(command, environment, subprocess.DEVNULL))
        # macOS counts bytes.
        return usage.ru_maxrss // 1024 if sys.platform == "darwin" else usage.ru_maxrss
    reading, writing = os.pipe()
    os.write(writing, bytes(fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, 4096)))
    process = start(command, environment, writing)
    os.close(writing)
    folder = Path(f"/proc/{process.pid}")
    wait_until_idle(folder)
    status = (folder / "status").read_text(encoding="ascii")
    with open(reading, "rb", buffering=0) as output:
        while output.read(65536):
            pass
    finish(process)
    (peak,) = re.findall(r"^VmHWM:\s*(\d+) kB$", status, re.MULTILINE)
    return int(peak)


def wait_until_idle(folder):
    """Returns when a process has used some processor time, and no more for a tenth of a second."""
    used, quiet = None, 0
    while quiet < 10:
        time.sleep(0.01)
        ticks = (folder / "stat").read_text(encoding="ascii").rpartition(")")[2].split()[11:13]
        sleeping = "S (sleeping)" in (folder / "status").read_text(encoding="ascii")
        quiet = quiet + 1 if ticks == used and sleeping else 0
        used = ticks


def compare(ours, theirs, rounds, environment):
    """Runs both commands in turn and gives both medians; the first round only warms the caches."""
    times = ([], [])
    peaks = ([], [])
    for number in range(rounds + 1):
        pair = [(0, ours), (1, theirs)]
        if number % 2:
            pair.reverse()
        for index, command in pair:
            elapsed = milliseconds(command, environment)
            if number:
                times[index].append(elapsed)
                # Memory hardly varies.
                if number <= 5:
                    peaks[index].append(peak_kib(command, environment))
    return tuple(Result(statistics.median(times[index]), statistics.median(peaks[index])) for index in (0, 1))


def shown(result):
    """A median time and peak, short."""
    return f"{result.milliseconds:.1f} ms {result.peak_kib / 1024:.0f} MiB"


HEADER = f"{'':>16} {'runnerctl':>18} {'helm':>18} {'faster':>8} {'memory':>8}"


def row(name, ours, theirs):
    """A line below `HEADER`."""
    faster = theirs.milliseconds / ours.milliseconds
    memory = ours.peak_kib / theirs.peak_kib
    return f"{name:>16} {shown(ours):>18} {shown(theirs):>18} {f'{faster:.1f}x':>8} {f'{memory:.2f}':>8}"
