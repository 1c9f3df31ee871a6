-- By which address somebody is looked up. Derived from the profiles, folded as in the model.
CREATE TABLE person_email (
    organization_id uuid NOT NULL,
    email_key       text COLLATE "C" NOT NULL,
    person_id       uuid NOT NULL,
    PRIMARY KEY (organization_id, email_key, person_id),
    FOREIGN KEY (organization_id, person_id)
        REFERENCES person (organization_id, person_id) ON DELETE CASCADE
);
CREATE INDEX person_email_by_person ON person_email (organization_id, person_id);

-- The same as folding for all but letters beyond ASCII; those are folded with the next change of
-- their person, and looked up in this form until then.
INSERT INTO person_email (organization_id, email_key, person_id)
SELECT DISTINCT person.organization_id, lower(btrim(address)), person.person_id
FROM person, json_array_elements_text(coalesce(person.profile::json -> 'emails', '[]')) AS address
WHERE octet_length(address) <= 320
    AND btrim(address) LIKE '_%@_%' AND strpos(btrim(address), ' ') = 0;
