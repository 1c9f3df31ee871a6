CREATE TABLE connection (
    organization_id uuid   NOT NULL REFERENCES organization (organization_id),
    connection_id   uuid   NOT NULL,
    name            text   NOT NULL,
    name_key        text   COLLATE "C" NOT NULL,
    provider        text   NOT NULL,
    side            text   NOT NULL,
    environment     text   NOT NULL,
    settings        text   NOT NULL,
    cardinality     text   NOT NULL,
    health_state    text   NOT NULL,
    health_since    bigint NOT NULL,
    health_code     text,
    health_detail   text,
    remote_org      text,
    created_at      bigint NOT NULL,
    synced_at       bigint,
    changed_since   bigint,
    version         bigint NOT NULL,
    PRIMARY KEY (organization_id, connection_id),
    CONSTRAINT connection_name UNIQUE (organization_id, name_key)
);

CREATE TABLE credential (
    organization_id uuid  NOT NULL,
    connection_id   uuid  NOT NULL,
    name            text  COLLATE "C" NOT NULL,
    key_id          text  NOT NULL,
    nonce           bytea NOT NULL,
    ciphertext      bytea NOT NULL,
    PRIMARY KEY (organization_id, connection_id, name),
    FOREIGN KEY (organization_id, connection_id)
        REFERENCES connection (organization_id, connection_id)
);

CREATE TABLE lease (
    organization_id uuid   NOT NULL,
    name            text   COLLATE "C" NOT NULL,
    holder          text   NOT NULL,
    until           bigint NOT NULL,
    PRIMARY KEY (organization_id, name)
);

CREATE TABLE person (
    organization_id uuid    NOT NULL REFERENCES organization (organization_id),
    person_id       uuid    NOT NULL,
    external_id     text    COLLATE "C",
    sort_key        text    COLLATE "C" NOT NULL,
    search_text     text    COLLATE "C" NOT NULL,
    profile         text    NOT NULL,
    active          boolean NOT NULL,
    created_at      bigint  NOT NULL,
    version         bigint  NOT NULL,
    PRIMARY KEY (organization_id, person_id),
    CONSTRAINT person_external_id UNIQUE (organization_id, external_id)
);
CREATE INDEX person_in_order ON person (organization_id, sort_key, person_id);
CREATE INDEX person_by_search ON person USING gin (search_text gin_trgm_ops);

CREATE TABLE identity (
    organization_id uuid   NOT NULL,
    identity_id     uuid   NOT NULL,
    person_id       uuid   NOT NULL,
    connection_id   uuid   NOT NULL,
    kind            text   COLLATE "C" NOT NULL,
    value           text   COLLATE "C" NOT NULL,
    valid_from      bigint NOT NULL,
    valid_to        bigint NOT NULL,
    PRIMARY KEY (organization_id, identity_id),
    FOREIGN KEY (organization_id, person_id) REFERENCES person (organization_id, person_id),
    FOREIGN KEY (organization_id, connection_id)
        REFERENCES connection (organization_id, connection_id),
    CHECK (valid_from < valid_to),
    -- Within a connection a handle belongs to one person at a time.
    CONSTRAINT identity_overlap EXCLUDE USING gist (
        organization_id WITH =,
        connection_id WITH =,
        kind WITH =,
        value WITH =,
        int8range(valid_from, valid_to) WITH &&
    )
);
CREATE INDEX identity_by_person ON identity (organization_id, person_id);
CREATE INDEX identity_by_value ON identity (organization_id, kind, value);
