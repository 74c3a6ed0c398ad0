"""Stories in the files of bAbI: a line is a number, then a sentence, or a question, a tab and its answer."""


def questions(path):
    """(sentences so far, question, answer) of each question; the number 1 begins a new story."""
    with open(path) as file:
        for line in file:
            number, text = line.rstrip("\n").split(" ", 1)
            if number == "1":
                story = []
            if "\t" in text:
                question, answer = text.split("\t")[:2]
                yield list(story), question.strip(), answer
            else:
                story.append(text)
