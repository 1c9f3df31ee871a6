-- What happened, in the order in which it became true; written in the transaction of the change.
ALTER TABLE organization_head ADD COLUMN event_sequence INTEGER NOT NULL DEFAULT 0;

CREATE TABLE event (
    organization_id BLOB    NOT NULL REFERENCES organization (organization_id),
    sequence        INTEGER NOT NULL,
    at              INTEGER NOT NULL,
    kind            TEXT    NOT NULL,
    data            TEXT    NOT NULL,
    PRIMARY KEY (organization_id, sequence)
) STRICT;
CREATE INDEX event_by_time ON event (organization_id, at);

CREATE TABLE webhook (
    organization_id  BLOB    NOT NULL REFERENCES organization (organization_id),
    webhook_id       BLOB    NOT NULL,
    name             TEXT    NOT NULL,
    url              TEXT    NOT NULL,
    -- A JSON array of words.
    kinds            TEXT    NOT NULL,
    state            TEXT    NOT NULL,
    disabled_because TEXT,
    secret           TEXT    NOT NULL,
    old_secret       TEXT,
    cursor           INTEGER NOT NULL,
    failed_attempts  INTEGER NOT NULL,
    next_at          INTEGER NOT NULL,
    -- The last number given to an attempt.
    attempt_number   INTEGER NOT NULL DEFAULT 0,
    lease_holder     TEXT,
    lease_until      INTEGER NOT NULL DEFAULT 0,
    created_at       INTEGER NOT NULL,
    version          INTEGER NOT NULL,
    PRIMARY KEY (organization_id, webhook_id)
) STRICT;

CREATE TABLE webhook_attempt (
    organization_id BLOB    NOT NULL,
    webhook_id      BLOB    NOT NULL,
    number          INTEGER NOT NULL,
    sequence        INTEGER,
    message_id      TEXT    NOT NULL,
    kind            TEXT,
    at              INTEGER NOT NULL,
    millis          INTEGER NOT NULL,
    outcome         TEXT    NOT NULL,
    status          INTEGER,
    code            TEXT,
    answer          TEXT    NOT NULL,
    next_at         INTEGER,
    PRIMARY KEY (organization_id, webhook_id, number),
    FOREIGN KEY (organization_id, webhook_id)
        REFERENCES webhook (organization_id, webhook_id) ON DELETE CASCADE
) STRICT;
CREATE INDEX webhook_attempt_by_time ON webhook_attempt (organization_id, at);

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('event', 'event_by_time', '400000 20000 1'),
    ('event', 'sqlite_autoindex_event_1', '400000 20000 1'),
    ('webhook', 'sqlite_autoindex_webhook_1', '40 2 1'),
    ('webhook_attempt', 'webhook_attempt_by_time', '800000 40000 1'),
    ('webhook_attempt', 'sqlite_autoindex_webhook_attempt_1', '800000 40000 20000 1');
ANALYZE sqlite_schema;
