"""Memory networks: the committed ones and made-up ones of every kind, asked the questions of generated text."""
import glob
import os

import babi
import files
import made
import memnet
from geometries import MEMNET

DOT = dict(mode="fixed", addressing="dot", kappa=0, scores=dict(shift=3, centre=20))
KINDS = {
    "graded, 3 slots": dict(graded=True, slots=3),
    "xnor, padded": dict(addressing="xnor", elements=20, slots=3),
    "min, padded": dict(addressing="min", elements=20, slots=3),
    "min, graded": dict(addressing="min", graded=True),
    "dot": dict(mode="fixed", addressing="dot", kappa=0, scores=dict(shift=3, centre=20)),
    "signs": dict(mode="binary", signs=True),
    "graded, one hop": dict(hops=1, graded=True),
    "a small bound": dict(kappa=-4, elements=16),
    "few answers": dict(tying="layer-wise", answers=4, elements=23, graded=True),
    "one answer, dot": dict(answers=1, **DOT),
    "adjacent, slots enough": dict(tying="adjacent", slots=64),
    "adjacent, shifted": dict(DOT, tying="adjacent", formats=dict(a="Q3.4", controller="Q4.3")),
    "adjacent, shifted the other way": dict(DOT, tying="adjacent", hops=4, answers=3, formats=dict(c="Q1.6", controller="Q1.6")),
}


def adjacent(geometry, hops):
    """Adjacent tying with the most slots that a geometry has for it; elements, addressing and answers are different ones."""
    kind = dict(tying="adjacent", hops=hops, slots=geometry.most_slots(True, hops), elements=geometry.elements - hops % 3)
    if hops == 2:
        return dict(kind, **DOT, answers=5)
    if hops == 3:
        return dict(kind, addressing="min", answers=3)
    return dict(kind, addressing="xnor" if hops == 4 else "hamming", answers=2 if hops == 1 else None)


ON_GEOMETRIES = {
    f"adjacent, {hops} hops on {name}": (name, adjacent(geometry, hops)) for name, geometry in MEMNET.items() for hops in range(1, 5)
}
NARROW = {
    "6 bits": dict(bits=6),
    "5 bits, graded": dict(bits=5, graded=True),
    "4 bits, dot": dict(bits=4, mode="fixed", addressing="dot", kappa=0, scores=dict(shift=3, centre=20)),
    "6 bits, adjacent": dict(bits=6, tying="adjacent", answers=6),
    "5 bits, adjacent": dict(bits=5, tying="adjacent"),
    "adjacent, 6 hops": dict(tying="adjacent", hops=6),
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


def answers(count, engram, path, file, preset="ecp5-25f"):
    """All questions: answers and logits."""
    program = memnet.Program(files.read(path), MEMNET[preset])
    asked = [told(program, story).question(program.words(question)) for story, question, _ in babi.questions(file)]
    given = engram.report("ask", path, "--story", file)["answers"]
    count.equal(f"answers of {path}", [program.vocabulary[word] for word, _ in asked], [each["answer"] for each in given])
    count.equal(f"logits of {path}", [logit for _, logit in asked], [each["logit"] for each in given])


def traces(count, engram, path, what, folder, file, task, number, preset="ecp5-25f"):
    """So many questions: all values."""
    program = memnet.Program(files.read(path), MEMNET[preset])
    asked = list(babi.questions(file))
    for at in [asked_at * len(asked) // number for asked_at in range(number)]:
        story, question, _ = asked[at]
        memory = told(program, story)
        word, logit = memory.question(program.words(question))
        report, trace = engram.trace(path, "--data", folder, "--task", task, "--question", at + 1, "--preset", preset)
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


def refusals(count, engram, random, path, vocabulary, folder):
    """What no geometry holds is refused; what is less by one is not."""
    for preset, geometry in MEMNET.items():
        for hops in range(1, 6):
            most = geometry.most_slots(True, min(hops, 4))
            for slots in (most, most + 1):
                files.write(path, made.memnet(random, vocabulary, tying="adjacent", hops=hops, slots=slots, elements=8))
                held = engram.succeeds("trace", path, "--data", folder, "--task", 1, "--preset", preset)
                count.equal(f"adjacent, {hops} hops, {slots} slots fit {preset}", hops <= 4 and slots == most, held)
    def memories(a, m, u):
        return dict(DOT, tying="adjacent", formats=dict(a=a, c=a, memory_a=m, memory_c=m, controller=u))

    for what, kind, fits in (
        ("no answer", dict(answers=0), False),
        ("answers", dict(answers=len(vocabulary)), True),
        ("more answers than words", dict(answers=len(vocabulary) + 1), False),
        ("controller 6", memories("Q1.6", "Q1.6", "Q7.0"), True),
        ("controller 7", memories("Q1.6", "Q0.7", "Q7.0"), False),
        ("two formats for m and u", dict(tying="adjacent", formats=dict(controller="Q3.4")), False),
        ("memories of two formats", dict(tying="adjacent", formats=dict(memory_c="Q3.4")), False),
        ("signs, adjacent", dict(mode="binary", signs=True, tying="adjacent"), False),
        ("graded, adjacent", dict(graded=True, tying="adjacent"), False),
    ):
        model = made.memnet(random, vocabulary, **kind)
        model.metadata["model"]["shape"].update({name: value for name, value in kind.items() if name == "answers"})
        files.write(path, model)
        count.equal(f"{what} is a program", fits, engram.succeeds("trace", path, "--data", folder, "--task", 1))


def check(count, engram, random, folder, committed, quick):
    for task in (1, 6) if quick else range(1, 21):
        path = committed.format(task)
        data, file = text(engram, folder, task)
        answers(count, engram, path, file)
        traces(count, engram, path, f"task {task}", data, file, task, 1 if quick else 5)
    vocabulary = files.read(committed.format(1)).metadata["vocabulary"]
    data, file = text(engram, folder, 1)
    path = os.path.join(folder, "made.safetensors")
    for what, kind in NARROW.items():
        files.write(path, made.memnet(random, vocabulary, **kind))
        wrong(count, engram, path, what, data, file, 1)
    on_geometries = list(ON_GEOMETRIES.items())
    kinds = [(what, ("ecp5-25f", kind)) for what, kind in KINDS.items()]
    for what, (preset, kind) in kinds + (on_geometries[::5] if quick else on_geometries):
        files.write(path, made.memnet(random, vocabulary, **kind))
        answers(count, engram, path, file, preset)
        traces(count, engram, path, what, data, file, 1, 1 if quick else 5, preset)
    if not quick:
        refusals(count, engram, random, path, vocabulary, data)
