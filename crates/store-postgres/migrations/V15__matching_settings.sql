-- How the matcher looks at an organization (no connection, id of zeros) or at a connection (its
-- id). Written by change sets alone.
CREATE TABLE matching_settings (
    organization_id      uuid   NOT NULL REFERENCES organization (organization_id),
    matching_settings_id uuid   NOT NULL,
    connection_id        uuid,
    rules                text   NOT NULL,
    version              bigint NOT NULL,
    PRIMARY KEY (organization_id, matching_settings_id),
    FOREIGN KEY (organization_id, connection_id)
        REFERENCES connection (organization_id, connection_id)
);

-- What waits for somebody's word.
CREATE INDEX situation_to_review ON situation (organization_id, connection_id, person_id)
    WHERE NOT certain AND situation IN ('drifted', 'ambiguous', 'proposed');
