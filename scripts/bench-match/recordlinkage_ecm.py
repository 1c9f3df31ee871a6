"""The package recordlinkage: blocks, string comparisons and its ECM classifier, which learns
without labels."""

import itertools
import warnings

import recordlinkage

import records

warnings.filterwarnings("ignore")

# Fields whose values are compared letter by letter.
TEXT = ("first", "last", "full", "city", "address_1", "birth_place")
# Fields that make a block alone.
TELLING = ("email", "local", "phone", "external_id", "birth_date")


def blocks(fields):
    index = recordlinkage.Index()
    for field in TELLING:
        if field in fields:
            index.block(field)
    if "first" in fields and "last" in fields:
        index.block(["first", "last"])
        index.block(left_on=["first", "last"], right_on=["last", "first"])
        for field in ("title", "postcode", "city"):
            if field in fields:
                index.block(["last", field])
    return index


def comparisons(fields):
    compare = recordlinkage.Compare(n_jobs=1)
    for field in fields:
        if field in TEXT:
            compare.string(field, field, method="jarowinkler", label=field)
        elif field != "domain":
            compare.exact(field, field, label=field)
    return compare


def match(con, fields):
    tables = []
    for side in "ab":
        table = con.execute(f"select * from {side}").df().set_index("id")
        for field in fields:
            # pandas ties what is missing with what is missing, unless each is its own.
            lost = table[field].isna()
            if field in TELLING:
                table.loc[lost, field] = [f"\0{side}{place}" for place in range(lost.sum())]
        tables.append(table)
    pairs = blocks(fields).index(*tables)
    features = comparisons(fields).compute(pairs, *tables)
    classifier = recordlinkage.ECMClassifier(binarize=0.85)
    classifier.fit(features)
    # The probabilities are often equal; how alike the fields are orders them.
    score = classifier.prob(features) + features.mean(axis=1) / 1000
    found = score.rename("score").reset_index()
    found.columns = ["a_id", "b_id", "score"]
    con.execute("create table pairs as select * from found")


records.run(match, usual_threshold=0.5)
