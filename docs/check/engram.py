"""The program `engram`: its reports, and the boards that it simulates."""
import json
import subprocess


class Engram:
    def __init__(self, binary):
        self.binary = binary

    def start(self, *arguments):
        return [self.binary, *map(str, arguments), "--json"]

    def report(self, *arguments):
        done = subprocess.run(self.start(*arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if done.returncode:
            raise SystemExit(f"engram {' '.join(map(str, arguments))} ended with {done.returncode}: {done.stderr}")
        return json.loads(done.stdout)

    def succeeds(self, *arguments):
        return subprocess.run(self.start(*arguments), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0

    def trace(self, *arguments):
        """(the report, its values by name)."""
        report = self.report("trace", *arguments)
        return report, {each["name"]: each["values"] for each in report["trace"]}


class Board:
    """A simulated board: `engram serve`, from `with` on; its value is the path of the serial port."""

    def __init__(self, engram, *arguments):
        self.command = engram.start("serve", "--on", "simulation", *arguments)

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        return json.loads(self.process.stdout.readline())["path"]

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()
