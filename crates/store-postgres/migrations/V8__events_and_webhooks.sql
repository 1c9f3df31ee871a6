-- What happened, in the order in which it became true; written in the transaction of the change.
ALTER TABLE organization_head ADD COLUMN event_sequence bigint NOT NULL DEFAULT 0;

CREATE TABLE event (
    organization_id uuid   NOT NULL REFERENCES organization (organization_id),
    sequence        bigint NOT NULL,
    at              bigint NOT NULL,
    kind            text   COLLATE "C" NOT NULL,
    data            text   NOT NULL,
    PRIMARY KEY (organization_id, sequence)
);
CREATE INDEX event_by_time ON event (organization_id, at);

CREATE TABLE webhook (
    organization_id  uuid   NOT NULL REFERENCES organization (organization_id),
    webhook_id       uuid   NOT NULL,
    name             text   NOT NULL,
    url              text   NOT NULL,
    -- A JSON array of words.
    kinds            text   NOT NULL,
    state            text   COLLATE "C" NOT NULL,
    disabled_because text,
    secret           text   NOT NULL,
    old_secret       text,
    cursor           bigint NOT NULL,
    failed_attempts  bigint NOT NULL,
    next_at          bigint NOT NULL,
    -- The last number given to an attempt.
    attempt_number   bigint NOT NULL DEFAULT 0,
    lease_holder     text,
    lease_until      bigint NOT NULL DEFAULT 0,
    created_at       bigint NOT NULL,
    version          bigint NOT NULL,
    PRIMARY KEY (organization_id, webhook_id)
);

CREATE TABLE webhook_attempt (
    organization_id uuid   NOT NULL,
    webhook_id      uuid   NOT NULL,
    number          bigint NOT NULL,
    sequence        bigint,
    message_id      text   NOT NULL,
    kind            text   COLLATE "C",
    at              bigint NOT NULL,
    millis          bigint NOT NULL,
    outcome         text   COLLATE "C" NOT NULL,
    status          bigint,
    code            text   COLLATE "C",
    answer          text   NOT NULL,
    next_at         bigint,
    PRIMARY KEY (organization_id, webhook_id, number),
    FOREIGN KEY (organization_id, webhook_id)
        REFERENCES webhook (organization_id, webhook_id) ON DELETE CASCADE
);
CREATE INDEX webhook_attempt_by_time ON webhook_attempt (organization_id, at);
