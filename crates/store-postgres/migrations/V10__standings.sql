-- How a person stands over all connections: in how many the person is in each situation, and what
-- the CRM users of the person's cells add to the search text. Kept with the situations; nobody
-- without a situation has a row.
CREATE TABLE standing (
    organization_id uuid     NOT NULL,
    person_id       uuid     NOT NULL,
    mapped          integer  NOT NULL,
    proposed        integer  NOT NULL,
    ambiguous       integer  NOT NULL,
    unmapped        integer  NOT NULL,
    drifted         integer  NOT NULL,
    held            integer  NOT NULL,
    ignored         integer  NOT NULL,
    -- The situations as a set; each has its bit.
    situations      smallint NOT NULL GENERATED ALWAYS AS ((
        (mapped > 0)::integer | ((proposed > 0)::integer << 1) | ((ambiguous > 0)::integer << 2)
        | ((unmapped > 0)::integer << 3) | ((drifted > 0)::integer << 4)
        | ((held > 0)::integer << 5) | ((ignored > 0)::integer << 6)
    )::smallint) STORED,
    shown_text      text     COLLATE "C" NOT NULL DEFAULT '',
    PRIMARY KEY (organization_id, person_id)
);
CREATE INDEX standing_by_situations ON standing (organization_id, situations, person_id);
-- Every search reads what was not sorted into the index yet: keep that short.
CREATE INDEX standing_by_shown ON standing USING gin (shown_text gin_trgm_ops)
    WITH (gin_pending_list_limit = 512);

-- How many people are in each situation in a connection, and how many proposals are certain.
CREATE TABLE situation_count (
    organization_id uuid   NOT NULL,
    connection_id   uuid   NOT NULL,
    situation       text   COLLATE "C" NOT NULL,
    people          bigint NOT NULL,
    certain         bigint NOT NULL,
    PRIMARY KEY (organization_id, connection_id, situation)
);

-- How many people are in exactly these situations over all connections.
CREATE TABLE standing_count (
    organization_id uuid     NOT NULL,
    situations      smallint NOT NULL,
    people          bigint   NOT NULL,
    PRIMARY KEY (organization_id, situations)
);

-- How many CRM users a connection has, as of its last run.
CREATE TABLE crm_user_count (
    organization_id uuid   NOT NULL,
    connection_id   uuid   NOT NULL,
    known           bigint NOT NULL,
    present         bigint NOT NULL,
    usable          bigint NOT NULL,
    missing         bigint NOT NULL,
    PRIMARY KEY (organization_id, connection_id)
);

-- How many people there are.
ALTER TABLE organization_head ADD COLUMN people_active   bigint NOT NULL DEFAULT 0;
ALTER TABLE organization_head ADD COLUMN people_inactive bigint NOT NULL DEFAULT 0;

-- Texts are kept whole until they are made anew, which leaves out what is there twice.
INSERT INTO standing (
    organization_id, person_id, mapped, proposed, ambiguous, unmapped, drifted, held, ignored,
    shown_text
)
SELECT
    situation.organization_id, situation.person_id,
    count(*) FILTER (WHERE situation.situation = 'mapped'),
    count(*) FILTER (WHERE situation.situation = 'proposed'),
    count(*) FILTER (WHERE situation.situation = 'ambiguous'),
    count(*) FILTER (WHERE situation.situation = 'unmapped'),
    count(*) FILTER (WHERE situation.situation = 'drifted'),
    count(*) FILTER (WHERE situation.situation = 'held'),
    count(*) FILTER (WHERE situation.situation = 'ignored'),
    coalesce(string_agg(crm_user.search_text, ' '), '')
FROM situation
JOIN person USING (organization_id, person_id)
LEFT JOIN crm_user USING (organization_id, connection_id, crm_user_id)
GROUP BY situation.organization_id, situation.person_id;

INSERT INTO situation_count (organization_id, connection_id, situation, people, certain)
SELECT organization_id, connection_id, situation, count(*), count(*) FILTER (WHERE certain)
FROM situation GROUP BY organization_id, connection_id, situation;

INSERT INTO standing_count (organization_id, situations, people)
SELECT organization_id, situations, count(*) FROM standing GROUP BY organization_id, situations;

INSERT INTO crm_user_count (organization_id, connection_id, known, present, usable, missing)
SELECT
    organization_id, connection_id, count(*), count(*) FILTER (WHERE gone_since IS NULL),
    count(*) FILTER (WHERE gone_since IS NULL AND usable),
    count(*) FILTER (WHERE gone_since IS NULL AND missing_since IS NOT NULL)
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
