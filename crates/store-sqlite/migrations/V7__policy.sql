-- What a connection may do by itself, and how failures in a row stand; JSON.
ALTER TABLE connection ADD COLUMN policy TEXT NOT NULL DEFAULT '{}';
ALTER TABLE connection ADD COLUMN retry  TEXT;

-- Since when full runs no longer find it. It counts as gone later.
ALTER TABLE crm_user ADD COLUMN missing_since INTEGER;
UPDATE crm_user SET missing_since = gone_since WHERE gone_since IS NOT NULL;
DROP INDEX crm_user_by_state;
-- Counts them without reading profiles.
CREATE INDEX crm_user_by_state
    ON crm_user (organization_id, connection_id, gone_since, usable, missing_since);

-- Until when a held run waits for somebody's word.
ALTER TABLE run ADD COLUMN held_until INTEGER;

DELETE FROM sqlite_stat1 WHERE tbl = 'crm_user' AND idx = 'crm_user_by_state';
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('crm_user', 'crm_user_by_state', '300000 15000 5000 4000 2500 2400');
ANALYZE sqlite_schema;
