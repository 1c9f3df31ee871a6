"""One peer pulls all users into a database of its own; prints what it took as one line of JSON.

Usage: peer.py PEER URL FOLDER QUERY

The time runs from the first call to the CRM until everything is committed: Python's start and
imports are not in it.
"""

import json
import os
import pathlib
import sqlite3
import sys
import time

TABLE = """CREATE TABLE user (
    id TEXT PRIMARY KEY, username TEXT, email TEXT, first_name TEXT, last_name TEXT, name TEXT,
    title TEXT, department TEXT, phone TEXT, mobile_phone TEXT, extension TEXT, active INTEGER,
    kind TEXT, profile TEXT, licence TEXT, role TEXT, federation_id TEXT, employee_number TEXT,
    last_login TEXT
) WITHOUT ROWID"""


def row(record):
    profile = record["Profile"] or {}
    return (
        record["Id"], record["Username"], record["Email"], record["FirstName"],
        record["LastName"], record["Name"], record["Title"], record["Department"],
        record["Phone"], record["MobilePhone"], record["Extension"], record["IsActive"],
        record["UserType"], profile.get("Name"), (profile.get("UserLicense") or {}).get("Name"),
        (record["UserRole"] or {}).get("Name"), record["FederationIdentifier"],
        record["EmployeeNumber"], record["LastLoginDate"],
    )  # fmt: skip


def simple_salesforce(url, folder, query):
    """What one writes in an afternoon: simple-salesforce, and a table in SQLite."""
    from simple_salesforce import Salesforce

    class InTheClear(Salesforce):
        # The library calls by https only; the prepared CRM has no certificate.
        def _call_salesforce(self, method, url, **more):
            return super()._call_salesforce(method, url.replace("https://", "http://", 1), **more)

    salesforce = InTheClear(
        instance_url=url.replace("http://", "https://"), session_id="any", version="62.0"
    )
    database = sqlite3.connect(folder / "users.db", isolation_level=None)
    database.execute("PRAGMA journal_mode = wal")
    database.execute(TABLE)
    insert = f"INSERT OR REPLACE INTO user VALUES ({','.join('?' * 19)})"

    def pull():
        answer = salesforce.query(query)
        while True:
            database.execute("BEGIN")
            database.executemany(insert, map(row, answer["records"]))
            database.execute("COMMIT")
            if answer["done"]:
                break
            answer = salesforce.query_more(answer["nextRecordsUrl"], identifier_is_url=True)

    def stored():
        return database.execute("SELECT count(*) FROM user").fetchone()[0]

    return pull, stored


def dlt_into(destination, count):
    """dlt's own source for REST APIs, into one of its destinations."""

    def prepared(url, folder, query):
        os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
        import dlt
        from dlt.sources.rest_api import rest_api_source

        source = rest_api_source(
            {
                "client": {"base_url": url},
                "resources": [
                    {
                        "name": "users",
                        "primary_key": "Id",
                        "write_disposition": "replace",
                        "endpoint": {
                            "path": "services/data/v62.0/query",
                            "params": {"q": query},
                            "data_selector": "records",
                            "paginator": {"type": "json_link", "next_url_path": "nextRecordsUrl"},
                        },
                    }
                ],
            }
        )
        pipeline = dlt.pipeline(
            pipeline_name="bench_sync",
            pipelines_dir=str(folder / "pipelines"),
            destination=destination(dlt.destinations, folder),
            dataset_name="crm",
        )
        return lambda: pipeline.run(source), lambda: count(pipeline)

    return prepared


def rows_of(pipeline):
    with pipeline.sql_client() as client:
        return client.execute_sql("SELECT count(*) FROM users")[0][0]


PEERS = {
    "simple-salesforce": simple_salesforce,
    "dlt-sqlite": dlt_into(
        lambda known, folder: known.sqlalchemy(f"sqlite:///{folder / 'users.db'}"), rows_of
    ),
    "dlt-duckdb": dlt_into(
        lambda known, folder: known.duckdb(str(folder / "users.duckdb")), rows_of
    ),
}


def main():
    peer, url, folder, query = sys.argv[1:]
    pull, stored = PEERS[peer](url, pathlib.Path(folder), query)
    began, cpu_before = time.perf_counter(), time.process_time()
    pull()
    wall, cpu = time.perf_counter() - began, time.process_time() - cpu_before
    print(json.dumps({"wall_s": wall, "cpu_s": cpu, "users": stored()}))


if __name__ == "__main__":
    main()
