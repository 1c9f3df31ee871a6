-- How the matcher looks at an organization (no connection, id of zeros) or at a connection (its
-- id). Written by change sets alone.
CREATE TABLE matching_settings (
    organization_id      BLOB    NOT NULL,
    matching_settings_id BLOB    NOT NULL,
    connection_id        BLOB,
    rules                TEXT    NOT NULL,
    version              INTEGER NOT NULL,
    PRIMARY KEY (organization_id, matching_settings_id),
    FOREIGN KEY (organization_id) REFERENCES organization (organization_id),
    FOREIGN KEY (organization_id, connection_id)
        REFERENCES connection (organization_id, connection_id)
) STRICT, WITHOUT ROWID;

-- What waits for somebody's word.
CREATE INDEX situation_to_review ON situation (organization_id, connection_id, person_id)
    WHERE certain = 0 AND situation IN ('drifted', 'ambiguous', 'proposed');

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('matching_settings', 'matching_settings', '60 3 1'),
    ('situation', 'situation_to_review', '30000 1500 500 1');
ANALYZE sqlite_schema;
