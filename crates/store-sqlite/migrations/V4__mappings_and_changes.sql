CREATE TABLE mapping (
    organization_id    BLOB    NOT NULL,
    mapping_id         BLOB    NOT NULL,
    connection_id      BLOB    NOT NULL,
    person_id          BLOB    NOT NULL,
    -- No foreign key: a mapping outlives what the CRM still reports, and raises drift.
    crm_user_id        TEXT    NOT NULL,
    valid_from         INTEGER NOT NULL,
    valid_to           INTEGER NOT NULL,
    person_exclusive   INTEGER NOT NULL,
    crm_user_exclusive INTEGER NOT NULL,
    origin             TEXT    NOT NULL,
    evidence           TEXT    NOT NULL,
    created_at         INTEGER NOT NULL,
    version            INTEGER NOT NULL,
    PRIMARY KEY (organization_id, mapping_id),
    FOREIGN KEY (organization_id, person_id) REFERENCES person (organization_id, person_id),
    FOREIGN KEY (organization_id, connection_id)
        REFERENCES connection (organization_id, connection_id),
    CHECK (valid_from < valid_to)
) STRICT, WITHOUT ROWID;
CREATE INDEX mapping_by_person ON mapping (organization_id, person_id, connection_id);
CREATE INDEX mapping_by_crm_user ON mapping (organization_id, connection_id, crm_user_id);

-- One to one in every moment, unless a side is shared.
CREATE TRIGGER mapping_overlap_insert BEFORE INSERT ON mapping BEGIN
    SELECT RAISE (ABORT, 'mapping_person_overlap') WHERE new.person_exclusive AND EXISTS (
        SELECT 1 FROM mapping AS other
        WHERE other.organization_id = new.organization_id
            AND other.connection_id = new.connection_id
            AND other.person_id = new.person_id
            AND other.person_exclusive
            AND other.valid_from < new.valid_to
            AND other.valid_to > new.valid_from
    );
    SELECT RAISE (ABORT, 'mapping_crm_user_overlap') WHERE new.crm_user_exclusive AND EXISTS (
        SELECT 1 FROM mapping AS other
        WHERE other.organization_id = new.organization_id
            AND other.connection_id = new.connection_id
            AND other.crm_user_id = new.crm_user_id
            AND other.crm_user_exclusive
            AND other.valid_from < new.valid_to
            AND other.valid_to > new.valid_from
    );
END;
CREATE TRIGGER mapping_overlap_update BEFORE UPDATE ON mapping BEGIN
    SELECT RAISE (ABORT, 'mapping_person_overlap') WHERE new.person_exclusive AND EXISTS (
        SELECT 1 FROM mapping AS other
        WHERE other.organization_id = new.organization_id
            AND other.connection_id = new.connection_id
            AND other.person_id = new.person_id
            AND other.person_exclusive
            AND other.valid_from < new.valid_to
            AND other.valid_to > new.valid_from
            AND other.mapping_id <> old.mapping_id
    );
    SELECT RAISE (ABORT, 'mapping_crm_user_overlap') WHERE new.crm_user_exclusive AND EXISTS (
        SELECT 1 FROM mapping AS other
        WHERE other.organization_id = new.organization_id
            AND other.connection_id = new.connection_id
            AND other.crm_user_id = new.crm_user_id
            AND other.crm_user_exclusive
            AND other.valid_from < new.valid_to
            AND other.valid_to > new.valid_from
            AND other.mapping_id <> old.mapping_id
    );
END;

CREATE TABLE decision (
    organization_id BLOB    NOT NULL,
    decision_id     BLOB    NOT NULL,
    connection_id   BLOB    NOT NULL,
    kind            TEXT    NOT NULL,
    person_id       BLOB,
    crm_user_id     TEXT,
    reason          TEXT,
    expires_at      INTEGER NOT NULL,
    created_at      INTEGER NOT NULL,
    version         INTEGER NOT NULL,
    PRIMARY KEY (organization_id, decision_id),
    FOREIGN KEY (organization_id, person_id) REFERENCES person (organization_id, person_id),
    FOREIGN KEY (organization_id, connection_id)
        REFERENCES connection (organization_id, connection_id)
) STRICT, WITHOUT ROWID;
-- The same is decided once. SQLite takes NULLs for different, hence the stand-ins.
CREATE UNIQUE INDEX decision_subject ON decision (
    organization_id, connection_id, kind,
    coalesce(person_id, x''), crm_user_id IS NULL, coalesce(crm_user_id, '')
);
CREATE INDEX decision_by_person ON decision (organization_id, person_id);

CREATE TABLE proposal (
    organization_id BLOB    NOT NULL,
    connection_id   BLOB    NOT NULL,
    person_id       BLOB    NOT NULL,
    crm_user_id     TEXT    NOT NULL,
    score           REAL    NOT NULL,
    certain         INTEGER NOT NULL,
    ambiguous       INTEGER NOT NULL,
    -- How many CRM users fit about as well; 0 unless ambiguous.
    candidates      INTEGER NOT NULL,
    evidence        TEXT    NOT NULL,
    rivals          TEXT    NOT NULL,
    PRIMARY KEY (organization_id, connection_id, person_id),
    FOREIGN KEY (organization_id, person_id)
        REFERENCES person (organization_id, person_id) ON DELETE CASCADE,
    FOREIGN KEY (organization_id, connection_id)
        REFERENCES connection (organization_id, connection_id)
) STRICT;
CREATE INDEX proposal_by_person ON proposal (organization_id, person_id);

-- Derived from the tables above and the people by one statement; never written otherwise.
CREATE TABLE situation (
    organization_id BLOB    NOT NULL,
    connection_id   BLOB    NOT NULL,
    person_id       BLOB    NOT NULL,
    situation       TEXT    NOT NULL,
    mapping_id      BLOB,
    crm_user_id     TEXT,
    score           REAL,
    certain         INTEGER NOT NULL,
    candidates      INTEGER NOT NULL,
    PRIMARY KEY (organization_id, connection_id, person_id),
    FOREIGN KEY (organization_id, person_id)
        REFERENCES person (organization_id, person_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX situation_by_person ON situation (organization_id, person_id, connection_id);
CREATE INDEX situation_by_kind ON situation (organization_id, situation, connection_id, person_id);
CREATE INDEX situation_by_crm_user
    ON situation (organization_id, connection_id, crm_user_id, person_id)
    WHERE crm_user_id IS NOT NULL;

CREATE TABLE draft (
    organization_id  BLOB    NOT NULL,
    account_id       BLOB    NOT NULL,
    connection_id    BLOB    NOT NULL,
    person_id        BLOB    NOT NULL,
    edit             TEXT    NOT NULL,
    based_on         BLOB,
    based_on_version INTEGER,
    updated_at       INTEGER NOT NULL,
    PRIMARY KEY (organization_id, account_id, connection_id, person_id),
    FOREIGN KEY (organization_id, person_id)
        REFERENCES person (organization_id, person_id) ON DELETE CASCADE,
    FOREIGN KEY (organization_id, connection_id)
        REFERENCES connection (organization_id, connection_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX draft_by_person ON draft (organization_id, person_id);

CREATE TABLE change_set (
    organization_id BLOB    NOT NULL REFERENCES organization (organization_id),
    number          INTEGER NOT NULL,
    account_id      BLOB,
    origin          TEXT    NOT NULL,
    reason          TEXT,
    applied_at      INTEGER NOT NULL,
    undoes          INTEGER,
    line_count      INTEGER NOT NULL,
    PRIMARY KEY (organization_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE change_line (
    organization_id BLOB    NOT NULL,
    number          INTEGER NOT NULL,
    ordinal         INTEGER NOT NULL,
    entity          TEXT    NOT NULL,
    line            TEXT    NOT NULL,
    PRIMARY KEY (organization_id, number, ordinal),
    FOREIGN KEY (organization_id, number) REFERENCES change_set (organization_id, number)
) STRICT;

CREATE TABLE audit_entry (
    organization_id BLOB    NOT NULL REFERENCES organization (organization_id),
    sequence        INTEGER NOT NULL,
    at              INTEGER NOT NULL,
    account_id      BLOB,
    action          TEXT    NOT NULL,
    details         TEXT    NOT NULL,
    salt            BLOB    NOT NULL,
    hash            BLOB    NOT NULL,
    PRIMARY KEY (organization_id, sequence)
) STRICT, WITHOUT ROWID;

-- What the planner takes for granted: the sizes of middling organizations, twenty of them. Plans
-- do not depend on what ANALYZE happened to see in a database, least of all in an empty one,
-- where it would take all rows of an organization for ten.
ANALYZE sqlite_schema;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('account', 'sqlite_autoindex_account_2', '100 1'),
    ('account', 'account', '100 1'),
    ('session', 'session_by_end', '200 1'),
    ('session', 'session_by_account', '200 40'),
    ('session', 'session', '200 1'),
    ('api_token', 'api_token_by_organization', '100 5 1'),
    ('api_token', 'api_token', '100 1'),
    ('sign_in_failure', 'sign_in_failure_by_time', '1000 1'),
    ('sign_in_failure', 'sign_in_failure', '1000 1 1'),
    ('setup_link', 'setup_link', '1 1'),
    ('organization', 'sqlite_autoindex_organization_2', '20 1'),
    ('organization', 'organization', '20 1'),
    ('organization_head', 'organization_head', '20 1'),
    ('membership', 'membership_by_account', '100 20'),
    ('membership', 'membership', '100 5 1'),
    ('connection', 'sqlite_autoindex_connection_2', '80 4 1'),
    ('connection', 'sqlite_autoindex_connection_1', '80 4 1'),
    ('credential', 'credential', '160 8 3 1'),
    ('lease', 'lease', '80 4 1'),
    ('person', 'person_in_order', '100000 5000 1 1 1'),
    ('person', 'sqlite_autoindex_person_3', '100000 5000 1'),
    ('person', 'sqlite_autoindex_person_2', '100000 5000 1'),
    ('person', 'sqlite_autoindex_person_1', '100000 1'),
    ('identity', 'identity_by_value', '100000 5000 1250 1 1 1 1'),
    ('identity', 'identity_by_person', '100000 5000 1'),
    ('identity', 'identity', '100000 5000 1'),
    ('crm_user', 'crm_user_in_order', '300000 15000 5000 1 1'),
    ('crm_user', 'crm_user_by_state', '300000 15000 5000 4000 2500'),
    ('crm_user', 'sqlite_autoindex_crm_user_2', '300000 15000 5000 1'),
    ('crm_user', 'sqlite_autoindex_crm_user_1', '300000 1'),
    ('run', 'run_under_way', '20 1 1'),
    ('run', 'run_by_connection', '20000 1000 333 1 1'),
    ('run', 'sqlite_autoindex_run_1', '20000 1000 1'),
    ('staged_user', 'sqlite_autoindex_staged_user_1', '100000 5000 5 1'),
    ('run_change', 'sqlite_autoindex_run_change_1', '1000000 50000 50 10 1'),
    ('mapping', 'mapping_by_crm_user', '400000 20000 6667 1'),
    ('mapping', 'mapping_by_person', '400000 20000 4 1'),
    ('mapping', 'mapping', '400000 20000 1'),
    ('decision', 'decision_by_person', '10000 500 2'),
    ('decision', 'decision_subject', '10000 500 167 42 42 42 1'),
    ('decision', 'decision', '10000 500 1'),
    ('proposal', 'proposal_by_person', '100000 5000 1'),
    ('proposal', 'sqlite_autoindex_proposal_1', '100000 5000 1667 1'),
    ('situation', 'situation_by_crm_user', '300000 15000 5000 1 1'),
    ('situation', 'situation_by_kind', '300000 15000 3000 1000 1'),
    ('situation', 'situation_by_person', '300000 15000 3 1'),
    ('situation', 'situation', '300000 15000 5000 1'),
    ('draft', 'draft_by_person', '1000 50 1'),
    ('draft', 'draft', '1000 50 10 3 1'),
    ('change_set', 'change_set', '40000 2000 1'),
    ('change_line', 'sqlite_autoindex_change_line_1', '1000000 50000 25 1'),
    ('audit_entry', 'audit_entry', '100000 5000 1');
ANALYZE sqlite_schema;
