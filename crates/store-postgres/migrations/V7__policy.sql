-- What a connection may do by itself, and how failures in a row stand; JSON.
ALTER TABLE connection ADD COLUMN policy text NOT NULL DEFAULT '{}';
ALTER TABLE connection ADD COLUMN retry  text;

-- Since when full runs no longer find it. It counts as gone later.
ALTER TABLE crm_user ADD COLUMN missing_since bigint;
UPDATE crm_user SET missing_since = gone_since WHERE gone_since IS NOT NULL;
DROP INDEX crm_user_by_state;
-- Counts them without reading profiles.
CREATE INDEX crm_user_by_state
    ON crm_user (organization_id, connection_id, gone_since, usable, missing_since);

-- Until when a held run waits for somebody's word.
ALTER TABLE run ADD COLUMN held_until bigint;
