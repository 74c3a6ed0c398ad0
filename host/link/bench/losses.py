"""Asks a simulated board 100,000 questions over a pseudo-terminal, through the model of a USB chip that loses bytes.

    python3 host/link/bench/losses.py BINARY [--questions N] [--loss SHARE]

The board is the emitted Verilog of the ULX3S with its serial port, in Verilator. One network answers all twenty tasks, with the stories
of the official text where it is there. Every answer is compared with the integer model's: word and logit. The result goes to
docs/results/link-losses.json; the exit code is 1 where an answer differs.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
MODEL = ROOT / "models/all.safetensors"
RESULT = ROOT / "docs/results/link-losses.json"
TASKS = range(1, 21)
BOARD = "ulx3s-25f"


def addressing(engram):
    """The addressing of the model, which the board must have."""
    command = [engram, "eval", MODEL, "--task", "1", "--questions", "1", "--json"]
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)["addressing"]


def ask(engram, port, task, questions):
    """The report of a task's questions; their stories are loaded and asked on the board at the port."""
    command = [engram, "eval", MODEL, "--task", str(task), "--questions", str(questions), "--on", port, "--json"]
    process = subprocess.run(command, capture_output=True, text=True)
    if not process.stdout:
        sys.exit(f"task {task}: {process.stderr}")
    return json.loads(process.stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("engram", help="the binary")
    parser.add_argument("--questions", type=int, default=100_000, help="questions in all [default: 100000]")
    parser.add_argument("--loss", default="0.0005", help="the share of bytes that are lost [default: 0.0005]")
    arguments = parser.parse_args()
    engram = os.path.abspath(arguments.engram)
    usb = f"ft231x,latency=1,loss={arguments.loss}"
    serve = [engram, "serve", "--board", BOARD, "--on", "verilator", "--usb", usb, "--json"]
    serve += ["--addressing", addressing(engram)]
    board = subprocess.Popen(serve, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        port = json.loads(board.stdout.readline())["path"]
        asked, wrong, rounds, start, source = 0, 0, 0, time.time(), None
        while asked < arguments.questions:
            rounds += 1
            for task in TASKS:
                left = arguments.questions - asked
                if left == 0:
                    break
                report = ask(engram, port, task, min(left, 1000))
                asked += report["questions"]
                wrong += report["disagreements"]
                source = report["source"]
                print(f"round {rounds}, task {task}: {asked} asked, {wrong} differ", file=sys.stderr, flush=True)
    finally:
        board.terminate()
        board.wait()
    result = {
        "board": BOARD,
        "usb": usb,
        "source": source.split()[0],
        "questions": asked,
        "disagreements": wrong,
        "seconds": round(time.time() - start, 1),
    }
    RESULT.write_text(json.dumps(result, indent=2) + "\n")
    print(json.dumps(result, indent=2))
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main()
