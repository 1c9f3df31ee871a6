"""What the peers on pairs of names read and write: a CSV with two names in each row in, one score
per row out.

Such a peer is called as `peer.py PAIRS.csv SCORES.csv ...`. It writes the column score, the more
alike the higher, and prints one line of JSON: the seconds of processor time it judged for, without
Python's start, imports and the loading of tables.
"""

import csv
import json
import sys
import time


def run(judge, warm_up=100):
    """Scores every pair with `judge(name, other)`, after a few that do not count."""
    path_pairs, path_scores = sys.argv[1:3]
    with open(path_pairs, newline="", encoding="utf-8") as file:
        pairs = [row[:2] for row in csv.reader(file)][1:]
    for name, other in pairs[:warm_up]:
        judge(name, other)
    start = time.process_time()
    scores = [judge(name, other) for name, other in pairs]
    seconds = time.process_time() - start
    with open(path_scores, "w", encoding="utf-8") as file:
        file.write("score\n")
        file.writelines(f"{score:.6f}\n" for score in scores)
    print(json.dumps({"judging_cpu_s": seconds}))
