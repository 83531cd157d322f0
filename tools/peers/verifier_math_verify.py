#!/usr/bin/env python3
"""Verdicts of Math-Verify on the same rows as verifier_bench, in the same order; then the confusion of both.

usage: verifier_math_verify.py OUTPUT LEVEL=FILE...          verdicts and speed: "FILE:LINE<tab>True|False"
       verifier_math_verify.py --compare OURS THEIRS LEVEL=FILE...   the table, and every disagreement in full

Modes are Math-Verify's own: latex is LatexExtractionConfig, expr ExprExtractionConfig, precision float_rounding. Its time-outs stay as they come (5 s, by signal).
A pair's time holds parse of both texts and verify; what it costs to start Python and to import is left out, and the first pair is done twice, so that sympy's
caches of the grammar are warm.
"""
import json
import re
import sys
import time

LEVELS = ("answers", "boxes", "modes", "math", "normal")


def pairs(words):
    """(name, row) for each pair: gold, answer, mode, precision."""
    for word in words:
        level, path = word.split("=", 1)
        assert level in LEVELS, word
        name = path.rsplit("/", 1)[-1]
        last = None
        with open(path, encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                row = json.loads(line)
                if level == "math":
                    gold = {"gold": "$" + row["answer"] + "$", "answer": row["solution"], "mode": ["latex"], "label": True}
                    yield f"{name}:{number}", gold
                    if last is not None:
                        yield f"{name}:{last[0]}+next", {"gold": last[1], "answer": row["solution"], "mode": ["latex"], "label": None}
                    last = (number, gold["gold"])
                    continue
                if level == "normal":
                    row = {"gold": row["expected"], "answer": row["raw"], "equal": True}
                row["level"] = "answers" if level == "normal" else level
                row["label"] = row.get("equal")
                yield f"{name}:{number}", row


def configs(row):
    from math_verify import ExprExtractionConfig, LatexExtractionConfig

    mode = row.get("mode")
    if mode == ["latex"]:
        return (LatexExtractionConfig(),)
    if mode == ["expr"]:
        return (ExprExtractionConfig(),)
    return (LatexExtractionConfig(), ExprExtractionConfig())


def dressed(row):
    """An answer by itself is wrapped in $..$ unless it has its own marks: Math-Verify finds LaTeX in nothing else."""
    gold, answer = row["gold"] or "", row["answer"]
    if row.get("level") == "answers" or row.get("mode") == "answer-level":
        gold, answer = (text if re.search(r"(?<!\\)\$|\\boxed", text) else f"${text}$" for text in (gold, answer))
    elif row.get("level") == "boxes" and "\\boxed" not in gold:
        gold = f"${gold}$"
    return gold, answer


def decide(row):
    from math_verify import StringExtractionConfig, parse, verify

    gold, answer = dressed(row)
    mode = (StringExtractionConfig(),) if row.get("mode") == ["NativeLetters"] else configs(row)
    if row.get("mode") == ["NativeLetters"]:
        gold, answer = row["gold"], row["answer"]
    return bool(verify(parse(gold, mode), parse(answer, mode), float_rounding=row.get("precision") or 6))


def measure(output, words):
    jobs = list(pairs(words))
    decide(jobs[0][1])
    slowest, slowest_name, spent = 0.0, "", 0.0
    with open(output, "w", encoding="utf-8") as out:
        for name, row in jobs:
            began = time.perf_counter()
            try:
                verdict = str(decide(row))
            except Exception as error:  # its verdict where it gives none
                verdict = type(error).__name__
            took = time.perf_counter() - began
            spent += took
            if took > slowest:
                slowest, slowest_name = took, name
            out.write(f"{name}\t{verdict}\n")
    print(f"Math-Verify  {len(jobs):8d} pairs  {len(jobs) / spent:12.1f} pairs/s  slowest {slowest * 1e3:.3f} ms ({slowest_name})")


def compare(ours_path, theirs_path, words):
    ours = dict(line.rstrip("\n").split("\t", 1) for line in open(ours_path, encoding="utf-8"))
    theirs = dict(line.rstrip("\n").split("\t", 1) for line in open(theirs_path, encoding="utf-8"))
    table, disagreements = {}, []
    for name, row in pairs(words):
        our, reason, _ = ours[name].split("\t")
        their = theirs[name]
        table[our, their] = table.get((our, their), 0) + 1
        if (our == "right") != (their == "True"):
            disagreements.append((our, their, name, row, reason))
    columns = sorted({their for _, their in table})
    print(f"{'ours / theirs':16}" + "".join(f"{column:>14}" for column in columns))
    for our in ("right", "undecided", "wrong"):
        print(f"{our:16}" + "".join(f"{table.get((our, column), 0):14d}" for column in columns))
    for our, their, name, row, reason in sorted(disagreements, key=lambda each: each[:3]):
        gold, answer = ((text or "")[-160:].replace("\n", " ") for text in (row["gold"], row["answer"]))
        print(f"ours {our} ({reason}), theirs {their}, label {row.get('label')}: {name}\n    gold   {gold}\n    answer {answer}")


if __name__ == "__main__":
    if len(sys.argv) > 4 and sys.argv[1] == "--compare":
        compare(sys.argv[2], sys.argv[3], sys.argv[4:])
    elif len(sys.argv) > 2 and not sys.argv[1].startswith("-"):
        measure(sys.argv[1], sys.argv[2:])
    else:
        sys.exit(__doc__)
