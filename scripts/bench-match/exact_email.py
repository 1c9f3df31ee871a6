"""What most products do: tie those whose e-mails are equal, whatever their case."""

import records


def match(con, fields):
    if "email" in fields:
        con.execute(
            "create table pairs as select a.id as a_id, b.id as b_id, 1.0 as score "
            "from a join b using (written_email)"
        )
    else:
        con.execute("create table pairs (a_id varchar, b_id varchar, score double)")


records.run(match, usual_threshold=1.0)
