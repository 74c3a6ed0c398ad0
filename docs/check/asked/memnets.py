"""Memory networks: the committed ones and made-up ones of every kind, asked the questions of generated text."""
import glob
import os

import babi
import files
import made
import memnet
from geometries import MEMNET

KINDS = {
    "graded, 3 slots": dict(graded=True, slots=3),
    "xnor, padded": dict(addressing="xnor", elements=20, slots=3),
    "min, padded": dict(addressing="min", elements=20, slots=3),
    "min, graded": dict(addressing="min", graded=True),
    "dot": dict(mode="fixed", addressing="dot", kappa=0, scores=dict(shift=3, centre=20)),
    "signs": dict(mode="binary", signs=True),
    "graded, one hop": dict(hops=1, graded=True),
    "a small bound": dict(kappa=-4, elements=16),
}
NARROW = {
    "6 bits": dict(bits=6),
    "5 bits, graded": dict(bits=5, graded=True),
    "4 bits, dot": dict(bits=4, mode="fixed", addressing="dot", kappa=0, scores=dict(shift=3, centre=20)),
}
QUESTIONS = 100


def text(engram, folder, task):
    """(the folder of generated files, their test file)."""
    folder = os.path.join(folder, f"qa{task}")
    if not os.path.exists(folder):
        sizes = ("--train-questions", 10, "--test-questions", QUESTIONS)
        engram.report("data", "--task", task, "--generate", *sizes, "--out", folder)
    return folder, glob.glob(os.path.join(folder, f"qa{task}_*_test.txt"))[0]


def told(program, story):
    memory = memnet.Memory(program)
    for sentence in story:
        memory.sentence(program.words(sentence))
    return memory


def answers(count, engram, path, file):
    """All questions: answers and logits."""
    program = memnet.Program(files.read(path), MEMNET["ecp5-25f"])
    asked = [told(program, story).question(program.words(question)) for story, question, _ in babi.questions(file)]
    given = engram.report("ask", path, "--story", file)["answers"]
    count.equal(f"answers of {path}", [program.vocabulary[word] for word, _ in asked], [each["answer"] for each in given])
    count.equal(f"logits of {path}", [logit for _, logit in asked], [each["logit"] for each in given])


def traces(count, engram, path, what, folder, file, task, number):
    """So many questions: all values."""
    program = memnet.Program(files.read(path), MEMNET["ecp5-25f"])
    asked = list(babi.questions(file))
    for at in [asked_at * len(asked) // number for asked_at in range(number)]:
        story, question, _ = asked[at]
        memory = told(program, story)
        word, logit = memory.question(program.words(question))
        report, trace = engram.trace(path, "--data", folder, "--task", task, "--question", at + 1, "--preset", "ecp5-25f")
        count.same(f"{what}, question {at + 1}", memory.trace, trace)
        count.equal(f"{what}, answer", [program.vocabulary[word], str(logit)], [report["answer"], str(report["logit"])])


def wrong(count, engram, path, what, folder, file, task):
    """The number of wrong answers of a model that no device can hold."""
    program = memnet.Program(files.read(path), MEMNET["ecp5-25f"])
    ours = 0
    for story, question, answer in babi.questions(file):
        word, _ = told(program, story).question(program.words(question))
        ours += program.vocabulary[word] != answer
    report = engram.report("eval", path, "--data", folder, "--task", task)
    count.equal(f"{what}, wrong answers", [ours, QUESTIONS], [report["wrong"], report["questions"]])


def check(count, engram, random, folder, committed, quick):
    for task in (1, 6) if quick else range(1, 21):
        path = committed.format(task)
        data, file = text(engram, folder, task)
        answers(count, engram, path, file)
        traces(count, engram, path, f"task {task}", data, file, task, 1 if quick else 5)
    vocabulary = files.read(committed.format(1)).metadata["vocabulary"]
    data, file = text(engram, folder, 1)
    for what, kind in {**KINDS, **NARROW}.items():
        path = os.path.join(folder, "made.safetensors")
        files.write(path, made.memnet(random, vocabulary, **kind))
        if what in NARROW:
            wrong(count, engram, path, what, data, file, 1)
        else:
            answers(count, engram, path, file)
            traces(count, engram, path, what, data, file, 1, 1 if quick else 5)
