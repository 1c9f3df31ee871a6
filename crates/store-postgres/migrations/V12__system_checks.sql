-- What system checks showed: of a connection, or of one person there. Old ones are forgotten
-- when a new one is kept.
CREATE TABLE check_report (
    organization_id uuid   NOT NULL,
    check_id        uuid   NOT NULL,
    connection_id   uuid   NOT NULL,
    -- NULL: of the connection itself.
    person_id       uuid,
    cause           text   NOT NULL,
    started_at      bigint NOT NULL,
    took_millis     bigint NOT NULL,
    result          text   NOT NULL,
    -- A JSON array.
    checks          text   NOT NULL,
    PRIMARY KEY (organization_id, check_id),
    FOREIGN KEY (organization_id, connection_id)
        REFERENCES connection (organization_id, connection_id),
    FOREIGN KEY (organization_id, person_id)
        REFERENCES person (organization_id, person_id) ON DELETE CASCADE
);
CREATE INDEX check_report_by_connection
    ON check_report (organization_id, connection_id, person_id, started_at, check_id);
CREATE INDEX check_report_by_person ON check_report (organization_id, person_id);
