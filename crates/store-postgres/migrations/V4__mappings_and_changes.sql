CREATE TABLE mapping (
    organization_id    uuid    NOT NULL,
    mapping_id         uuid    NOT NULL,
    connection_id      uuid    NOT NULL,
    person_id          uuid    NOT NULL,
    -- No foreign key: a mapping outlives what the CRM still reports, and raises drift.
    crm_user_id        text    COLLATE "C" NOT NULL,
    valid_from         bigint  NOT NULL,
    valid_to           bigint  NOT NULL,
    person_exclusive   boolean NOT NULL,
    crm_user_exclusive boolean NOT NULL,
    origin             text    NOT NULL,
    evidence           text    NOT NULL,
    created_at         bigint  NOT NULL,
    version            bigint  NOT NULL,
    PRIMARY KEY (organization_id, mapping_id),
    FOREIGN KEY (organization_id, person_id) REFERENCES person (organization_id, person_id),
    FOREIGN KEY (organization_id, connection_id)
        REFERENCES connection (organization_id, connection_id),
    CHECK (valid_from < valid_to),
    -- One to one in every moment, unless a side is shared.
    CONSTRAINT mapping_person_overlap EXCLUDE USING gist (
        organization_id WITH =,
        connection_id WITH =,
        person_id WITH =,
        int8range(valid_from, valid_to) WITH &&
    ) WHERE (person_exclusive),
    CONSTRAINT mapping_crm_user_overlap EXCLUDE USING gist (
        organization_id WITH =,
        connection_id WITH =,
        crm_user_id WITH =,
        int8range(valid_from, valid_to) WITH &&
    ) WHERE (crm_user_exclusive)
);
CREATE INDEX mapping_by_person ON mapping (organization_id, person_id, connection_id);
CREATE INDEX mapping_by_crm_user ON mapping (organization_id, connection_id, crm_user_id);

CREATE TABLE decision (
    organization_id uuid   NOT NULL,
    decision_id     uuid   NOT NULL,
    connection_id   uuid   NOT NULL,
    kind            text   COLLATE "C" NOT NULL,
    person_id       uuid,
    crm_user_id     text   COLLATE "C",
    reason          text,
    expires_at      bigint NOT NULL,
    created_at      bigint NOT NULL,
    version         bigint NOT NULL,
    PRIMARY KEY (organization_id, decision_id),
    FOREIGN KEY (organization_id, person_id) REFERENCES person (organization_id, person_id),
    FOREIGN KEY (organization_id, connection_id)
        REFERENCES connection (organization_id, connection_id),
    CONSTRAINT decision_subject UNIQUE NULLS NOT DISTINCT
        (organization_id, connection_id, kind, person_id, crm_user_id)
);
CREATE INDEX decision_by_person ON decision (organization_id, person_id);

CREATE TABLE proposal (
    organization_id uuid             NOT NULL,
    connection_id   uuid             NOT NULL,
    person_id       uuid             NOT NULL,
    crm_user_id     text             COLLATE "C" NOT NULL,
    score           double precision NOT NULL,
    certain         boolean          NOT NULL,
    ambiguous       boolean          NOT NULL,
    -- How many CRM users fit about as well; 0 unless ambiguous.
    candidates      bigint           NOT NULL,
    evidence        text             NOT NULL,
    rivals          text             NOT NULL,
    PRIMARY KEY (organization_id, connection_id, person_id),
    FOREIGN KEY (organization_id, person_id)
        REFERENCES person (organization_id, person_id) ON DELETE CASCADE,
    FOREIGN KEY (organization_id, connection_id)
        REFERENCES connection (organization_id, connection_id)
);
CREATE INDEX proposal_by_person ON proposal (organization_id, person_id);

-- Derived from the tables above and the people by one statement; never written otherwise, and
-- so without foreign keys: they would cost more than the rest of that statement.
CREATE TABLE situation (
    organization_id uuid             NOT NULL,
    connection_id   uuid             NOT NULL,
    person_id       uuid             NOT NULL,
    situation       text             COLLATE "C" NOT NULL,
    mapping_id      uuid,
    crm_user_id     text             COLLATE "C",
    score           double precision,
    certain         boolean          NOT NULL,
    candidates      bigint           NOT NULL,
    PRIMARY KEY (organization_id, connection_id, person_id)
);
CREATE INDEX situation_by_person ON situation (organization_id, person_id, connection_id);
CREATE INDEX situation_by_crm_user ON situation (organization_id, connection_id, crm_user_id);
CREATE INDEX situation_by_kind ON situation (organization_id, situation, connection_id, person_id);

CREATE TABLE draft (
    organization_id  uuid   NOT NULL,
    account_id       uuid   NOT NULL,
    connection_id    uuid   NOT NULL,
    person_id        uuid   NOT NULL,
    edit             text   NOT NULL,
    based_on         uuid,
    based_on_version bigint,
    updated_at       bigint NOT NULL,
    PRIMARY KEY (organization_id, account_id, connection_id, person_id),
    FOREIGN KEY (organization_id, person_id)
        REFERENCES person (organization_id, person_id) ON DELETE CASCADE,
    FOREIGN KEY (organization_id, connection_id)
        REFERENCES connection (organization_id, connection_id)
);
CREATE INDEX draft_by_person ON draft (organization_id, person_id);

CREATE TABLE change_set (
    organization_id uuid   NOT NULL REFERENCES organization (organization_id),
    number          bigint NOT NULL,
    account_id      uuid,
    origin          text   NOT NULL,
    reason          text,
    applied_at      bigint NOT NULL,
    undoes          bigint,
    line_count      bigint NOT NULL,
    PRIMARY KEY (organization_id, number)
);

CREATE TABLE change_line (
    organization_id uuid   NOT NULL,
    number          bigint NOT NULL,
    ordinal         bigint NOT NULL,
    entity          text   COLLATE "C" NOT NULL,
    line            text   NOT NULL,
    PRIMARY KEY (organization_id, number, ordinal),
    FOREIGN KEY (organization_id, number) REFERENCES change_set (organization_id, number)
);

CREATE TABLE audit_entry (
    organization_id uuid   NOT NULL REFERENCES organization (organization_id),
    sequence        bigint NOT NULL,
    at              bigint NOT NULL,
    account_id      uuid,
    action          text   NOT NULL,
    details         text   NOT NULL,
    salt            bytea  NOT NULL,
    hash            bytea  NOT NULL,
    PRIMARY KEY (organization_id, sequence)
);
