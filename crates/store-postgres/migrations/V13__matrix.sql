-- The folded department, by which people are filtered and sorted. As folding makes it for ASCII;
-- others are folded with the next change of their person.
ALTER TABLE person ADD COLUMN department_key text COLLATE "C" NOT NULL DEFAULT '';
UPDATE person SET department_key = lower(btrim(profile::json ->> 'department'))
WHERE profile::json ->> 'department' IS NOT NULL;
CREATE INDEX person_by_department
    ON person (organization_id, department_key, sort_key, person_id);

-- Views of the mapping that somebody keeps.
CREATE TABLE saved_view (
    organization_id uuid    NOT NULL REFERENCES organization (organization_id),
    view_id         uuid    NOT NULL,
    -- Whose it is; NULL for a token's.
    account_id      uuid,
    name            text    NOT NULL,
    name_key        text    COLLATE "C" NOT NULL,
    page            text    NOT NULL,
    query           text    NOT NULL,
    shared          boolean NOT NULL,
    created_at      bigint  NOT NULL,
    PRIMARY KEY (organization_id, view_id)
);

-- Two CRM users of one person whose own evidence disagrees. Derived at every evaluation.
CREATE TABLE inconsistency (
    organization_id     uuid   NOT NULL,
    person_id           uuid   NOT NULL,
    connection_id       uuid   NOT NULL,
    other_connection_id uuid   NOT NULL,
    crm_user_id         text   COLLATE "C" NOT NULL,
    other_user_id       text   COLLATE "C" NOT NULL,
    since               bigint NOT NULL,
    detail              text   NOT NULL,
    PRIMARY KEY (organization_id, person_id, connection_id, other_connection_id),
    FOREIGN KEY (organization_id, person_id)
        REFERENCES person (organization_id, person_id) ON DELETE CASCADE
);

-- Which people a change set is about, so that somebody's history is read without every line.
CREATE TABLE change_about (
    organization_id uuid   NOT NULL,
    person_id       uuid   NOT NULL,
    number          bigint NOT NULL,
    PRIMARY KEY (organization_id, person_id, number),
    FOREIGN KEY (organization_id, number) REFERENCES change_set (organization_id, number)
);
INSERT INTO change_about (organization_id, person_id, number)
SELECT DISTINCT organization_id, id::uuid, number
FROM (
    SELECT organization_id, number,
           line::json -> 'before' ->> CASE entity WHEN 'person' THEN 'id' ELSE 'person_id' END AS id
    FROM change_line
    UNION
    SELECT organization_id, number,
           line::json -> 'after' ->> CASE entity WHEN 'person' THEN 'id' ELSE 'person_id' END AS id
    FROM change_line
) AS lines
WHERE id IS NOT NULL;
