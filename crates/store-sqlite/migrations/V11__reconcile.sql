-- When the matcher last looked at everybody of a connection, and what has changed since.
CREATE TABLE evaluation (
    organization_id BLOB    NOT NULL,
    connection_id   BLOB    NOT NULL,
    evaluated_at    INTEGER,
    stale_since     INTEGER,
    -- Changes that nobody has looked at yet.
    open_changes    INTEGER NOT NULL,
    PRIMARY KEY (organization_id, connection_id),
    FOREIGN KEY (organization_id, connection_id)
        REFERENCES connection (organization_id, connection_id)
) STRICT, WITHOUT ROWID;

-- For whom a CRM user is proposed, when it is taken.
CREATE INDEX proposal_by_crm_user ON proposal (organization_id, connection_id, crm_user_id);

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('evaluation', 'evaluation', '80 4 1'),
    ('proposal', 'proposal_by_crm_user', '100000 5000 1667 1');
ANALYZE sqlite_schema;
