CREATE TABLE crm_user (
    organization_id uuid    NOT NULL,
    connection_id   uuid    NOT NULL,
    -- The CRM's own id: opaque, compared byte by byte.
    crm_user_id     text    COLLATE "C" NOT NULL,
    sort_key        text    COLLATE "C" NOT NULL,
    search_text     text    COLLATE "C" NOT NULL,
    profile         text    COLLATE "C" NOT NULL,
    -- Whether its state lets somebody work with it; one that is gone keeps what it had.
    usable          boolean NOT NULL,
    kind            text    COLLATE "C" NOT NULL,
    first_seen_at   bigint  NOT NULL,
    last_run_id     uuid    NOT NULL,
    gone_since      bigint,
    PRIMARY KEY (organization_id, connection_id, crm_user_id),
    FOREIGN KEY (organization_id, connection_id)
        REFERENCES connection (organization_id, connection_id)
);
CREATE INDEX crm_user_in_order
    ON crm_user (organization_id, connection_id, sort_key, crm_user_id);
-- Counts them without reading profiles.
CREATE INDEX crm_user_by_state ON crm_user (organization_id, connection_id, gone_since, usable);
CREATE INDEX crm_user_by_search ON crm_user USING gin (search_text gin_trgm_ops);

CREATE TABLE run (
    organization_id uuid    NOT NULL,
    run_id          uuid    NOT NULL,
    connection_id   uuid    NOT NULL,
    mode            text    NOT NULL,
    -- Since when changes were asked for; only of mode "changed".
    since           bigint,
    state           text    COLLATE "C" NOT NULL,
    started_at      bigint  NOT NULL,
    finished_at     bigint,
    pages           bigint  NOT NULL,
    cursor          text,
    pulled          boolean NOT NULL,
    -- Whether its changes are worked out.
    measured        boolean NOT NULL,
    -- How many usable users its changes take away.
    lost            bigint  NOT NULL,
    expected        bigint,
    report          text    NOT NULL,
    failure         text,
    lease_until     bigint  NOT NULL,
    PRIMARY KEY (organization_id, run_id),
    FOREIGN KEY (organization_id, connection_id)
        REFERENCES connection (organization_id, connection_id)
);
CREATE INDEX run_by_connection
    ON run (organization_id, connection_id, started_at DESC, run_id DESC);
-- One run of a connection is under way at a time.
CREATE UNIQUE INDEX run_under_way ON run (organization_id, connection_id) WHERE state = 'pulling';

CREATE TABLE staged_user (
    organization_id uuid    NOT NULL,
    run_id          uuid    NOT NULL,
    crm_user_id     text    COLLATE "C" NOT NULL,
    sort_key        text    COLLATE "C" NOT NULL,
    search_text     text    COLLATE "C" NOT NULL,
    profile         text    COLLATE "C" NOT NULL,
    usable          boolean NOT NULL,
    kind            text    COLLATE "C" NOT NULL,
    PRIMARY KEY (organization_id, run_id, crm_user_id),
    FOREIGN KEY (organization_id, run_id) REFERENCES run (organization_id, run_id)
);

CREATE TABLE run_change (
    organization_id uuid     NOT NULL,
    run_id          uuid     NOT NULL,
    -- 0 new, 1 changed, 2 deactivated, 3 gone, 4 returned: the order in which they are listed.
    kind            smallint NOT NULL,
    crm_user_id     text     COLLATE "C" NOT NULL,
    before          text,
    after           text,
    PRIMARY KEY (organization_id, run_id, kind, crm_user_id),
    FOREIGN KEY (organization_id, run_id) REFERENCES run (organization_id, run_id)
);
