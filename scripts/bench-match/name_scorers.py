"""RapidFuzz's scorers on pairs of names: `name_scorers.py PAIRS.csv SCORES.csv SCORER`. They know
letters only, so they are given names in plain Latin ones: AnyAscii romanises other scripts."""

import sys

from anyascii import anyascii
from rapidfuzz import fuzz, utils
from rapidfuzz.distance import JaroWinkler

import pairs_of_names

SCORERS = {
    "token_sort_ratio": fuzz.token_sort_ratio,
    "token_set_ratio": fuzz.token_set_ratio,
    "WRatio": fuzz.WRatio,
    "jaro_winkler": JaroWinkler.normalized_similarity,
}
scorer = SCORERS[sys.argv[3]]


def plain(name):
    return utils.default_process(anyascii(name))


pairs_of_names.run(lambda name, other: scorer(plain(name), plain(other)))
