//! Looking at those whom changes concern, by what the last look at everybody has learned.

use std::collections::{BTreeSet, HashMap, HashSet};

use counterpart_matching::{Around, Label, Options};
use counterpart_model::{
    ChangeLine, Connection, CrmUserId, DecisionKind, Identity, OrganizationId, PageRequest, Person,
    PersonId, Thing, Timestamp, paging::LARGEST_PAGE,
};
use counterpart_store::evaluations::Evaluated;
use counterpart_store::resolve::{MappedAt, MappedSide};
use counterpart_store::unit_of_work::Concerning;

use super::Concerned;
use super::concerned::Sides;
use super::memory::Memory;
use super::proposals::proposals;
use crate::{Error, Result, Service};

/// Change sets, and lines of each, beyond which looking at everybody is quicker.
const MOST_SETS: u32 = 100;
const MOST_LINES: u32 = 2_000;

/// How often to look whether something was changed meanwhile, while somebody waits.
const ROUNDS: usize = 4;

impl Service {
    /// Looks at those whom the change sets concern that came since the memory was made or last
    /// used, whoever made them; whether nothing is left to be looked at. A memory that cannot
    /// serve any more is forgotten.
    pub(super) async fn catch_up(
        &self,
        organization: OrganizationId,
        connection: &Connection,
        memory: &mut Option<Memory>,
    ) -> Result<bool> {
        for _ in 0..ROUNDS {
            let evaluation = self.evaluation(organization, connection.id).await?;
            let Some(kept) = memory.take() else {
                return Ok(evaluation.open_changes == 0);
            };
            let options = self.matching_options(organization, connection).await?;
            if !kept.serves(connection, &options, self.now()) {
                return Ok(false);
            }
            let Some((number, lines)) = self.lines_since(organization, kept.number).await? else {
                return Ok(false);
            };
            if number == kept.number {
                *memory = Some(kept);
                return Ok(evaluation.open_changes == 0);
            }
            let sides = Concerned::by(&lines).within(connection.id);
            let changed = Concerned::by(&lines).people;
            let Some(mut kept) = self.changed(organization, kept, &changed).await? else {
                return Ok(false);
            };
            let around = kept.around(sides.people.iter(), sides.crm_users.iter());
            if !around.whole {
                return Ok(false);
            }
            let done = Evaluated {
                changes: evaluation.open_changes,
                everybody_at: None,
            };
            if !sides.is_empty() {
                kept = self
                    .look_at_some(
                        organization,
                        connection,
                        kept,
                        (sides, around),
                        options,
                        done,
                    )
                    .await?;
            }
            kept.number = number;
            *memory = Some(kept);
        }
        Ok(false)
    }

    /// What was changed since a change set, with the number of the newest; `None` when it is too
    /// much to be looked at line by line.
    async fn lines_since(
        &self,
        organization: OrganizationId,
        number: u64,
    ) -> Result<Option<(u64, Vec<ChangeLine>)>> {
        let newest = PageRequest::first(MOST_SETS);
        let page = self.store().list_change_sets(organization, &newest).await?;
        let last = page.items.first().map_or(0, |set| set.number);
        if last.saturating_sub(number) > page.items.len() as u64 {
            return Ok(None);
        }
        let new = page.items.into_iter().filter(|set| set.number > number);
        let mut lines = Vec::new();
        for set in new {
            if set.line_count + lines.len() as u64 > u64::from(MOST_LINES) {
                return Ok(None);
            }
            let mut request = PageRequest::first(LARGEST_PAGE);
            loop {
                let page = self
                    .store()
                    .list_change_lines(organization, set.number, &request)
                    .await?;
                lines.extend(page.items);
                match page.next {
                    Some(next) => request = PageRequest::new(Some(next), LARGEST_PAGE),
                    None => break,
                }
            }
        }
        Ok(Some((last, lines)))
    }

    /// The memory with some people as they are now; `None` when too many changed.
    async fn changed(
        &self,
        organization: OrganizationId,
        mut memory: Memory,
        changed: &BTreeSet<PersonId>,
    ) -> Result<Option<Memory>> {
        if changed.is_empty() {
            return Ok(Some(memory));
        }
        if !memory.may_change(changed.len()) {
            return Ok(None);
        }
        let ids: Vec<PersonId> = changed.iter().copied().collect();
        let people = self.store().find_people(organization, &ids).await?;
        let identities = self.store().list_identities(organization, &ids).await?;
        let now = self.now();
        let put = move || {
            let mut theirs: HashMap<PersonId, Vec<Identity>> = HashMap::new();
            for identity in identities {
                if identity.period.contains(now) {
                    theirs.entry(identity.person_id).or_default().push(identity);
                }
            }
            let active = people.iter().filter(|person| person.active);
            let found: HashMap<PersonId, &Person> =
                active.map(|person| (person.id, person)).collect();
            for id in ids {
                let own = theirs.get(&id).map_or(&[][..], Vec::as_slice);
                memory.change(id, found.get(&id).map(|person| (*person, own)));
            }
            memory
        };
        let memory = tokio::task::spawn_blocking(put).await;
        Ok(Some(memory.map_err(Error::internal)?))
    }

    async fn look_at_some(
        &self,
        organization: OrganizationId,
        connection: &Connection,
        mut memory: Memory,
        (sides, around): (Sides, Around),
        options: Options,
        done: Evaluated,
    ) -> Result<Memory> {
        let (options, holders) = self
            .options_around(
                organization,
                connection,
                &memory,
                (&sides, &around),
                options,
            )
            .await?;
        let id = connection.id;
        let decide = move || {
            let result = memory.decide(&around, &options);
            let found = proposals(id, &memory.people, &memory.users, &result);
            memory.note_tied(&around, &options);
            (memory, around, found)
        };
        let (memory, around, found) = tokio::task::spawn_blocking(decide)
            .await
            .map_err(Error::internal)?;
        let mut people: BTreeSet<PersonId> = sides.people;
        people.extend(holders);
        let mapped: Vec<PersonId> = people.iter().copied().collect();
        let drift = self
            .find_drift_of(organization, connection, &mapped, &memory.acquaintances)
            .await?;
        people.extend(around.left.iter().map(|place| memory.people[*place]));
        let people: Vec<PersonId> = people.into_iter().collect();
        let now = self.now();
        let mut work = self.store().begin(organization).await?;
        work.replace_proposals(id, Some(&people), &found).await?;
        // Somebody may have been quicker.
        let concerning = Concerning {
            people: &people,
            crm_users: &[],
        };
        work.withdraw_proposals(id, Some(concerning), now).await?;
        work.replace_drift(id, Some(&mapped), &drift).await?;
        work.refresh_situations(Some(id), Some(&people), now)
            .await?;
        work.note_evaluation(id, done).await?;
        work.commit().await?;
        self.look_for_inconsistencies(organization, id, Some(&mapped))
            .await?;
        Ok(memory)
    }

    /// What is decided now about those whom a change concerns, and who has the CRM users that it
    /// names.
    async fn options_around(
        &self,
        organization: OrganizationId,
        connection: &Connection,
        memory: &Memory,
        (sides, around): (&Sides, &Around),
        mut options: Options,
    ) -> Result<(Options, Vec<PersonId>)> {
        let at = self.now();
        let mut users = sides.crm_users.clone();
        users.extend(around.right.iter().map(|it| memory.users[*it].clone()));
        let mut taken = Taken::default();
        let seats = users
            .iter()
            .map(|user| MappedSide::CrmUser(connection.id, user.clone()));
        let asked: Vec<MappedAt> = seats.map(|side| MappedAt { side, at }).collect();
        let mut holders = Vec::new();
        for (_, mapping) in self.store().mappings_at(organization, &asked).await? {
            if sides.crm_users.contains(&mapping.crm_user_id) {
                holders.push(mapping.person_id);
            }
            taken.users.insert(mapping.crm_user_id);
        }
        let users: Vec<_> = users.into_iter().map(|it| (connection.id, it)).collect();
        let decided = self.store().decisions_on(organization, &[], &users).await?;
        let in_force = decided.into_iter().filter(|it| it.expires_at > at);
        taken
            .users
            .extend(in_force.filter_map(|it| it.kind.crm_user_id().cloned()));
        let people: Vec<PersonId> = around.left.iter().map(|it| memory.people[*it]).collect();
        for thing in self.store().about_people(organization, &people).await? {
            taken.see(thing, connection, at);
        }
        let place = |id: &PersonId| memory.place(*id);
        options.taken_left = taken.people.iter().filter_map(place).collect();
        let user_place = |id: &CrmUserId| memory.user_place(id);
        options.taken_right = taken.users.iter().filter_map(user_place).collect();
        let labels = taken.rejected.iter().filter_map(|(person, user)| {
            Some(Label {
                left: memory.place(*person)?,
                right: memory.user_place(user)?,
                same: false,
            })
        });
        options.labels = labels.collect();
        Ok((options, holders))
    }
}

/// Who cannot be proposed in a connection now.
#[derive(Default)]
struct Taken {
    people: HashSet<PersonId>,
    users: HashSet<CrmUserId>,
    rejected: Vec<(PersonId, CrmUserId)>,
}

impl Taken {
    fn see(&mut self, thing: Thing, connection: &Connection, at: Timestamp) {
        match thing {
            Thing::Mapping(mapping)
                if mapping.connection_id == connection.id && mapping.period.contains(at) =>
            {
                self.people.insert(mapping.person_id);
                self.users.insert(mapping.crm_user_id);
            }
            Thing::Decision(decision)
                if decision.connection_id == connection.id && decision.expires_at > at =>
            {
                match decision.kind {
                    DecisionKind::NoAccount { person_id } => {
                        self.people.insert(person_id);
                    }
                    DecisionKind::NotThisPair {
                        person_id,
                        crm_user_id,
                    } => self.rejected.push((person_id, crm_user_id)),
                    DecisionKind::NotAPerson { .. } | DecisionKind::SharedSeat { .. } => {}
                }
            }
            _ => {}
        }
    }
}
