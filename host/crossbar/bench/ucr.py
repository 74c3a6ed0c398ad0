"""Recordings of ten sets of the UCR and UEA archives, learnt by `engram train` without a recipe, beside 1-NN-DTW.

`make ucr` runs it. The sets come with aeon's wheel (PyPI), of which nothing but its data is used. Each set is trained from
some seeds; what was finished before, in build/ucr/runs, is not done again. Writes docs/results/ucr.json and docs/results-ucr.md.
"""

import argparse
import json
import os
import statistics
import subprocess
from pathlib import Path

SETS = [
    "ACSF1", "ArrowHead", "BasicMotions", "GunPoint", "ItalyPowerDemand", "JapaneseVowels", "JapaneseVowels_eq", "OSULeaf",
    "PickupGestureWiimoteZ", "PickupGestureWiimoteZ_eq",
]

# The test errors that are to be reached, in percent.
MARKS = {"GunPoint": 9.3, "ItalyPowerDemand": 5.0, "ArrowHead": 30.0, "PickupGestureWiimoteZ": 34.0}


# Why a set is worse than 1-NN-DTW, where it is known.
WHY = {
    "BasicMotions": "each of its 40 training recordings is 2.5 points, and several windows have an error of 0 to 5 % on them, so that the "
    "choice among them is nearly a guess. Its own recipe (`--set basic-motions`) does better.",
    "PickupGestureWiimoteZ_eq": "its recordings were filled up with noise to 361 steps, so that a network has to keep a gesture of as "
    "few as 29 steps over noise. Give recordings as long as they are: those of PickupGestureWiimoteZ are the same without the noise.",
}


def output(*command):
    result = subprocess.run([str(word) for word in command], check=True, stdout=subprocess.PIPE)
    return json.loads(result.stdout)


def files(data, name):
    folder = data / name.removesuffix("_eq")
    return folder / f"{name}_TRAIN.ts", folder / f"{name}_TEST.ts"


def once(path, compute):
    """What was computed before, or is now."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(compute())
        path.with_suffix(".part").write_text(text)
        path.with_suffix(".part").rename(path)
    return json.loads(path.read_text())


def trained(binaries, runs, data, name, seed):
    train, test = files(data, name)
    out = runs / f"{name}-{seed}.safetensors"
    command = [binaries / "engram", "train", "--sequences", train, "--test", test, "--seed", seed, "--out", out, "--json"]
    report = once(runs / f"{name}-{seed}.json", lambda: output(*command))
    chosen = next(one for one in report["chosen"]["candidates"] if one["chosen"])
    return {
        "seed": seed,
        "test_error_percent": report["test"]["error_percent"],
        "validation_error_percent": report["validation_error_percent"],
        "bits": chosen["precisions"]["weights"],
        "windowing": chosen["windowing"],
        "covered": chosen["covered"],
        "epochs": report["float_epochs"] + report["epochs"],
        "seconds": report["seconds"],
        "cpu_seconds": report["cpu_seconds"],
    }


def measured(binaries, runs, data, name, seeds):
    nearest = once(runs / f"{name}-nearest.json", lambda: output(binaries / "examples/nearest", *files(data, name)))
    models = [trained(binaries, runs, data, name, seed) for seed in seeds]
    return {"name": name, **nearest, "models": models}


def finished(runs, name):
    """The seeds of a set that were trained with."""
    return sorted(int(path.stem.rpartition("-")[2]) for path in runs.glob(f"{name}-[0-9]*.json"))


def windows(windowing):
    text = str(windowing["window"])
    text += f"/{windowing['stride']}" if windowing["stride"] != windowing["window"] else ""
    return text + (f" x {windowing['pool']}" if windowing["pool"] > 1 else "")


def spread(numbers):
    mean = f"{statistics.mean(numbers):.1f}"
    return f"{mean} ± {statistics.stdev(numbers):.1f}" if len(numbers) > 1 else mean


def each(texts):
    """Each text once, with its number where there are several."""
    counts = {text: texts.count(text) for text in texts}
    return ", ".join(text if len(counts) == 1 else f"{text} ({count})" for text, count in counts.items())


def row(one):
    models = one["models"]
    of = lambda key: [model[key] for model in models]
    length = one["longest"] if one["shortest"] == one["longest"] else f"{one['shortest']} to {one['longest']}"
    cells = [
        one["name"], f"{one['train']} / {one['test']}", one["classes"], one["channels"], length,
        f"{one['majority_error_percent']:.1f}", f"{one['dtw_error_percent']:.1f}", f"{one['dtw_band_error_percent']:.1f}",
        len(models), f"**{spread(of('test_error_percent'))}**", spread(of("validation_error_percent")), each([str(bits) for bits in of("bits")]),
        each([windows(windowing) for windowing in of("windowing")]),
        f"{statistics.mean(of('cpu_seconds')):.0f} ({statistics.mean(of('seconds')):.0f})",
    ]
    return "| " + " | ".join(map(str, cells)) + " |"


def mark(one):
    found = statistics.mean(model["test_error_percent"] for model in one["models"])
    most = MARKS[one["name"]]
    bits = each([str(model["bits"]) for model in one["models"]])
    return f"| {one['name']} | {most:.1f} | {found:.1f} | {bits} | {'yes' if found <= most else 'no'} |"


def page(report):
    sets = report["sets"]
    of = lambda one: statistics.mean(model["test_error_percent"] for model in one["models"])
    as_good = [one["name"] for one in sets if of(one) <= one["dtw_error_percent"]]
    others = [one["name"] for one in sets if one["name"] not in as_good]
    absent = [name for name in SETS if name not in as_good + others]
    return f"""# Recordings of one's own

<!-- `make ucr` writes this page. -->
Sets of recordings of the UCR and UEA archives, as they come with aeon {report['aeon']}, learnt without a recipe:

    engram train --sequences TRAIN.ts --test TEST.ts --out m.safetensors

engram chooses how it takes the recordings: how many successive steps stand side by side as one step, whether such windows overlap, how many
steps are replaced by their mean, which share of the values the converters' range holds, 4 bits or 8. It chooses by the error of networks
on training recordings that they have not learnt ([how](howto/dataset.md)). Then it trains with all training recordings. The test recordings
have no part in it. A network of windows is an ordinary LSTM of more inputs, at most 64, so that devices and proofs are the same.

Errors are in percent, mean and standard deviation over so many seeds, each with its own choice. `validation` is the error by which
the choice was made. Windows `16/8 x 2`: 16 steps side by side, one window every 8, of means of 2 steps. Bits are those of weights and
converters; numbers in parentheses count seeds. Seconds are those of processors for the whole command, the choice included; in parentheses those that passed, on {report['processors']}
cores that other work shared. 1-NN-DTW: the nearest training recording by dynamic time warping, without a band and with one of 10 %.
`majority`: the most frequent class of the training recordings for all.

| set | recordings, train / test | classes | channels | steps | majority | 1-NN-DTW | with a band | seeds | engram | validation | bits | windows | seconds |
|---|---|---|---|---|---|---|---|---|---|---|---|---|---|
{chr(10).join(map(row, sets))}

As good as 1-NN-DTW without a band, or better, by the mean: {', '.join(as_good) or 'none'}. Worse: {', '.join(others) or 'none'}.
{f"{chr(10)}Not trained yet: {', '.join(absent)}.{chr(10)}" if absent else ""}{''.join(f"{chr(10)}{name}: {WHY[name]}{chr(10)}" for name in others if name in WHY)}
| set | error at most | engram | bits | reached |
|---|---|---|---|---|
{chr(10).join(mark(one) for one in sets if one['name'] in MARKS)}

`docs/results/ucr.json` has each seed. `make ucr` trains what is not in build/ucr/runs, and writes both files.
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binaries", type=Path, required=True, help="the folder of the release build")
    parser.add_argument("--data", type=Path, required=True, help="the folder aeon/datasets/data of aeon's wheel")
    parser.add_argument("--runs", type=Path, default=Path("build/ucr/runs"), help="the folder of finished runs")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--sets", nargs="*", default=SETS)
    parser.add_argument("--out", type=Path, default=Path("docs"))
    arguments = parser.parse_args()
    measure = lambda name, seeds: measured(arguments.binaries, arguments.runs, arguments.data, name, seeds)
    for name in arguments.sets:
        print(row(measure(name, range(1, arguments.seeds + 1))), flush=True)
    sets = [(name, finished(arguments.runs, name)) for name in SETS]
    sets = [measure(name, seeds) for name, seeds in sets if seeds]
    report = {"aeon": "1.6.0", "processors": os.cpu_count(), "sets": sets}
    (arguments.out / "results/ucr.json").write_text(json.dumps(report, indent=1) + "\n")
    (arguments.out / "results-ucr.md").write_text(page(report))


if __name__ == "__main__":
    main()
