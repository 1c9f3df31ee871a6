//! Rows of tables as the words of the model. Each list of columns stands beside the function that
//! reads them in that order.

use std::num::NonZeroU32;

use counterpart_model::{
    Account, ApiToken, ChangeSet, Code, Connection, CrmUser, CrmUserId, Decision, DecisionKind,
    Draft, Identity, Mapping, MatchingSettings, Organization, Period, Person, Proposal, Run,
    RunMode, Sealed, Timestamp,
    audit::{AuditEntry, AuditEvent},
    connection::Health,
};
use rusqlite::Row;
use serde::de::value::{Error as WordError, StrDeserializer};
use serde::{Deserialize, de::DeserializeOwned, de::IntoDeserializer};
use uuid::Uuid;

use crate::fault::{Fault, Result};

/// The id in a column.
pub(crate) fn id<I: From<Uuid>>(row: &Row<'_>, column: usize) -> Result<I> {
    Ok(Uuid::from_bytes(row.get(column)?).into())
}

/// The id in a column, if there is one.
pub(crate) fn maybe_id<I: From<Uuid>>(row: &Row<'_>, column: usize) -> Result<Option<I>> {
    let bytes: Option<[u8; 16]> = row.get(column)?;
    Ok(bytes.map(|bytes| Uuid::from_bytes(bytes).into()))
}

/// The instant in a column.
pub(crate) fn time(row: &Row<'_>, column: usize) -> Result<Timestamp> {
    Ok(Timestamp::from_micros(row.get(column)?))
}

/// The instant in a column, if there is one.
pub(crate) fn maybe_time(row: &Row<'_>, column: usize) -> Result<Option<Timestamp>> {
    let micros: Option<i64> = row.get(column)?;
    Ok(micros.map(Timestamp::from_micros))
}

/// The number in a column, which is never negative.
pub(crate) fn count(row: &Row<'_>, column: usize) -> Result<u64> {
    let number: i64 = row.get(column)?;
    u64::try_from(number).map_err(|_| Fault::corrupt("a number below zero"))
}

/// The structured value in a column.
pub(crate) fn json<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> Result<T> {
    let text = row
        .get_ref(column)?
        .as_str()
        .map_err(rusqlite::Error::from)?;
    Ok(serde_json::from_str(text)?)
}

/// The structured value in a column, if there is one.
pub(crate) fn maybe_json<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> Result<Option<T>> {
    let text = row
        .get_ref(column)?
        .as_str_or_null()
        .map_err(rusqlite::Error::from)?;
    Ok(text.map(serde_json::from_str).transpose()?)
}

/// The word in a column, by the names that the model gives its variants.
pub(crate) fn word<'de, T: Deserialize<'de>>(row: &'de Row<'_>, column: usize) -> Result<T> {
    let text = row
        .get_ref(column)?
        .as_str()
        .map_err(rusqlite::Error::from)?;
    let word: StrDeserializer<'de, WordError> = text.into_deserializer();
    T::deserialize(word).map_err(|error| Fault::corrupt(error.to_string()))
}

/// The period in two columns.
fn period(row: &Row<'_>, column: usize) -> Result<Period> {
    Period::new(time(row, column)?, time(row, column + 1)?)
        .map_err(|error| Fault::corrupt(error.to_string()))
}

pub(crate) const ACCOUNT: &str =
    "account.account_id, account.email, account.password_hash, account.created_at";

pub(crate) fn account(row: &Row<'_>) -> Result<Account> {
    Ok(Account {
        id: id(row, 0)?,
        email: row.get(1)?,
        password_hash: row.get(2)?,
        created_at: time(row, 3)?,
    })
}

pub(crate) const TOKEN: &str =
    "token_id, token_hash, organization_id, role, name, created_at, revoked_at, created_by";

pub(crate) fn token(row: &Row<'_>) -> Result<ApiToken> {
    Ok(ApiToken {
        id: id(row, 0)?,
        token_hash: row.get(1)?,
        organization_id: id(row, 2)?,
        role: word(row, 3)?,
        name: row.get(4)?,
        created_at: time(row, 5)?,
        revoked_at: maybe_time(row, 6)?,
        created_by: maybe_id(row, 7)?,
    })
}

pub(crate) const ORGANIZATION: &str = "organization.organization_id, organization.name, \
    organization.time_zone, organization.domains, organization.demo, organization.created_at, \
    organization.data_key, organization.second_person_from";

pub(crate) fn organization(row: &Row<'_>) -> Result<Organization> {
    Ok(Organization {
        id: id(row, 0)?,
        name: row.get(1)?,
        time_zone: row.get(2)?,
        domains: json(row, 3)?,
        demo: row.get(4)?,
        created_at: time(row, 5)?,
        data_key: json(row, 6)?,
        second_person_from: row.get::<_, Option<u32>>(7)?.and_then(NonZeroU32::new),
    })
}

pub(crate) const CONNECTION: &str = "connection_id, name, provider, side, environment, settings, \
    cardinality, health_state, health_since, health_code, health_detail, remote_org, created_at, \
    synced_at, changed_since, version, policy, retry, \
    (SELECT json_group_array(credential.name ORDER BY credential.name) FROM credential \
     WHERE credential.organization_id = connection.organization_id \
     AND credential.connection_id = connection.connection_id)";

pub(crate) fn connection(row: &Row<'_>) -> Result<Connection> {
    let code: Option<String> = row.get(9)?;
    let code = code.map(|code| code.parse::<Code>()).transpose();
    Ok(Connection {
        id: id(row, 0)?,
        name: row.get(1)?,
        provider: row.get(2)?,
        side: word(row, 3)?,
        environment: word(row, 4)?,
        settings: json(row, 5)?,
        credentials: json(row, 18)?,
        cardinality: word(row, 6)?,
        policy: json(row, 16)?,
        health: Health {
            state: word(row, 7)?,
            since: time(row, 8)?,
            code: code.map_err(|error| Fault::corrupt(error.to_string()))?,
            detail: row.get(10)?,
            retry: maybe_json(row, 17)?,
        },
        remote_org: maybe_json(row, 11)?,
        created_at: time(row, 12)?,
        synced_at: maybe_time(row, 13)?,
        changed_since: maybe_time(row, 14)?,
        version: count(row, 15)?,
    })
}

pub(crate) const CREDENTIAL: &str = "name, key_id, nonce, ciphertext";

pub(crate) fn credential(row: &Row<'_>) -> Result<(String, Sealed)> {
    let sealed = Sealed {
        key_id: row.get(1)?,
        nonce: row.get(2)?,
        ciphertext: row.get(3)?,
    };
    Ok((row.get(0)?, sealed))
}

pub(crate) const PERSON: &str = "person.person_id, person.external_id, person.profile, \
    person.active, person.created_at, person.version";

pub(crate) fn person(row: &Row<'_>) -> Result<Person> {
    Ok(Person {
        id: id(row, 0)?,
        external_id: row.get(1)?,
        profile: json(row, 2)?,
        active: row.get(3)?,
        created_at: time(row, 4)?,
        version: count(row, 5)?,
    })
}

pub(crate) const IDENTITY: &str =
    "identity_id, person_id, connection_id, kind, value, valid_from, valid_to";

pub(crate) fn identity(row: &Row<'_>) -> Result<Identity> {
    Ok(Identity {
        id: id(row, 0)?,
        person_id: id(row, 1)?,
        connection_id: id(row, 2)?,
        kind: word(row, 3)?,
        value: row.get(4)?,
        period: period(row, 5)?,
    })
}

pub(crate) const CRM_USER: &str = "crm_user.connection_id, crm_user.crm_user_id, \
    crm_user.profile, crm_user.first_seen_at, crm_user.last_run_id, \
    crm_user.missing_since, crm_user.gone_since";

pub(crate) fn crm_user(row: &Row<'_>) -> Result<CrmUser> {
    Ok(CrmUser {
        connection_id: id(row, 0)?,
        id: CrmUserId(row.get(1)?),
        profile: json(row, 2)?,
        first_seen_at: time(row, 3)?,
        last_run_id: id(row, 4)?,
        missing_since: maybe_time(row, 5)?,
        gone_since: maybe_time(row, 6)?,
    })
}

pub(crate) const RUN: &str = "run_id, connection_id, mode, since, state, started_at, finished_at, \
    pages, cursor, pulled, expected, report, failure, lease_until, held_until";

pub(crate) fn run(row: &Row<'_>) -> Result<Run> {
    let mode: String = row.get(2)?;
    let mode = match (mode.as_str(), maybe_time(row, 3)?) {
        ("full", None) => RunMode::Full,
        ("changed", Some(since)) => RunMode::Changed { since },
        _ => return Err(Fault::corrupt("the mode of a run")),
    };
    let expected: Option<i64> = row.get(10)?;
    Ok(Run {
        id: id(row, 0)?,
        connection_id: id(row, 1)?,
        mode,
        state: word(row, 4)?,
        started_at: time(row, 5)?,
        finished_at: maybe_time(row, 6)?,
        pages: count(row, 7)?,
        cursor: row.get(8)?,
        pulled: row.get(9)?,
        expected: expected.and_then(|expected| u64::try_from(expected).ok()),
        report: json(row, 11)?,
        failure: maybe_json(row, 12)?,
        lease_until: time(row, 13)?,
        held_until: maybe_time(row, 14)?,
    })
}

pub(crate) const MAPPING: &str = "mapping_id, connection_id, person_id, crm_user_id, valid_from, \
    valid_to, person_exclusive, crm_user_exclusive, origin, evidence, created_at, version, \
    witness";

pub(crate) fn mapping(row: &Row<'_>) -> Result<Mapping> {
    Ok(Mapping {
        id: id(row, 0)?,
        connection_id: id(row, 1)?,
        person_id: id(row, 2)?,
        crm_user_id: CrmUserId(row.get(3)?),
        period: period(row, 4)?,
        person_exclusive: row.get(6)?,
        crm_user_exclusive: row.get(7)?,
        origin: word(row, 8)?,
        evidence: json(row, 9)?,
        created_at: time(row, 10)?,
        version: count(row, 11)?,
        witness: maybe_json(row, 12)?,
    })
}

pub(crate) const DECISION: &str = "decision_id, connection_id, kind, person_id, crm_user_id, \
    reason, expires_at, created_at, version";

pub(crate) fn decision(row: &Row<'_>) -> Result<Decision> {
    let kind: String = row.get(2)?;
    let person = maybe_id(row, 3)?;
    let user: Option<String> = row.get(4)?;
    let kind = match (kind.as_str(), person, user.map(CrmUserId)) {
        ("not_this_pair", Some(person_id), Some(crm_user_id)) => DecisionKind::NotThisPair {
            person_id,
            crm_user_id,
        },
        ("no_account", Some(person_id), None) => DecisionKind::NoAccount { person_id },
        ("not_a_person", None, Some(crm_user_id)) => DecisionKind::NotAPerson { crm_user_id },
        ("shared_seat", None, Some(crm_user_id)) => DecisionKind::SharedSeat { crm_user_id },
        _ => return Err(Fault::corrupt("the kind of a decision")),
    };
    Ok(Decision {
        id: id(row, 0)?,
        connection_id: id(row, 1)?,
        kind,
        reason: row.get(5)?,
        expires_at: time(row, 6)?,
        created_at: time(row, 7)?,
        version: count(row, 8)?,
    })
}

pub(crate) const MATCHING_SETTINGS: &str = "connection_id, rules, version";

pub(crate) fn matching_settings(row: &Row<'_>) -> Result<MatchingSettings> {
    Ok(MatchingSettings {
        connection_id: maybe_id(row, 0)?,
        rules: json(row, 1)?,
        version: count(row, 2)?,
    })
}

pub(crate) const PROPOSAL: &str = "proposal.connection_id, proposal.person_id, \
    proposal.crm_user_id, proposal.score, proposal.certain, proposal.ambiguous, \
    proposal.evidence, proposal.rivals";

pub(crate) fn proposal(row: &Row<'_>) -> Result<Proposal> {
    Ok(Proposal {
        connection_id: id(row, 0)?,
        person_id: id(row, 1)?,
        crm_user_id: CrmUserId(row.get(2)?),
        score: row.get(3)?,
        certain: row.get(4)?,
        ambiguous: row.get(5)?,
        evidence: json(row, 6)?,
        rivals: json(row, 7)?,
    })
}

pub(crate) const DRAFT: &str =
    "account_id, connection_id, person_id, edit, based_on, based_on_version, updated_at";

pub(crate) fn draft(row: &Row<'_>) -> Result<Draft> {
    let based_on = match maybe_id(row, 4)? {
        Some(mapping) => Some((mapping, count(row, 5)?)),
        None => None,
    };
    Ok(Draft {
        account_id: id(row, 0)?,
        connection_id: id(row, 1)?,
        person_id: id(row, 2)?,
        edit: json(row, 3)?,
        based_on,
        updated_at: time(row, 6)?,
    })
}

pub(crate) const CHANGE_SET: &str =
    "number, account_id, origin, reason, applied_at, undoes, undone_by, line_count, approval";

pub(crate) fn change_set(row: &Row<'_>) -> Result<ChangeSet> {
    let set = |at| -> Result<Option<u64>> {
        let number: Option<i64> = row.get(at)?;
        Ok(number.and_then(|number| u64::try_from(number).ok()))
    };
    Ok(ChangeSet {
        number: count(row, 0)?,
        account_id: maybe_id(row, 1)?,
        origin: word(row, 2)?,
        reason: row.get(3)?,
        applied_at: time(row, 4)?,
        undoes: set(5)?,
        undone_by: set(6)?,
        line_count: count(row, 7)?,
        approval: maybe_json(row, 8)?,
    })
}

pub(crate) const AUDIT_ENTRY: &str = "sequence, at, account_id, action, details, salt, hash";

pub(crate) fn audit_entry(row: &Row<'_>) -> Result<AuditEntry> {
    Ok(AuditEntry {
        sequence: count(row, 0)?,
        event: AuditEvent {
            at: time(row, 1)?,
            account_id: maybe_id(row, 2)?,
            action: row.get(3)?,
            details: row.get(4)?,
            salt: row.get(5)?,
        },
        hash: row.get(6)?,
    })
}
