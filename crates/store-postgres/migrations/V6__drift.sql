-- What was known of both sides when the pair was last confirmed; NULL where nobody wrote it down.
ALTER TABLE mapping ADD COLUMN witness text;

-- Why mappings that hold may be true no longer. Derived at every evaluation. No foreign key to
-- the mapping: a change set takes a mapping away and puts it back, and that ends no drift.
CREATE TABLE drift (
    organization_id uuid    NOT NULL,
    mapping_id      uuid    NOT NULL,
    cause           text    COLLATE "C" NOT NULL,
    connection_id   uuid    NOT NULL,
    person_id       uuid    NOT NULL,
    -- The most specific of the mapping's causes.
    is_primary      boolean NOT NULL,
    since           bigint  NOT NULL,
    detail          text    NOT NULL,
    other_user_id   text    COLLATE "C",
    PRIMARY KEY (organization_id, mapping_id, cause),
    FOREIGN KEY (organization_id, person_id)
        REFERENCES person (organization_id, person_id) ON DELETE CASCADE,
    FOREIGN KEY (organization_id, connection_id)
        REFERENCES connection (organization_id, connection_id)
);
CREATE INDEX drift_by_connection ON drift (organization_id, connection_id, cause);
CREATE INDEX drift_by_person ON drift (organization_id, person_id);

-- What happens at a drift; causes without a row are proposed.
CREATE TABLE drift_policy (
    organization_id uuid NOT NULL,
    connection_id   uuid NOT NULL,
    cause           text COLLATE "C" NOT NULL,
    policy          text NOT NULL,
    PRIMARY KEY (organization_id, connection_id, cause),
    FOREIGN KEY (organization_id, connection_id)
        REFERENCES connection (organization_id, connection_id)
);
