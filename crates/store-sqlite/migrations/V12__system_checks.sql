-- What system checks showed: of a connection, or of one person there. Old ones are forgotten
-- when a new one is kept.
CREATE TABLE check_report (
    organization_id BLOB    NOT NULL,
    check_id        BLOB    NOT NULL,
    connection_id   BLOB    NOT NULL,
    -- NULL: of the connection itself.
    person_id       BLOB,
    cause           TEXT    NOT NULL,
    started_at      INTEGER NOT NULL,
    took_millis     INTEGER NOT NULL,
    result          TEXT    NOT NULL,
    -- A JSON array.
    checks          TEXT    NOT NULL,
    PRIMARY KEY (organization_id, check_id),
    FOREIGN KEY (organization_id, connection_id)
        REFERENCES connection (organization_id, connection_id),
    FOREIGN KEY (organization_id, person_id)
        REFERENCES person (organization_id, person_id) ON DELETE CASCADE
) STRICT;
CREATE INDEX check_report_by_connection
    ON check_report (organization_id, connection_id, person_id, started_at, check_id);
CREATE INDEX check_report_by_person ON check_report (organization_id, person_id);

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('check_report', 'check_report_by_connection', '40000 2000 400 20 1 1'),
    ('check_report', 'check_report_by_person', '40000 2000 20'),
    ('check_report', 'sqlite_autoindex_check_report_1', '40000 2000 1');
ANALYZE sqlite_schema;
