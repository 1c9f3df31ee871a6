-- Which thing a line is about, so that the last change of a thing is found without reading every
-- change set.
ALTER TABLE change_line ADD COLUMN subject BLOB;
UPDATE change_line SET subject = unhex(replace(
    coalesce(json_extract(line, '$.after.id'), json_extract(line, '$.before.id')), '-', ''));
CREATE INDEX change_line_by_subject ON change_line (organization_id, subject, number);

-- The newest change set that undoes this one and is not undone itself.
ALTER TABLE change_set ADD COLUMN undone_by INTEGER;
CREATE INDEX change_set_by_undone ON change_set (organization_id, undoes) WHERE undoes IS NOT NULL;

-- See V4.
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('change_line', 'change_line_by_subject', '1000000 50000 3 1'),
    ('change_set', 'change_set_by_undone', '2000 100 1');
ANALYZE sqlite_schema;
