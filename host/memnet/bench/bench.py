"""`make bench`: questions and epochs a second, beside onnxruntime and JAX, and the speed of the simulations, in one run.

Everything runs on one thread and is measured in processor time; contenders take turns for some rounds, and of each the
best round counts, because the machine may be shared. Prints tables and writes docs/results/bench.json.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
from importlib.metadata import version
from pathlib import Path

import inference
import training

TASKS = range(1, 21)
TRAINED_TASKS = (1, 4, 6)
EPOCHS_MODEL, EPOCHS_FEW, EPOCHS_MANY = 5, 20, 80
MODELS, WORK = Path("models"), Path("build/bench")
ONE_THREAD = os.environ | {"RAYON_NUM_THREADS": "1"}
# Nothing ends early, and every epoch computes in the mode's own arithmetic.
RECIPE = "patience = 1000\nlinear_epochs = 0\nsmooth_epochs = 0\n"


def data():
    """The folder of the official text, as `engram` finds it; None where there is none."""
    named = os.environ.get("ENGRAM_BABI")
    folder = Path(named) if named else Path("../shared/babi/en")
    folder = folder / "en" if (folder / "en").is_dir() else folder
    if folder.is_dir():
        return folder
    print(f"no bAbI text in {folder} (ENGRAM_BABI names its folder): measuring with generated text")
    return None


def call(program, *arguments):
    """What a program prints as JSON."""
    arguments = [str(argument) for argument in (program, *arguments)]
    done = subprocess.run(arguments, env=ONE_THREAD, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(arguments)}: exit code {done.returncode}: {done.stderr.strip()}")
    return json.loads(done.stdout)


def train(binaries, folder, task, out, *arguments):
    source = ["--generated"] if folder is None else ["--data", folder]
    return call(binaries / "engram", "train", *source, "--task", task, "--restarts", 1, "--json", "--out", out, *arguments)


def models(binaries, folder):
    """Gathers a model of every task in a folder: the one that is kept in the repository, else one that is trained now."""
    shutil.rmtree(WORK / "questions", ignore_errors=True)
    gathered = WORK / "questions"
    gathered.mkdir(parents=True)
    kept = []
    for task in TASKS:
        name = f"qa{task}.safetensors"
        if folder and (MODELS / name).is_file():
            shutil.copy(MODELS / name, gathered / name)
            kept.append(task)
            continue
        try:
            train(binaries, folder, task, gathered / name, "--epochs", EPOCHS_MODEL)
        except RuntimeError as error:
            if folder:
                raise
            print(f"task {task} is left out: {str(error).splitlines()[-1]}")
    return gathered, kept


def measure_inference(binaries, folder, rounds):
    gathered, kept = models(binaries, folder)
    ask = lambda: call(binaries / "examples/questions", gathered, folder or "generated", gathered)
    tasks = {task["task"]: task for task in ask()}
    networks = {number: inference.Network(json.loads((gathered / f"qa{number}.json").read_text())) for number in tasks}
    for number, task in tasks.items():
        task["model"] = f"models/qa{number}.safetensors" if number in kept else f"trained for {EPOCHS_MODEL} epochs"
    sizes = {"onnxruntime_1": 1, "onnxruntime_128": 128}
    rivals = {number: {name: inference.Contender(network, size) for name, size in sizes.items()}
              for number, network in networks.items()}
    for _ in range(rounds):
        for measured in ask():
            task = tasks[measured["task"]]
            for name in ("alone", "in_its_story"):
                task[name] = max(task[name], measured[name])
            for name, rival in rivals[measured["task"]].items():
                task[name] = max(task.get(name, 0), rival.rate())
    contenders = ("alone", "in_its_story", *sizes)
    questions = sum(task["questions"] for task in tasks.values())
    total = {name: questions / sum(task["questions"] / task[name] for task in tasks.values()) for name in contenders}
    return {"questions": questions, "tasks": list(tasks.values()), "questions_a_second": total,
            "ratio": {name: total["alone"] / total[name] for name in sizes}}


def measure_training(binaries, folder, rounds):
    recipe = WORK / "recipe.toml"
    recipe.write_text(RECIPE)
    modes = {"float": ("--mode", "float", "--addressing", "dot"), "qmann": ("--mode", "qmann")}
    rows = []
    for task in TRAINED_TASKS:
        exported = WORK / "questions" / f"qa{task}.json"
        if not exported.is_file():
            continue
        rival = training.Contender(json.loads(exported.read_text()))
        seconds = {(mode, epochs): float("inf") for mode in modes for epochs in (EPOCHS_FEW, EPOCHS_MANY)}
        jax = {}
        for _ in range(rounds):
            for mode, epochs in seconds:
                arguments = (*modes[mode], "--recipe", recipe, "--epochs", epochs)
                measured = train(binaries, folder, task, WORK / "trained.safetensors", *arguments)["cpu_seconds"]
                seconds[mode, epochs] = min(seconds[mode, epochs], measured)
            for name, measured in rival.seconds().items():
                jax[f"jax_{name}"] = min(jax.get(f"jax_{name}", float("inf")), measured)
        epoch = {mode: (seconds[mode, EPOCHS_MANY] - seconds[mode, EPOCHS_FEW]) / (EPOCHS_MANY - EPOCHS_FEW) for mode in modes}
        ratio = {name: measured / epoch["float"] for name, measured in jax.items()}
        rows.append({"task": task, "seconds_an_epoch": epoch | jax, "ratio": ratio})
    return rows


def machine():
    names = [line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line]
    return {"processor": names[0] if names else platform.processor(), "cores": os.cpu_count(), "load": os.getloadavg()[0],
            "system": platform.system(),
            "python": platform.python_version()} | {name: version(name) for name in ("onnxruntime", "jax", "numpy")}


def print_table(title, head, rows):
    print(f"\n{title}")
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    for row in (head, *rows):
        print("  " + "  ".join(text.rjust(width) for text, width in zip(row, widths)))


def report(results):
    answered = results["inference"]
    names = ("alone", "in_its_story", "onnxruntime_1", "onnxruntime_128")
    cells = lambda rates: [f"{rates[name]:,.0f}" for name in names]
    rows = [[f"qa{task['task']}", f"{task['sentences_a_question']:.1f}", *cells(task)] for task in answered["tasks"]]
    rows.append(["all", "", *cells(answered["questions_a_second"])])
    head = ["task", "sentences", "integer model", "story sent once", "onnxruntime, batch 1", "batch 128"]
    print_table(f"questions a second, one core, {results['data']}", head, rows)
    ratio = answered["ratio"]
    print(f"the integer model answers {ratio['onnxruntime_1']:.1f} times as many as onnxruntime at batch 1, "
          f"{ratio['onnxruntime_128']:.1f} times as many as at batch 128")
    names = ("float", "qmann", "jax_gather", "jax_counts")
    rows = [[f"qa{row['task']}", *(f"{1e3 * row['seconds_an_epoch'][name]:.2f}" for name in names),
             *(f"{row['ratio'][name]:.1f}" for name in names[2:])] for row in results["training"]]
    head = ["task", "float", "qmann", "jax, gather", "jax, counts", "gather / float", "counts / float"]
    print_table("milliseconds of processor time an epoch of training, one thread", head, rows)
    rows = [[body["name"], f"{body['cycles_a_second']:,.0f}" if body["cycles_a_second"] else body["left_out"]]
            for body in results["simulation"]]
    print_table("simulated clock cycles a second of processor time, preset ecp5-25f", ["body", "cycles"], rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binaries", type=Path, default=Path("target/release"), help="where cargo put its release build")
    parser.add_argument("--out", type=Path, default=Path("docs/results/bench.json"))
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    folder = data()
    measurements = arguments.binaries, folder, arguments.rounds
    results = {
        "machine": machine(),
        "data": f"official bAbI, {folder.name}" if folder else "generated",
        "rounds": arguments.rounds,
        "inference": measure_inference(*measurements),
        "training": measure_training(*measurements),
        "simulation": call(arguments.binaries / "examples/speed", "--json"),
    }
    report(results)
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_text(json.dumps(results, indent=1) + "\n")
    print(f"\nwritten to {arguments.out}")


if __name__ == "__main__":
    main()
