CREATE TABLE crm_user (
    organization_id BLOB    NOT NULL,
    connection_id   BLOB    NOT NULL,
    -- The CRM's own id: opaque, compared byte by byte.
    crm_user_id     TEXT    NOT NULL,
    sort_key        TEXT    NOT NULL,
    search_text     TEXT    NOT NULL,
    -- The row in the search index; see the table person.
    search_id       INTEGER NOT NULL UNIQUE,
    profile         TEXT    NOT NULL,
    -- Whether its state lets somebody work with it; one that is gone keeps what it had.
    usable          INTEGER NOT NULL,
    kind            TEXT    NOT NULL,
    first_seen_at   INTEGER NOT NULL,
    last_run_id     BLOB    NOT NULL,
    gone_since      INTEGER,
    PRIMARY KEY (organization_id, connection_id, crm_user_id),
    FOREIGN KEY (organization_id, connection_id)
        REFERENCES connection (organization_id, connection_id)
) STRICT;
CREATE INDEX crm_user_in_order
    ON crm_user (organization_id, connection_id, sort_key, crm_user_id);
-- Counts them without reading profiles.
CREATE INDEX crm_user_by_state ON crm_user (organization_id, connection_id, gone_since, usable);

CREATE VIRTUAL TABLE crm_user_search USING fts5 (
    search_text, content = '', columnsize = 0, tokenize = 'trigram case_sensitive 1'
);
CREATE TRIGGER crm_user_search_insert AFTER INSERT ON crm_user BEGIN
    INSERT INTO crm_user_search (rowid, search_text) VALUES (new.search_id, new.search_text);
END;
CREATE TRIGGER crm_user_search_update AFTER UPDATE OF search_text ON crm_user
WHEN old.search_text <> new.search_text BEGIN
    INSERT INTO crm_user_search (crm_user_search, rowid, search_text)
    VALUES ('delete', old.search_id, old.search_text);
    INSERT INTO crm_user_search (rowid, search_text) VALUES (new.search_id, new.search_text);
END;
CREATE TRIGGER crm_user_search_delete AFTER DELETE ON crm_user BEGIN
    INSERT INTO crm_user_search (crm_user_search, rowid, search_text)
    VALUES ('delete', old.search_id, old.search_text);
END;

CREATE TABLE run (
    organization_id BLOB    NOT NULL,
    run_id          BLOB    NOT NULL,
    connection_id   BLOB    NOT NULL,
    mode            TEXT    NOT NULL,
    -- Since when changes were asked for; only of mode "changed".
    since           INTEGER,
    state           TEXT    NOT NULL,
    started_at      INTEGER NOT NULL,
    finished_at     INTEGER,
    pages           INTEGER NOT NULL,
    cursor          TEXT,
    pulled          INTEGER NOT NULL,
    -- Whether its changes are worked out.
    measured        INTEGER NOT NULL,
    -- How many usable users its changes take away.
    lost            INTEGER NOT NULL,
    expected        INTEGER,
    report          TEXT    NOT NULL,
    failure         TEXT,
    lease_until     INTEGER NOT NULL,
    PRIMARY KEY (organization_id, run_id),
    FOREIGN KEY (organization_id, connection_id)
        REFERENCES connection (organization_id, connection_id)
) STRICT;
CREATE INDEX run_by_connection
    ON run (organization_id, connection_id, started_at DESC, run_id DESC);
-- One run of a connection is under way at a time.
CREATE UNIQUE INDEX run_under_way ON run (organization_id, connection_id) WHERE state = 'pulling';

CREATE TABLE staged_user (
    organization_id BLOB    NOT NULL,
    run_id          BLOB    NOT NULL,
    crm_user_id     TEXT    NOT NULL,
    sort_key        TEXT    NOT NULL,
    search_text     TEXT    NOT NULL,
    profile         TEXT    NOT NULL,
    usable          INTEGER NOT NULL,
    kind            TEXT    NOT NULL,
    PRIMARY KEY (organization_id, run_id, crm_user_id),
    FOREIGN KEY (organization_id, run_id) REFERENCES run (organization_id, run_id)
) STRICT;

CREATE TABLE run_change (
    organization_id BLOB    NOT NULL,
    run_id          BLOB    NOT NULL,
    -- 0 new, 1 changed, 2 deactivated, 3 gone, 4 returned: the order in which they are listed.
    kind            INTEGER NOT NULL,
    crm_user_id     TEXT    NOT NULL,
    before          TEXT,
    after           TEXT,
    PRIMARY KEY (organization_id, run_id, kind, crm_user_id),
    FOREIGN KEY (organization_id, run_id) REFERENCES run (organization_id, run_id)
) STRICT;
