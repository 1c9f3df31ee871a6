-- The folded department, by which people are filtered and sorted. As folding makes it for ASCII;
-- others are folded with the next change of their person.
ALTER TABLE person ADD COLUMN department_key TEXT NOT NULL DEFAULT '';
UPDATE person SET department_key = lower(trim(json_extract(profile, '$.department')))
WHERE json_extract(profile, '$.department') IS NOT NULL;
CREATE INDEX person_by_department
    ON person (organization_id, department_key, sort_key, person_id, active);

-- Views of the mapping that somebody keeps.
CREATE TABLE saved_view (
    organization_id BLOB    NOT NULL REFERENCES organization (organization_id),
    view_id         BLOB    NOT NULL,
    -- Whose it is; NULL for a token's.
    account_id      BLOB,
    name            TEXT    NOT NULL,
    name_key        TEXT    NOT NULL,
    page            TEXT    NOT NULL,
    query           TEXT    NOT NULL,
    shared          INTEGER NOT NULL,
    created_at      INTEGER NOT NULL,
    PRIMARY KEY (organization_id, view_id)
) STRICT, WITHOUT ROWID;

-- Two CRM users of one person whose own evidence disagrees. Derived at every evaluation.
CREATE TABLE inconsistency (
    organization_id     BLOB    NOT NULL,
    person_id           BLOB    NOT NULL,
    connection_id       BLOB    NOT NULL,
    other_connection_id BLOB    NOT NULL,
    crm_user_id         TEXT    NOT NULL,
    other_user_id       TEXT    NOT NULL,
    since               INTEGER NOT NULL,
    detail              TEXT    NOT NULL,
    PRIMARY KEY (organization_id, person_id, connection_id, other_connection_id),
    FOREIGN KEY (organization_id, person_id)
        REFERENCES person (organization_id, person_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- Which people a change set is about, so that somebody's history is read without every line.
CREATE TABLE change_about (
    organization_id BLOB    NOT NULL,
    person_id       BLOB    NOT NULL,
    number          INTEGER NOT NULL,
    PRIMARY KEY (organization_id, person_id, number),
    FOREIGN KEY (organization_id, number) REFERENCES change_set (organization_id, number)
) STRICT, WITHOUT ROWID;
INSERT INTO change_about (organization_id, person_id, number)
SELECT DISTINCT organization_id, unhex(replace(id, '-', '')), number
FROM (
    SELECT organization_id, number,
        json_extract(line, iif(entity = 'person', '$.before.id', '$.before.person_id')) AS id
    FROM change_line
    UNION
    SELECT organization_id, number,
        json_extract(line, iif(entity = 'person', '$.after.id', '$.after.person_id')) AS id
    FROM change_line
)
WHERE id IS NOT NULL;

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('person', 'person_by_department', '100000 5000 250 1 1 1'),
    ('saved_view', 'saved_view', '200 10 1'),
    ('inconsistency', 'inconsistency', '2000 100 2 1 1'),
    ('change_about', 'change_about', '800000 40000 8 1');
ANALYZE sqlite_schema;
