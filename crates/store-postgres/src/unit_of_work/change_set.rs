//! Applying a change set: check everything, take every *before* away, put every *after* there.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use counterpart_model::{
    ChangeLine, ChangeSet, ConnectionId, Decision, DecisionId, Identity, IdentityId, Mapping,
    MappingId, MatchingSettings, NewChangeSet, NewEvent, OrganizationId, Person, PersonId, Subject,
    Timestamp,
};
use counterpart_store::{ApplyError, Result, StoreError};
use tokio_postgres::Client;

use super::people::Pointer;
use super::{mappings, matching_settings, people};
use crate::events;
use crate::params::params;
use crate::sql::{self, ReadRow as _, to_json};

/// Something that change sets change.
pub(super) trait Entity: Clone {
    /// The type of its id.
    type Id: Copy + Eq + Hash;

    /// Its id.
    fn id(&self) -> Self::Id;

    /// Whether it is what somebody saw who wrote `seen` down.
    fn is_still(&self, seen: &Self) -> bool;

    /// Gives it the version behind the one of `before`.
    fn follow(&mut self, before: Option<&Self>);
}

macro_rules! entity {
    ($entity:ty, $id:ty) => {
        impl Entity for $entity {
            type Id = $id;

            fn id(&self) -> $id {
                self.id
            }

            fn is_still(&self, seen: &Self) -> bool {
                self.version == seen.version
            }

            fn follow(&mut self, before: Option<&Self>) {
                self.version = before.map_or(0, |before| before.version) + 1;
            }
        }
    };
}

entity!(Person, PersonId);
entity!(Mapping, MappingId);
entity!(Decision, DecisionId);

impl Entity for MatchingSettings {
    type Id = Option<ConnectionId>;

    fn id(&self) -> Option<ConnectionId> {
        self.connection_id
    }

    fn is_still(&self, seen: &Self) -> bool {
        self.version == seen.version
    }

    fn follow(&mut self, before: Option<&Self>) {
        self.version = before.map_or(0, |before| before.version) + 1;
    }
}

impl Entity for Identity {
    type Id = IdentityId;

    fn id(&self) -> IdentityId {
        self.id
    }

    /// Identities have no version: they are compared as a whole.
    fn is_still(&self, seen: &Self) -> bool {
        self == seen
    }

    fn follow(&mut self, _before: Option<&Self>) {}
}

/// One line about an entity, by its place in the change set.
pub(super) struct Change<T> {
    /// Its place, from 0.
    pub(super) line: usize,
    /// What its maker saw.
    pub(super) before: Option<T>,
    /// What is to be there, with its final version.
    pub(super) after: Option<T>,
}

impl<T: Entity> Change<T> {
    fn new(line: usize, before: Option<&T>, after: Option<&T>) -> Result<Self> {
        let (before, mut after) = (before.cloned(), after.cloned());
        let same = match (&before, &after) {
            (None, None) => false,
            (Some(before), Some(after)) => before.id() == after.id(),
            _ => true,
        };
        if !same {
            return Err(StoreError::Misuse(format!(
                "line {line} is not about one thing"
            )));
        }
        if let Some(after) = &mut after {
            after.follow(before.as_ref());
        }
        Ok(Self {
            line,
            before,
            after,
        })
    }

    /// What it is about.
    pub(super) fn id(&self) -> Option<T::Id> {
        self.before.as_ref().or(self.after.as_ref()).map(T::id)
    }

    /// Whether it takes something away and puts nothing there.
    pub(super) const fn is_removal(&self) -> bool {
        self.after.is_none()
    }
}

/// The ids of everything that some changes are about.
pub(super) fn ids<T: Entity>(changes: &[Change<T>]) -> Vec<T::Id> {
    changes.iter().filter_map(Change::id).collect()
}

/// The ids of everything that some changes take away, or replace.
pub(super) fn ids_before<T: Entity>(changes: &[Change<T>]) -> Vec<T::Id> {
    let before = changes.iter().filter_map(|change| change.before.as_ref());
    before.map(T::id).collect()
}

/// What some changes put there, by line.
pub(super) fn afters<T>(changes: &[Change<T>]) -> impl Iterator<Item = &T> {
    changes.iter().filter_map(|change| change.after.as_ref())
}

/// The first line whose *before* is not what stands there.
fn first_stale<T: Entity>(changes: &[Change<T>], standing: Vec<T>) -> Option<usize> {
    let standing: HashMap<_, _> = standing.into_iter().map(|one| (one.id(), one)).collect();
    let mut seen = HashSet::new();
    let stale = |change: &&Change<T>| {
        let Some(id) = change.id() else {
            return false;
        };
        let as_seen = match (standing.get(&id), &change.before) {
            (None, None) => true,
            (Some(standing), Some(before)) => standing.is_still(before),
            _ => false,
        };
        // Of two lines about one thing the second saw something else than the first leaves.
        !seen.insert(id) || !as_seen
    };
    changes.iter().find(stale).map(|change| change.line)
}

/// The lines of a change set by what they are about.
#[derive(Default)]
struct Changes {
    people: Vec<Change<Person>>,
    identities: Vec<Change<Identity>>,
    mappings: Vec<Change<Mapping>>,
    decisions: Vec<Change<Decision>>,
    settings: Vec<Change<MatchingSettings>>,
}

impl Changes {
    fn sort(lines: &[ChangeLine]) -> Result<Self> {
        let mut changes = Self::default();
        for (line, change) in lines.iter().enumerate() {
            match change {
                ChangeLine::Person { before, after } => {
                    let (before, after) = (before.as_deref(), after.as_deref());
                    changes.people.push(Change::new(line, before, after)?);
                }
                ChangeLine::Identity { before, after } => {
                    let (before, after) = (before.as_deref(), after.as_deref());
                    changes.identities.push(Change::new(line, before, after)?);
                }
                ChangeLine::Mapping { before, after } => {
                    let (before, after) = (before.as_deref(), after.as_deref());
                    changes.mappings.push(Change::new(line, before, after)?);
                }
                ChangeLine::Decision { before, after } => {
                    let (before, after) = (before.as_deref(), after.as_deref());
                    changes.decisions.push(Change::new(line, before, after)?);
                }
                ChangeLine::MatchingSettings { before, after } => {
                    let (before, after) = (before.as_deref(), after.as_deref());
                    changes.settings.push(Change::new(line, before, after)?);
                }
            }
        }
        Ok(changes)
    }

    async fn check(
        &self,
        client: &Client,
        organization: OrganizationId,
    ) -> std::result::Result<(), ApplyError> {
        let stale = [
            first_stale(
                &self.people,
                people::find_people(client, organization, ids(&self.people)).await?,
            ),
            first_stale(
                &self.identities,
                people::find_identities(client, organization, ids(&self.identities)).await?,
            ),
            first_stale(
                &self.mappings,
                mappings::find_mappings(client, organization, ids(&self.mappings)).await?,
            ),
            first_stale(
                &self.decisions,
                mappings::find_decisions(client, organization, ids(&self.decisions)).await?,
            ),
            first_stale(
                &self.settings,
                matching_settings::find(client, organization, &ids(&self.settings)).await?,
            ),
        ];
        match stale.into_iter().flatten().min() {
            Some(line) => Err(ApplyError::Stale { line }),
            None => Ok(()),
        }
    }

    /// What the lines point at.
    fn pointers(&self) -> Vec<Pointer> {
        let mut pointers = Vec::new();
        for change in &self.identities {
            pointers.extend(change.after.as_ref().map(|identity| Pointer {
                line: change.line,
                connection: identity.connection_id,
                person: Some(identity.person_id),
            }));
        }
        for change in &self.mappings {
            pointers.extend(change.after.as_ref().map(|mapping| Pointer {
                line: change.line,
                connection: mapping.connection_id,
                person: Some(mapping.person_id),
            }));
        }
        for change in &self.decisions {
            pointers.extend(change.after.as_ref().map(|decision| Pointer {
                line: change.line,
                connection: decision.connection_id,
                person: decision.kind.person_id(),
            }));
        }
        for change in &self.settings {
            let connection = change.after.as_ref().and_then(|after| after.connection_id);
            pointers.extend(connection.map(|connection| Pointer {
                line: change.line,
                connection,
                person: None,
            }));
        }
        pointers
    }

    /// The lines as they are kept: with the versions that were given out.
    fn into_lines(self) -> Vec<(usize, ChangeLine)> {
        let mut lines = Vec::new();
        for Change {
            line,
            before,
            after,
        } in self.people
        {
            let (before, after) = (before.map(Box::new), after.map(Box::new));
            lines.push((line, ChangeLine::Person { before, after }));
        }
        for Change {
            line,
            before,
            after,
        } in self.identities
        {
            let (before, after) = (before.map(Box::new), after.map(Box::new));
            lines.push((line, ChangeLine::Identity { before, after }));
        }
        for Change {
            line,
            before,
            after,
        } in self.mappings
        {
            let (before, after) = (before.map(Box::new), after.map(Box::new));
            lines.push((line, ChangeLine::Mapping { before, after }));
        }
        for Change {
            line,
            before,
            after,
        } in self.decisions
        {
            let (before, after) = (before.map(Box::new), after.map(Box::new));
            lines.push((line, ChangeLine::Decision { before, after }));
        }
        for Change {
            line,
            before,
            after,
        } in self.settings
        {
            let (before, after) = (before.map(Box::new), after.map(Box::new));
            lines.push((line, ChangeLine::MatchingSettings { before, after }));
        }
        lines
    }
}

/// Applies a change set. The caller holds the organization's lock.
pub(super) async fn apply(
    client: &Client,
    organization: OrganizationId,
    new: &NewChangeSet,
    now: Timestamp,
) -> std::result::Result<ChangeSet, ApplyError> {
    if new.lines.is_empty() {
        return Err(StoreError::Misuse("a change set has no lines".into()).into());
    }
    let changes = Changes::sort(&new.lines)?;
    changes.check(client, organization).await?;

    let touched = ids(&changes.people);
    let before = people::count_some(client, organization, &touched).await?;
    mappings::take_mappings(client, organization, &changes.mappings).await?;
    mappings::take_decisions(client, organization, &changes.decisions).await?;
    matching_settings::take(client, organization, &changes.settings).await?;
    people::take_identities(client, organization, &changes.identities).await?;
    people::take_people(client, organization, &changes.people).await?;

    people::put_people(client, organization, &changes.people).await?;
    people::expect_targets(client, organization, &changes.pointers()).await?;
    people::put_identities(client, organization, &changes.identities).await?;
    mappings::put_mappings(client, organization, &changes.mappings).await?;
    mappings::put_decisions(client, organization, &changes.decisions).await?;
    matching_settings::put(client, organization, &changes.settings).await?;
    people::renew_search_texts(client, organization, &changes.people, &changes.identities).await?;
    let after = people::count_some(client, organization, &touched).await?;
    people::keep_count(client, organization, before, after).await?;

    let set = record(client, organization, new, changes, now).await?;
    let told = NewEvent::of_change_set(set.number, &new.lines);
    events::append(client, organization, &told, now).await?;
    Ok(set)
}

/// Keeps the change set under the organization's next number.
async fn record(
    client: &Client,
    organization: OrganizationId,
    new: &NewChangeSet,
    changes: Changes,
    now: Timestamp,
) -> Result<ChangeSet> {
    let head = sql::get(
        client,
        "UPDATE organization_head SET change_set_number = change_set_number + 1
         WHERE organization_id = $1
         RETURNING change_set_number",
        &params![organization],
    )
    .await?;
    let set = ChangeSet {
        number: head.read("change_set_number")?,
        account_id: new.account_id,
        origin: new.origin,
        reason: new.reason.clone(),
        applied_at: now,
        undoes: new.undoes,
        undone_by: None,
        approval: None,
        line_count: new.lines.len() as u64,
    };
    sql::execute(
        client,
        "INSERT INTO change_set
            (organization_id, number, account_id, origin, reason, applied_at, undoes, line_count)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        &params![
            organization,
            set.number,
            set.account_id,
            set.origin.as_str(),
            set.reason.as_deref(),
            set.applied_at,
            set.undoes,
            set.line_count,
        ],
    )
    .await?;
    let (mut ordinals, mut entities) = (Vec::new(), Vec::new());
    let (mut subjects, mut lines) = (Vec::new(), Vec::new());
    for (ordinal, line) in changes.into_lines() {
        let subject = line.subject();
        ordinals.push(ordinal as u64);
        entities.push(subject.map(Subject::entity));
        subjects.push(subject.map(Subject::id));
        lines.push(to_json(&line)?);
    }
    sql::execute(
        client,
        "INSERT INTO change_line (organization_id, number, ordinal, entity, subject, line)
         SELECT $1, $2, line.*
         FROM unnest($3::bigint[], $4::text[], $5::uuid[], $6::text[]) AS line",
        &params![
            organization,
            set.number,
            ordinals,
            entities,
            subjects,
            lines
        ],
    )
    .await?;
    let concerned: HashSet<PersonId> = new.lines.iter().flat_map(ChangeLine::people).collect();
    let concerned: Vec<PersonId> = concerned.into_iter().collect();
    sql::execute(
        client,
        "INSERT INTO change_about (organization_id, person_id, number)
         SELECT $1, person_id, $2 FROM unnest($3::uuid[]) AS about (person_id)",
        &params![organization, set.number, concerned],
    )
    .await?;
    mark_undone(client, organization, set.undoes).await?;
    Ok(set)
}

/// Keeps who undoes whom: a change set is undone by the newest one that undoes it and is not
/// undone itself, so that undoing an undo brings the first one back.
async fn mark_undone(
    client: &Client,
    organization: OrganizationId,
    undone: Option<u64>,
) -> Result<()> {
    let mut next = undone;
    while let Some(number) = next {
        let row = sql::find(
            client,
            "UPDATE change_set SET undone_by = (
                SELECT max(undo.number) FROM change_set AS undo
                WHERE undo.organization_id = $1 AND undo.undoes = $2 AND undo.undone_by IS NULL)
             WHERE organization_id = $1 AND number = $2
             RETURNING undoes",
            &params![organization, number],
        )
        .await?;
        let Some(row) = row else {
            return Err(StoreError::Misuse(format!(
                "there is no change set {number} to undo"
            )));
        };
        next = row.read("undoes")?;
    }
    Ok(())
}
