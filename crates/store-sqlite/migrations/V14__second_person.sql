-- From how many lines on a change needs a second person; none when no change does.
ALTER TABLE organization ADD COLUMN second_person_from INTEGER;

-- Whose account made a token: a token cannot approve what its maker wants. Earlier tokens are
-- told by the audit chain; those of which it names no account were made at the machine itself.
ALTER TABLE api_token ADD COLUMN created_by BLOB;
UPDATE api_token SET created_by = (
    SELECT audit_entry.account_id FROM audit_entry
    WHERE audit_entry.organization_id = api_token.organization_id
        AND audit_entry.action = 'token.created'
        AND audit_entry.details = api_token.name || ' (' || api_token.role || ')'
        AND audit_entry.at >= api_token.created_at
    ORDER BY audit_entry.sequence LIMIT 1);

-- Change sets that wait for a second person, or waited.
CREATE TABLE pending_change_set (
    organization_id  BLOB    NOT NULL REFERENCES organization (organization_id),
    number           INTEGER NOT NULL,
    account_id       BLOB,
    token_id         BLOB,
    origin           TEXT    NOT NULL,
    reason           TEXT,
    undoes           INTEGER,
    line_count       INTEGER NOT NULL,
    created_at       INTEGER NOT NULL,
    expires_at       INTEGER NOT NULL,
    state            TEXT    NOT NULL,
    -- How it was decided, as JSON.
    ending           TEXT,
    PRIMARY KEY (organization_id, number)
) STRICT;
CREATE INDEX pending_change_set_by_state ON pending_change_set (organization_id, state, number);

CREATE TABLE pending_change_line (
    organization_id BLOB    NOT NULL,
    number          INTEGER NOT NULL,
    ordinal         INTEGER NOT NULL,
    line            TEXT    NOT NULL,
    PRIMARY KEY (organization_id, number, ordinal),
    FOREIGN KEY (organization_id, number)
        REFERENCES pending_change_set (organization_id, number)
) STRICT;

-- Who approved a change set before it was applied, as JSON.
ALTER TABLE change_set ADD COLUMN approval TEXT;

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('pending_change_set', 'pending_change_set_by_state', '4000 200 40 1'),
    ('pending_change_set', 'sqlite_autoindex_pending_change_set_1', '4000 200 1'),
    ('pending_change_line', 'sqlite_autoindex_pending_change_line_1', '100000 5000 25 1');
ANALYZE sqlite_schema;
