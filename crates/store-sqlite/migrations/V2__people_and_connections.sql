CREATE TABLE connection (
    organization_id BLOB    NOT NULL REFERENCES organization (organization_id),
    connection_id   BLOB    NOT NULL,
    name            TEXT    NOT NULL,
    name_key        TEXT    NOT NULL,
    provider        TEXT    NOT NULL,
    side            TEXT    NOT NULL,
    environment     TEXT    NOT NULL,
    settings        TEXT    NOT NULL,
    cardinality     TEXT    NOT NULL,
    health_state    TEXT    NOT NULL,
    health_since    INTEGER NOT NULL,
    health_code     TEXT,
    health_detail   TEXT,
    remote_org      TEXT,
    created_at      INTEGER NOT NULL,
    synced_at       INTEGER,
    changed_since   INTEGER,
    version         INTEGER NOT NULL,
    PRIMARY KEY (organization_id, connection_id),
    UNIQUE (organization_id, name_key)
) STRICT;

CREATE TABLE credential (
    organization_id BLOB NOT NULL,
    connection_id   BLOB NOT NULL,
    name            TEXT NOT NULL,
    key_id          TEXT NOT NULL,
    nonce           BLOB NOT NULL,
    ciphertext      BLOB NOT NULL,
    PRIMARY KEY (organization_id, connection_id, name),
    FOREIGN KEY (organization_id, connection_id)
        REFERENCES connection (organization_id, connection_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE lease (
    organization_id BLOB    NOT NULL,
    name            TEXT    NOT NULL,
    holder          TEXT    NOT NULL,
    until           INTEGER NOT NULL,
    PRIMARY KEY (organization_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE person (
    organization_id BLOB    NOT NULL REFERENCES organization (organization_id),
    person_id       BLOB    NOT NULL,
    external_id     TEXT,
    sort_key        TEXT    NOT NULL,
    search_text     TEXT    NOT NULL,
    -- The row in the search index. A column of its own, because VACUUM may renumber rowids.
    search_id       INTEGER NOT NULL UNIQUE,
    profile         TEXT    NOT NULL,
    active          INTEGER NOT NULL,
    created_at      INTEGER NOT NULL,
    version         INTEGER NOT NULL,
    PRIMARY KEY (organization_id, person_id),
    UNIQUE (organization_id, external_id)
) STRICT;
CREATE INDEX person_in_order ON person (organization_id, sort_key, person_id, active);

-- Which parts of words occur in whose search text, three characters and more. Keeps no text.
CREATE VIRTUAL TABLE person_search USING fts5 (
    search_text, content = '', columnsize = 0, tokenize = 'trigram case_sensitive 1'
);
CREATE TRIGGER person_search_insert AFTER INSERT ON person BEGIN
    INSERT INTO person_search (rowid, search_text) VALUES (new.search_id, new.search_text);
END;
CREATE TRIGGER person_search_update AFTER UPDATE OF search_text ON person
WHEN old.search_text <> new.search_text BEGIN
    INSERT INTO person_search (person_search, rowid, search_text)
    VALUES ('delete', old.search_id, old.search_text);
    INSERT INTO person_search (rowid, search_text) VALUES (new.search_id, new.search_text);
END;
CREATE TRIGGER person_search_delete AFTER DELETE ON person BEGIN
    INSERT INTO person_search (person_search, rowid, search_text)
    VALUES ('delete', old.search_id, old.search_text);
END;

CREATE TABLE identity (
    organization_id BLOB    NOT NULL,
    identity_id     BLOB    NOT NULL,
    person_id       BLOB    NOT NULL,
    connection_id   BLOB    NOT NULL,
    kind            TEXT    NOT NULL,
    value           TEXT    NOT NULL,
    valid_from      INTEGER NOT NULL,
    valid_to        INTEGER NOT NULL,
    PRIMARY KEY (organization_id, identity_id),
    FOREIGN KEY (organization_id, person_id) REFERENCES person (organization_id, person_id),
    FOREIGN KEY (organization_id, connection_id)
        REFERENCES connection (organization_id, connection_id),
    CHECK (valid_from < valid_to)
) STRICT, WITHOUT ROWID;
CREATE INDEX identity_by_person ON identity (organization_id, person_id);
CREATE INDEX identity_by_value
    ON identity (organization_id, kind, value, connection_id, valid_from, valid_to);

-- Within a connection a handle belongs to one person at a time.
CREATE TRIGGER identity_overlap_insert BEFORE INSERT ON identity BEGIN
    SELECT RAISE (ABORT, 'identity_overlap') WHERE EXISTS (
        SELECT 1 FROM identity AS other
        WHERE other.organization_id = new.organization_id
            AND other.kind = new.kind
            AND other.value = new.value
            AND other.connection_id = new.connection_id
            AND other.valid_from < new.valid_to
            AND other.valid_to > new.valid_from
    );
END;
CREATE TRIGGER identity_overlap_update BEFORE UPDATE ON identity BEGIN
    SELECT RAISE (ABORT, 'identity_overlap') WHERE EXISTS (
        SELECT 1 FROM identity AS other
        WHERE other.organization_id = new.organization_id
            AND other.kind = new.kind
            AND other.value = new.value
            AND other.connection_id = new.connection_id
            AND other.valid_from < new.valid_to
            AND other.valid_to > new.valid_from
            AND other.identity_id <> old.identity_id
    );
END;
