"""Splink with DuckDB: Fellegi and Sunter's model, trained without labels as its documentation
says. Candidate blocks are bounded as in the RapidFuzz script."""

import itertools
import logging
import math

import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

import records

logging.disable(logging.CRITICAL)
RARE_NAME = 30
# Up to so many pairs one equal field is enough to look at a pair.
FEW_PAIRS = 20_000_000


def add_names(con):
    """The full name for Splink's name comparison, and the same where few have it."""
    for side in "ab":
        con.execute(f"alter table {side} add column whole varchar")
        con.execute(f"update {side} set whole = first || ' ' || last")
    con.execute(f"""create table rare as
        select whole from a group by whole having count(*) <= {RARE_NAME}
        intersect select whole from b group by whole having count(*) <= {RARE_NAME}""")
    for side in "ab":
        con.execute(
            f"create or replace table {side} as select {side}.*, rare.whole as rare "
            f"from {side} left join rare using (whole)"
        )


def comparisons(fields):
    found = []
    if "first" in fields and "last" in fields:
        names = cl.ForenameSurnameComparison(
            "first", "last", forename_surname_concat_col_name="whole"
        )
        found.append(names.configure(term_frequency_adjustments=True))
    for field in fields:
        if field == "email":
            found.append(cl.EmailComparison("email"))
        elif field == "birth_date":
            found.append(cl.DamerauLevenshteinAtThresholds(field, [1, 2]))
        elif field in ("postcode", "external_id"):
            found.append(cl.DamerauLevenshteinAtThresholds(field, [1]))
        elif field in ("phone", "title", "department"):
            found.append(cl.ExactMatch(field))
        elif field not in ("first", "last", "full", "local"):
            found.append(cl.ExactMatch(field).configure(term_frequency_adjustments=True))
    return found


def directory_rules(fields):
    """For files with e-mails: what predicts, what is surely true, what to train on."""
    predict = [
        block_on(field) for field in ("email", "phone", "local", "external_id") if field in fields
    ]
    predict += [
        block_on("rare"),
        block_on("first", "last", "domain"),
        "l.first = r.last and l.last = r.first and l.domain = r.domain",
        block_on("substr(first, 1, 1)", "last", "domain"),
    ]
    train = [block_on("first", "last", "domain"), block_on("email")]
    sure = [block_on("email")]
    if "phone" in fields:
        train.append(block_on("phone"))
        sure.append(block_on("first", "last", "phone"))
    return predict, sure, train


def record_rules(fields, are_few):
    """For other files: any one of the fields that tell people apart, or any two in large files."""
    telling = ("first", "last", "birth_date", "postcode", "external_id", "email", "city")
    telling = [field for field in telling if field in fields]
    predict = [block_on(*pair) for pair in itertools.combinations(telling, 1 if are_few else 2)]
    train = [block_on(*telling[:2]), block_on(telling[2])]
    return predict, [block_on(*telling[:3])], train


def match(con, fields):
    add_names(con)
    least_weight = -8
    if "domain" in fields and "phone" in fields:
        predict, sure, train = directory_rules(fields)
    else:
        are_few = records.count_pairs(con) <= FEW_PAIRS
        predict, sure, train = record_rules(fields, are_few)
        least_weight = -15 if are_few else least_weight
    db = DuckDBAPI(connection=con)
    settings = SettingsCreator(
        link_type="link_only",
        unique_id_column_name="id",
        comparisons=comparisons(fields),
        blocking_rules_to_generate_predictions=predict,
        retain_matching_columns=False,
    )
    tables = [db.register(side, dataset_display_name=side) for side in "ab"]
    linker = Linker(tables, settings)
    linker.training.estimate_probability_two_random_records_match(sure, recall=0.8)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for rule in train:
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    found = linker.inference.predict(threshold_match_weight=least_weight).physical_name
    con.execute(f"""create table pairs as select
        case when source_dataset_l = 'a' then id_l else id_r end as a_id,
        case when source_dataset_l = 'a' then id_r else id_l end as b_id,
        match_weight as score from {found}""")


# The threshold of Splink's own examples: a probability of .95, as a weight in bits.
records.run(match, usual_threshold=math.log2(0.95 / 0.05))
