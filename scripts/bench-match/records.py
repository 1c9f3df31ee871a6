"""What the peers read and write: two CSV files in, scored pairs out.

A peer is called as `peer.py A.csv B.csv PAIRS.csv`. It writes the columns a_id, b_id and score,
and prints one line of JSON: the seconds from reading to the last pair, without Python's start
and imports, and the score from which it would usually be believed.
"""

import json
import re
import sys
import time

import duckdb

# Fields that the peers know, with the headers that name them.
HEADERS = {
    "id": "id|record id|rec id|unique id|user id|agent id|a id|b id",
    "first": "first name|given name|firstname|forename",
    "last": "last name|family name|lastname|surname",
    "full": "full name|display name|name",
    "email": "email|email address|e mail|work email",
    "username": "username|user name|login",
    "phone": "phone|phone number|mobile|telephone",
    "title": "title|job title|occupation",
    "department": "department",
    "birth_date": "date of birth|dob|birth date",
    "postcode": "postcode|postcode fake|zip|postal code",
    "city": "city|suburb|location|birth place",
    "external_id": "external id|employee id|soc sec id",
}
KNOWN = {header: field for field, headers in HEADERS.items() for header in headers.split("|")}

FOLDED = "trim(lower(strip_accents({})))"
ADDRESS = r"regexp_replace(regexp_replace(lower({}), '\+[^@]*@', '@'), '\.invalid$', '')"
DIGITS = r"regexp_replace(regexp_replace(lower({}), '\s*(x|ext).*$', ''), '\D', '', 'g')"
CLEANED = {
    "first": "regexp_extract(" + FOLDED + r", '^[^ .]+')",
    "phone": "right(" + DIGITS + ", 7)",
    "id": "{}",
}


def words(header):
    """The header as words in small letters: "Email Address" and "email_address" are one."""
    return " ".join(re.findall(r"[a-z0-9]+", header.lower()))


def fields_of(con, path):
    """The columns of a file by the fields they hold."""
    sql = f"describe select * from read_csv('{path}', all_varchar = true, header = true)"
    fields = {}
    for header, *_ in con.execute(sql).fetchall():
        name = words(header)
        fields.setdefault(KNOWN.get(name, name.replace(" ", "_")), header)
    return fields


def load(con, side, path, fields, shared):
    """Creates the table `side` with the cleaned values of the shared fields."""
    values = []
    for field in shared:
        if field == "email":
            email, login = fields["email"], fields.get("username")
            raw = f'"{email}"'
            if login:
                raw = f"""coalesce({raw}, case when "{login}" like '%@%' then "{login}" end)"""
            address = ADDRESS.format(raw)
            values.append(f'lower("{email}") as written_email')
            values.append(f"{address} as email")
            values.append(f"split_part({address}, '@', 1) as local")
            values.append(f"split_part({address}, '@', 2) as domain")
        else:
            value = CLEANED.get(field, FOLDED).format(f'"{fields[field]}"')
            values.append(f"nullif({value}, '') as \"{field}\"")
    con.execute(
        f"create table {side} as select {', '.join(values)} from "
        f"read_csv('{path}', all_varchar = true, header = true, nullstr = '')"
    )


def read(con, path_a, path_b):
    """Creates the tables a and b and returns the fields that both have, without the id."""
    fields_a, fields_b = fields_of(con, path_a), fields_of(con, path_b)
    shared = [field for field in fields_a if field in fields_b and field != "username"]
    load(con, "a", path_a, fields_a, shared)
    load(con, "b", path_b, fields_b, shared)
    if "email" in shared:
        shared += ["local", "domain"]
    return [field for field in shared if field != "id"]


def count_pairs(con):
    """How many pairs of a row of a and a row of b there are."""
    sql = "select (select count(*) from a) * (select count(*) from b)"
    return con.execute(sql).fetchall()[0][0]


def run(match, usual_threshold):
    """Reads the files, lets `match(con, fields)` create the table `pairs` and writes it."""
    path_a, path_b, path_pairs = sys.argv[1:4]
    start = time.perf_counter()
    con = duckdb.connect()
    con.execute("set threads = 2")
    fields = read(con, path_a, path_b)
    match(con, fields)
    seconds = time.perf_counter() - start
    con.execute(f"copy (select a_id, b_id, score from pairs) to '{path_pairs}' (header)")
    print(json.dumps({"matching_s": seconds, "usual_threshold": usual_threshold}))
