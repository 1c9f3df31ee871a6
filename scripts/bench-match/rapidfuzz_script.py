"""What a careful engineer writes in a week: blocks in DuckDB, names compared by RapidFuzz,
weights chosen by hand."""

import numpy as np
from rapidfuzz import fuzz, process

import records

# A name that at most so many have on each side is a block of its own.
RARE_NAME = 8
# Up to so many pairs are all compared in files that are no directories with phones.
ALL_PAIRS = 50_000_000
USUAL_THRESHOLD = 2.0

BLOCKS = {
    "email": "l.email = r.email",
    "phone": "l.phone = r.phone",
    "local": "l.local = r.local and length(l.local) > 5",
    "external_id": "l.external_id = r.external_id",
    "domain": "l.first = r.first and l.last = r.last and l.domain = r.domain",
    "last": "l.first = r.last and l.last = r.first and l.domain = r.domain",
    "first": "l.first[1] = r.first[1] and l.last = r.last and l.domain = r.domain",
}
RARE = """
create table rare as
    select first, last from a group by all having count(*) <= {most}
    intersect
    select first, last from b group by all having count(*) <= {most}
"""
# Worth of a field that is equal and of one that differs; empty ones are worth nothing.
WORTH = {
    "email": (3.0, 0.0),
    "external_id": (2.5, -0.5),
    "phone": (2.5, -0.3),
    "local": (1.2, 0.0),
    "domain": (0.8, 0.0),
    "title": (0.4, -0.1),
    "department": (0.3, -0.3),
    "manager": (0.3, -0.1),
}


def match_all(con, fields):
    """Every pair, by the words of the whole record."""
    twice = ("first", "last") if "full" in fields else ()
    fields = [field for field in fields if field not in ("local", "domain", *twice)]
    ids, texts = {}, {}
    for side in "ab":
        columns = ", ".join(f'"{field}"' for field in ["id", *fields])
        table = con.execute(f"select {columns} from {side}").df()
        ids[side] = table.pop("id").to_numpy()
        texts[side] = table.fillna("").agg(" ".join, axis=1).tolist()
    scores = process.cdist(
        texts["a"],
        texts["b"],
        scorer=fuzz.token_sort_ratio,
        workers=2,
        dtype=np.float32,
        score_cutoff=50,
    )
    row, column = np.nonzero(scores)
    # Three quarters of the letters alike are as good as the threshold of the weights.
    return ids["a"][row], ids["b"][column], USUAL_THRESHOLD + (scores[row, column] - 75) / 20


def match_blocks(con, fields):
    """Pairs of a common block, by weights."""
    con.execute(RARE.format(most=RARE_NAME))
    blocks = [
        f"select l.id, r.id from a l join b r on {BLOCKS[field]}"
        for field in BLOCKS
        if field in fields
    ]
    blocks.append(
        "select l.id, r.id from rare join a l using (first, last) join b r using (first, last)"
    )
    worth = " + ".join(
        f"(case when l.{field} = r.{field} then {same} when l.{field} <> r.{field} then {other} else 0 end)"
        for field, (same, other) in WORTH.items()
        if field in fields
    )
    found = con.execute(f"""
        with candidates(a_id, b_id) as ({' union '.join(blocks)})
        select a_id, b_id, {worth} as worth,
            coalesce(l.first, '') || ' ' || coalesce(l.last, '') as left_name,
            coalesce(r.first, '') || ' ' || coalesce(r.last, '') as right_name
        from candidates join a l on l.id = a_id join b r on r.id = b_id
    """).fetchnumpy()
    names = process.cpdist(
        found["left_name"],
        found["right_name"],
        scorer=fuzz.token_sort_ratio,
        workers=2,
        dtype=np.float32,
    )
    return found["a_id"], found["b_id"], found["worth"].astype(float) + 4 * (names / 100 - 0.6)


def match(con, fields):
    if "phone" not in fields and records.count_pairs(con) <= ALL_PAIRS:
        a_id, b_id, score = match_all(con, fields)
    else:
        a_id, b_id, score = match_blocks(con, fields)
    found = {"a_id": a_id, "b_id": b_id, "score": np.round(score, 4)}
    con.execute("create table pairs as select * from found")


records.run(match, USUAL_THRESHOLD)
