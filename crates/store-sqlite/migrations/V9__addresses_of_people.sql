-- By which address somebody is looked up. Derived from the profiles, folded as in the model.
CREATE TABLE person_email (
    organization_id BLOB NOT NULL,
    email_key       TEXT NOT NULL,
    person_id       BLOB NOT NULL,
    PRIMARY KEY (organization_id, email_key, person_id),
    FOREIGN KEY (organization_id, person_id)
        REFERENCES person (organization_id, person_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX person_email_by_person ON person_email (organization_id, person_id);

-- The same as folding for all but letters beyond ASCII; those are folded with the next change of
-- their person, and looked up in this form until then.
INSERT INTO person_email (organization_id, email_key, person_id)
SELECT DISTINCT person.organization_id, lower(trim(address.value)), person.person_id
FROM person, json_each(person.profile, '$.emails') AS address
WHERE length(CAST(address.value AS BLOB)) <= 320
    AND trim(address.value) LIKE '_%@_%' AND instr(trim(address.value), ' ') = 0;

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('person_email', 'person_email_by_person', '100000 5000 1 1'),
    ('person_email', 'person_email', '100000 5000 1 1');
ANALYZE sqlite_schema;
