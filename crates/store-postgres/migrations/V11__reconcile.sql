-- When the matcher last looked at everybody of a connection, and what has changed since.
CREATE TABLE evaluation (
    organization_id uuid   NOT NULL,
    connection_id   uuid   NOT NULL,
    evaluated_at    bigint,
    stale_since     bigint,
    -- Changes that nobody has looked at yet.
    open_changes    bigint NOT NULL,
    PRIMARY KEY (organization_id, connection_id),
    FOREIGN KEY (organization_id, connection_id)
        REFERENCES connection (organization_id, connection_id)
);

-- For whom a CRM user is proposed, when it is taken.
CREATE INDEX proposal_by_crm_user ON proposal (organization_id, connection_id, crm_user_id);
