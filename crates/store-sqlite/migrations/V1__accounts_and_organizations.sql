-- Conventions of every migration here:
-- * The same tables as the PostgreSQL tree, number by number. Keys start with organization_id,
--   except on the global tables.
-- * Ids are 16 bytes. Times are microseconds since 1970-01-01T00:00:00Z; "always" and "forever"
--   are the smallest and the largest integer. Flags are 0 or 1.
-- * Structured values are JSON in text columns: what was written is what is read, byte by byte,
--   and two of them are equal when their texts are.
-- * Narrow tables are WITHOUT ROWID; those with long rows are not, which keeps their keys dense.
-- * Text is sorted and compared in the order of its bytes (BINARY, the default).

-- Global tables.

CREATE TABLE account (
    account_id    BLOB    NOT NULL PRIMARY KEY,
    email         TEXT    NOT NULL,
    -- The folded address, by which an account signs in.
    email_key     TEXT    NOT NULL UNIQUE,
    password_hash TEXT    NOT NULL,
    created_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE session (
    token_hash BLOB    NOT NULL PRIMARY KEY,
    account_id BLOB    NOT NULL REFERENCES account (account_id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_by_account ON session (account_id);
CREATE INDEX session_by_end ON session (expires_at);

CREATE TABLE api_token (
    token_hash      BLOB    NOT NULL PRIMARY KEY,
    token_id        BLOB    NOT NULL,
    organization_id BLOB    NOT NULL,
    role            TEXT    NOT NULL,
    name            TEXT    NOT NULL,
    created_at      INTEGER NOT NULL,
    revoked_at      INTEGER
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX api_token_by_organization ON api_token (organization_id, token_id);

CREATE TABLE sign_in_failure (
    -- An address, or where the attempt came from.
    key TEXT    NOT NULL,
    at  INTEGER NOT NULL,
    n   INTEGER NOT NULL,
    PRIMARY KEY (key, at)
) STRICT, WITHOUT ROWID;
CREATE INDEX sign_in_failure_by_time ON sign_in_failure (at);

CREATE TABLE setup_link (
    link_hash  BLOB    NOT NULL PRIMARY KEY,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Organizations.

CREATE TABLE organization (
    organization_id BLOB    NOT NULL PRIMARY KEY,
    name            TEXT    NOT NULL,
    -- The folded name.
    name_key        TEXT    NOT NULL UNIQUE,
    time_zone       TEXT    NOT NULL,
    domains         TEXT    NOT NULL,
    demo            INTEGER NOT NULL,
    created_at      INTEGER NOT NULL,
    data_key        TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

-- The ends of an organization's two sequences without gaps.
CREATE TABLE organization_head (
    organization_id   BLOB    NOT NULL PRIMARY KEY
        REFERENCES organization (organization_id),
    change_set_number INTEGER NOT NULL,
    audit_sequence    INTEGER NOT NULL,
    audit_hash        BLOB    NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE membership (
    organization_id BLOB NOT NULL REFERENCES organization (organization_id),
    account_id      BLOB NOT NULL REFERENCES account (account_id),
    role            TEXT NOT NULL,
    -- No foreign key: the link is loosened when the person is removed.
    person_id       BLOB,
    PRIMARY KEY (organization_id, account_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX membership_by_account ON membership (account_id);
