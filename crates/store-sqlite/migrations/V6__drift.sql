-- What was known of both sides when the pair was last confirmed; NULL where nobody wrote it down.
ALTER TABLE mapping ADD COLUMN witness TEXT;

-- Why mappings that hold may be true no longer. Derived at every evaluation. No foreign key to
-- the mapping: a change set takes a mapping away and puts it back, and that ends no drift.
CREATE TABLE drift (
    organization_id BLOB    NOT NULL,
    mapping_id      BLOB    NOT NULL,
    cause           TEXT    NOT NULL,
    connection_id   BLOB    NOT NULL,
    person_id       BLOB    NOT NULL,
    -- The most specific of the mapping's causes.
    is_primary      INTEGER NOT NULL,
    since           INTEGER NOT NULL,
    detail          TEXT    NOT NULL,
    other_user_id   TEXT,
    PRIMARY KEY (organization_id, mapping_id, cause),
    FOREIGN KEY (organization_id, person_id)
        REFERENCES person (organization_id, person_id) ON DELETE CASCADE,
    FOREIGN KEY (organization_id, connection_id)
        REFERENCES connection (organization_id, connection_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX drift_by_connection ON drift (organization_id, connection_id, cause);
CREATE INDEX drift_by_person ON drift (organization_id, person_id);

-- What happens at a drift; causes without a row are proposed.
CREATE TABLE drift_policy (
    organization_id BLOB NOT NULL,
    connection_id   BLOB NOT NULL,
    cause           TEXT NOT NULL,
    policy          TEXT NOT NULL,
    PRIMARY KEY (organization_id, connection_id, cause),
    FOREIGN KEY (organization_id, connection_id)
        REFERENCES connection (organization_id, connection_id)
) STRICT, WITHOUT ROWID;

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('drift', 'drift', '20000 1000 2 1'),
    ('drift', 'drift_by_connection', '20000 1000 330 25'),
    ('drift', 'drift_by_person', '20000 1000 2'),
    ('drift_policy', 'drift_policy', '80 4 2 1');
ANALYZE sqlite_schema;
