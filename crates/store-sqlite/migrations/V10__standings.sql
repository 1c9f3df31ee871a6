-- What the CRM users of a person's cells add to the search text. Kept with the situations.
ALTER TABLE person ADD COLUMN shown_text TEXT NOT NULL DEFAULT '';

CREATE VIRTUAL TABLE shown_search USING fts5 (
    shown_text, content = '', columnsize = 0, tokenize = 'trigram case_sensitive 1'
);
CREATE TRIGGER shown_search_update AFTER UPDATE OF shown_text ON person
WHEN old.shown_text <> new.shown_text BEGIN
    INSERT INTO shown_search (shown_search, rowid, shown_text)
    SELECT 'delete', old.search_id, old.shown_text WHERE old.shown_text <> '';
    INSERT INTO shown_search (rowid, shown_text)
    SELECT new.search_id, new.shown_text WHERE new.shown_text <> '';
END;
CREATE TRIGGER shown_search_delete AFTER DELETE ON person WHEN old.shown_text <> '' BEGIN
    INSERT INTO shown_search (shown_search, rowid, shown_text)
    VALUES ('delete', old.search_id, old.shown_text);
END;

-- Who is searched for in order is read here, without a look at the people themselves.
DROP INDEX person_in_order;
CREATE INDEX person_in_order
    ON person (organization_id, sort_key, person_id, active, search_text, shown_text);

-- How a person stands over all connections: in how many the person is in each situation. Kept
-- with the situations; nobody without one has a row.
CREATE TABLE standing (
    organization_id BLOB    NOT NULL,
    person_id       BLOB    NOT NULL,
    mapped          INTEGER NOT NULL,
    proposed        INTEGER NOT NULL,
    ambiguous       INTEGER NOT NULL,
    unmapped        INTEGER NOT NULL,
    drifted         INTEGER NOT NULL,
    held            INTEGER NOT NULL,
    ignored         INTEGER NOT NULL,
    -- The situations as a set; each has its bit.
    situations      INTEGER NOT NULL GENERATED ALWAYS AS (
        (mapped > 0) | ((proposed > 0) << 1) | ((ambiguous > 0) << 2) | ((unmapped > 0) << 3)
        | ((drifted > 0) << 4) | ((held > 0) << 5) | ((ignored > 0) << 6)
    ) STORED,
    PRIMARY KEY (organization_id, person_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX standing_by_situations ON standing (organization_id, situations, person_id);

-- How many people are in each situation in a connection, and how many proposals are certain.
CREATE TABLE situation_count (
    organization_id BLOB    NOT NULL,
    connection_id   BLOB    NOT NULL,
    situation       TEXT    NOT NULL,
    people          INTEGER NOT NULL,
    certain         INTEGER NOT NULL,
    PRIMARY KEY (organization_id, connection_id, situation)
) STRICT, WITHOUT ROWID;

-- How many people are in exactly these situations over all connections.
CREATE TABLE standing_count (
    organization_id BLOB    NOT NULL,
    situations      INTEGER NOT NULL,
    people          INTEGER NOT NULL,
    PRIMARY KEY (organization_id, situations)
) STRICT, WITHOUT ROWID;

-- How many CRM users a connection has, as of its last run.
CREATE TABLE crm_user_count (
    organization_id BLOB    NOT NULL,
    connection_id   BLOB    NOT NULL,
    known           INTEGER NOT NULL,
    present         INTEGER NOT NULL,
    usable          INTEGER NOT NULL,
    missing         INTEGER NOT NULL,
    PRIMARY KEY (organization_id, connection_id)
) STRICT, WITHOUT ROWID;

-- How many people there are.
ALTER TABLE organization_head ADD COLUMN people_active   INTEGER NOT NULL DEFAULT 0;
ALTER TABLE organization_head ADD COLUMN people_inactive INTEGER NOT NULL DEFAULT 0;

-- Texts are kept whole until they are made anew, which leaves out what is there twice.
UPDATE person SET shown_text = coalesce((
    SELECT group_concat(crm_user.search_text, ' ')
    FROM situation JOIN crm_user USING (organization_id, connection_id, crm_user_id)
    WHERE situation.organization_id = person.organization_id
        AND situation.person_id = person.person_id
), '');

INSERT INTO standing (
    organization_id, person_id, mapped, proposed, ambiguous, unmapped, drifted, held, ignored
)
SELECT
    organization_id, person_id,
    sum(situation = 'mapped'), sum(situation = 'proposed'),
    sum(situation = 'ambiguous'), sum(situation = 'unmapped'),
    sum(situation = 'drifted'), sum(situation = 'held'),
    sum(situation = 'ignored')
FROM situation GROUP BY organization_id, person_id;

INSERT INTO situation_count (organization_id, connection_id, situation, people, certain)
SELECT organization_id, connection_id, situation, count(*), sum(certain)
FROM situation GROUP BY organization_id, connection_id, situation;

INSERT INTO standing_count (organization_id, situations, people)
SELECT organization_id, situations, count(*) FROM standing GROUP BY organization_id, situations;

INSERT INTO crm_user_count (organization_id, connection_id, known, present, usable, missing)
SELECT
    organization_id, connection_id, count(*), sum(gone_since IS NULL),
    sum(gone_since IS NULL AND usable), sum(gone_since IS NULL AND missing_since IS NOT NULL)
FROM crm_user GROUP BY organization_id, connection_id;

UPDATE organization_head SET
    people_active = (
        SELECT count(*) FROM person
        WHERE person.organization_id = organization_head.organization_id AND person.active
    ),
    people_inactive = (
        SELECT count(*) FROM person
        WHERE person.organization_id = organization_head.organization_id AND NOT person.active
    );

DELETE FROM sqlite_stat1 WHERE tbl = 'person' AND idx = 'person_in_order';
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('person', 'person_in_order', '100000 5000 1 1 1 1 1'),
    ('standing', 'standing', '100000 5000 1'),
    ('standing', 'standing_by_situations', '100000 5000 500 1'),
    ('situation_count', 'situation_count', '300 15 5 1'),
    ('standing_count', 'standing_count', '300 15 1'),
    ('crm_user_count', 'crm_user_count', '60 3 1');
ANALYZE sqlite_schema;
