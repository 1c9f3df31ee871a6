-- From how many lines on a change needs a second person; none when no change does.
ALTER TABLE organization ADD COLUMN second_person_from bigint;

-- Whose account made a token: a token cannot approve what its maker wants. Earlier tokens are
-- told by the audit chain; those of which it names no account were made at the machine itself.
ALTER TABLE api_token ADD COLUMN created_by uuid;
UPDATE api_token SET created_by = (
    SELECT audit_entry.account_id FROM audit_entry
    WHERE audit_entry.organization_id = api_token.organization_id
        AND audit_entry.action = 'token.created'
        AND audit_entry.details = api_token.name || ' (' || api_token.role || ')'
        AND audit_entry.at >= api_token.created_at
    ORDER BY audit_entry.sequence LIMIT 1);

-- Change sets that wait for a second person, or waited.
CREATE TABLE pending_change_set (
    organization_id  uuid   NOT NULL REFERENCES organization (organization_id),
    number           bigint NOT NULL,
    account_id       uuid,
    token_id         uuid,
    origin           text   COLLATE "C" NOT NULL,
    reason           text,
    undoes           bigint,
    line_count       bigint NOT NULL,
    created_at       bigint NOT NULL,
    expires_at       bigint NOT NULL,
    state            text   COLLATE "C" NOT NULL,
    -- How it was decided, as JSON.
    ending           text,
    PRIMARY KEY (organization_id, number)
);
CREATE INDEX pending_change_set_by_state ON pending_change_set (organization_id, state, number);

CREATE TABLE pending_change_line (
    organization_id uuid   NOT NULL,
    number          bigint NOT NULL,
    ordinal         bigint NOT NULL,
    line            text   NOT NULL,
    PRIMARY KEY (organization_id, number, ordinal),
    FOREIGN KEY (organization_id, number)
        REFERENCES pending_change_set (organization_id, number)
);

-- Who approved a change set before it was applied, as JSON.
ALTER TABLE change_set ADD COLUMN approval text;
