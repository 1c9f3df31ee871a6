-- Conventions of every migration here:
-- * The same tables as the SQLite tree, number by number.
-- * Keys (primary, unique, exclusion, foreign) start with organization_id, except on and to the
--   global tables, so that a cluster can shard by organization. No triggers, for the same reason.
-- * Times are microseconds since 1970-01-01T00:00:00Z; "always" and "forever" are the smallest
--   and the largest bigint.
-- * Structured values are JSON in text columns: what was written is what is read, byte by byte,
--   and two of them are equal when their texts are.
-- * Text that is sorted or compared is COLLATE "C": the order of its bytes.

-- Trusted extensions since PostgreSQL 13: the owner of a database may create them.
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- Global tables.

CREATE TABLE account (
    account_id    uuid   NOT NULL PRIMARY KEY,
    email         text   NOT NULL,
    -- The folded address, by which an account signs in.
    email_key     text   COLLATE "C" NOT NULL UNIQUE,
    password_hash text   NOT NULL,
    created_at    bigint NOT NULL
);

CREATE TABLE session (
    token_hash bytea  NOT NULL PRIMARY KEY,
    account_id uuid   NOT NULL REFERENCES account (account_id) ON DELETE CASCADE,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL
);
CREATE INDEX session_by_account ON session (account_id);
CREATE INDEX session_by_end ON session (expires_at);

CREATE TABLE api_token (
    token_hash      bytea  NOT NULL PRIMARY KEY,
    token_id        uuid   NOT NULL,
    organization_id uuid   NOT NULL,
    role            text   NOT NULL,
    name            text   NOT NULL,
    created_at      bigint NOT NULL,
    revoked_at      bigint
);
CREATE UNIQUE INDEX api_token_by_organization ON api_token (organization_id, token_id);

CREATE TABLE sign_in_failure (
    -- An address, or where the attempt came from.
    key text   COLLATE "C" NOT NULL,
    at  bigint NOT NULL,
    n   bigint NOT NULL,
    PRIMARY KEY (key, at)
);
CREATE INDEX sign_in_failure_by_time ON sign_in_failure (at);

CREATE TABLE setup_link (
    link_hash  bytea  NOT NULL PRIMARY KEY,
    expires_at bigint NOT NULL
);

-- Organizations.

CREATE TABLE organization (
    organization_id uuid    NOT NULL PRIMARY KEY,
    name            text    NOT NULL,
    -- The folded name. Unique over all organizations: on a cluster this is a reference table.
    name_key        text    COLLATE "C" NOT NULL UNIQUE,
    time_zone       text    NOT NULL,
    domains         text    NOT NULL,
    demo            boolean NOT NULL,
    created_at      bigint  NOT NULL,
    data_key        text    NOT NULL
);

-- The ends of an organization's two sequences without gaps. Whoever writes in an organization
-- locks its row first: that makes a unit of work exclusive.
CREATE TABLE organization_head (
    organization_id   uuid   NOT NULL PRIMARY KEY REFERENCES organization (organization_id),
    change_set_number bigint NOT NULL,
    audit_sequence    bigint NOT NULL,
    audit_hash        bytea  NOT NULL
);

CREATE TABLE membership (
    organization_id uuid NOT NULL REFERENCES organization (organization_id),
    account_id      uuid NOT NULL REFERENCES account (account_id),
    role            text NOT NULL,
    -- No foreign key: the link is loosened when the person is removed.
    person_id       uuid,
    PRIMARY KEY (organization_id, account_id)
);
CREATE INDEX membership_by_account ON membership (account_id);
