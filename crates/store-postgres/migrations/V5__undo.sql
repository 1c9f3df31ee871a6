-- Which thing a line is about, so that the last change of a thing is found without reading every
-- change set.
ALTER TABLE change_line ADD COLUMN subject uuid;
UPDATE change_line SET subject = coalesce(
    line::jsonb #>> '{after,id}', line::jsonb #>> '{before,id}')::uuid;
CREATE INDEX change_line_by_subject ON change_line (organization_id, subject, number);

-- The newest change set that undoes this one and is not undone itself.
ALTER TABLE change_set ADD COLUMN undone_by bigint;
CREATE INDEX change_set_by_undone ON change_set (organization_id, undoes) WHERE undoes IS NOT NULL;
