//! Handing a seat over: from a moment on, a CRM user is somebody else. What was before stays as
//! it was, so that records of the past keep their owner.
//!
//! The same for a person who moves to another CRM user: from a moment on, that one is theirs.

use counterpart_model::{
    ChangeLine, ChangeSet, Code, Connection, ConnectionId, CrmUser, CrmUserId, DecisionKind,
    Mapping, MappingId, MappingOrigin, Period, Person, PersonId, Role, Timestamp, time,
};
use counterpart_store::mappings::MappingQuery;

use super::Unnamed;
use super::edits::forget;
use crate::people::ended;
use crate::{Actor, Error, Result, Service};

/// From a moment on, a CRM user is somebody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandOver {
    /// In which connection.
    pub connection_id: ConnectionId,
    /// Which CRM user, by its id in any form the provider knows.
    pub crm_user_id: CrmUserId,
    /// Who it is then.
    pub person_id: PersonId,
    /// From when on: a day (from its 00:00 in the organization's zone), a local time, or an
    /// instant of RFC 3339; of the past or the future.
    pub from: String,
    /// Whose place the person takes; everybody's without it. Of a shared seat it must be said,
    /// because nobody has to go.
    pub instead_of: Option<PersonId>,
}

/// What a hand-over would change.
#[derive(Debug, Clone)]
pub struct HandOverPlan {
    /// In which connection.
    pub connection: Connection,
    /// Which CRM user.
    pub crm_user: CrmUser,
    /// Who it is then.
    pub person: Person,
    /// From when on.
    pub from: Timestamp,
    /// The mappings that end then.
    pub ending: Vec<Mapping>,
    /// The mappings that would only begin then or later, and are replaced entirely.
    pub replaced: Vec<Mapping>,
    /// What falls on which side of the moment, a sentence each, by the organization's clocks.
    pub sentences: Vec<String>,
    lines: Vec<ChangeLine>,
}

impl HandOverPlan {
    /// Whether all of it is true already.
    pub const fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }
}

impl Service {
    /// What a hand-over would change.
    pub async fn plan_hand_over(&self, actor: &Actor, wanted: &HandOver) -> Result<HandOverPlan> {
        actor.require(Role::Admin)?;
        let zone = self.organization(actor).await?.time_zone;
        let from = Timestamp::beginning(&wanted.from, &zone)
            .map_err(|error| Error::field(Code::RequestInvalid, "from", error.to_string()))?;
        let connection = self.connection(actor, wanted.connection_id).await?;
        let crm_user = self
            .crm_user(actor, connection.id, &wanted.crm_user_id)
            .await?;
        let person = self.person(actor, wanted.person_id).await?;
        let shared = self
            .shared_seat(actor, connection.id, &crm_user.id)
            .await?
            .is_some();
        let mut plan = HandOverPlan {
            connection,
            crm_user,
            person,
            from,
            ending: Vec::new(),
            replaced: Vec::new(),
            sentences: Vec::new(),
            lines: Vec::new(),
        };
        let mut held = self.others_on_seat(actor, &plan, wanted, shared).await?;
        let own = self.own_there(actor, &plan).await?;
        held.sort_by_key(|mapping| mapping.period.from());
        for mapping in held {
            plan.end(mapping);
        }
        let is_there = plan.move_own(own);
        if !is_there {
            plan.lines.extend(self.lines_to_forget(actor, &plan).await?);
            plan.lines.push(ChangeLine::add_mapping(Mapping {
                id: MappingId::generate(self.clock(), self.entropy()),
                connection_id: plan.connection.id,
                person_id: plan.person.id,
                crm_user_id: plan.crm_user.id.clone(),
                period: Period::new(from, Timestamp::FOREVER)?,
                person_exclusive: plan.connection.cardinality.person_exclusive(),
                crm_user_exclusive: plan.connection.cardinality.crm_user_exclusive() && !shared,
                origin: MappingOrigin::Manual,
                evidence: Vec::new(),
                witness: None,
                created_at: self.now(),
                version: 1,
            }));
        }
        plan.sentences = self.sentences(actor, &plan, &zone).await?;
        Ok(plan)
    }

    /// Hands a seat over, as one change set.
    pub async fn hand_over(
        &self,
        actor: &Actor,
        wanted: &HandOver,
        reason: Option<String>,
    ) -> Result<(HandOverPlan, ChangeSet)> {
        let plan = self.plan_hand_over(actor, wanted).await?;
        let reason = reason.or_else(|| plan.sentences.first().cloned());
        let applied = self.apply(actor, plan.lines.clone(), reason, false).await?;
        Ok((plan, applied))
    }

    /// The mappings of others to the CRM user that do not end before.
    async fn others_on_seat(
        &self,
        actor: &Actor,
        plan: &HandOverPlan,
        wanted: &HandOver,
        shared: bool,
    ) -> Result<Vec<Mapping>> {
        let query = MappingQuery {
            connection_id: Some(plan.connection.id),
            crm_user_id: Some(plan.crm_user.id.clone()),
            ..MappingQuery::default()
        };
        let mut others = self.all_mappings(actor.organization(), &query).await?;
        others.retain(|mapping| {
            mapping.person_id != plan.person.id && mapping.period.to() > plan.from
        });
        let Some(predecessor) = wanted.instead_of else {
            if shared && !others.is_empty() {
                let name = &plan.crm_user.profile.display_name;
                let message = format!(
                    "{name} is a shared seat, so nobody has to go; say whose place is taken, or \
                     just add a mapping"
                );
                return Err(Error::field(Code::RequestInvalid, "instead_of", message));
            }
            return Ok(others);
        };
        others.retain(|mapping| mapping.person_id == predecessor);
        if others.is_empty() {
            let person = self.person(actor, predecessor).await?;
            let message = format!(
                "{} is not mapped to {} then",
                person.profile.display_name, plan.crm_user.profile.display_name
            );
            return Err(Error::field(Code::RequestInvalid, "instead_of", message));
        }
        Ok(others)
    }

    /// The person's own mappings in the connection that do not end before.
    async fn own_there(&self, actor: &Actor, plan: &HandOverPlan) -> Result<Vec<Mapping>> {
        let query = MappingQuery {
            connection_id: Some(plan.connection.id),
            person_id: Some(plan.person.id),
            ..MappingQuery::default()
        };
        let mut own = self.all_mappings(actor.organization(), &query).await?;
        own.retain(|mapping| mapping.period.to() > plan.from);
        Ok(own)
    }

    /// Withdraws what was decided against the pair.
    async fn lines_to_forget(&self, actor: &Actor, plan: &HandOverPlan) -> Result<Vec<ChangeLine>> {
        let about = self
            .store()
            .decisions_about(actor.organization(), plan.person.id)
            .await?;
        let against = about.into_iter().filter(|decision| {
            decision.connection_id == plan.connection.id
                && match &decision.kind {
                    DecisionKind::NoAccount { .. } => true,
                    DecisionKind::NotThisPair { crm_user_id, .. } => {
                        *crm_user_id == plan.crm_user.id
                    }
                    DecisionKind::NotAPerson { .. } | DecisionKind::SharedSeat { .. } => false,
                }
        });
        Ok(against.map(forget).collect())
    }

    async fn sentences(
        &self,
        actor: &Actor,
        plan: &HandOverPlan,
        zone: &str,
    ) -> Result<Vec<String>> {
        let clocks = time::time_zone(zone)?;
        let lines: Vec<ChangeLine> = plan.lines.clone();
        let names = self.names(actor, &Unnamed::in_lines(&lines)).await?;
        let person_of = |mapping: &Mapping| {
            let name = names.people.get(&mapping.person_id);
            name.cloned()
                .unwrap_or_else(|| mapping.person_id.to_string())
        };
        let user_of = |mapping: &Mapping| {
            let key = (mapping.connection_id, mapping.crm_user_id.clone());
            let name = names.crm_users.get(&key);
            name.cloned()
                .unwrap_or_else(|| mapping.crm_user_id.to_string())
        };
        let (user, person) = (
            &plan.crm_user.profile.display_name,
            &plan.person.profile.display_name,
        );
        let begins = format!("{} ({zone})", plan.from.in_words(&clocks));
        let ends = plan.from.end_in_words(&clocks);
        let before: Vec<String> = plan
            .ending
            .iter()
            .filter(|mapping| mapping.crm_user_id == plan.crm_user.id)
            .map(person_of)
            .collect();
        let before = if before.is_empty() {
            String::new()
        } else {
            format!("until {ends} {}, ", before.join(" and "))
        };
        let connection = &plan.connection.name;
        let mut sentences = vec![format!(
            "{user} in {connection}: {before}from {begins} {person}."
        )];
        let moved = plan
            .ending
            .iter()
            .filter(|it| it.person_id == plan.person.id);
        sentences.extend(moved.map(|mapping| {
            let other = user_of(mapping);
            format!("{person} is {other} until {ends} only.")
        }));
        sentences.extend(plan.replaced.iter().map(|mapping| {
            let since = mapping.period.from().in_words(&clocks);
            let until = match mapping.period.to() {
                Timestamp::FOREVER => String::new(),
                to => format!(" until {}", to.end_in_words(&clocks)),
            };
            format!(
                "That {} is {} from {since}{until} is replaced entirely.",
                person_of(mapping),
                user_of(mapping)
            )
        }));
        Ok(sentences)
    }
}

impl HandOverPlan {
    /// Ends a mapping at the moment, or takes it away when it would only begin then.
    fn end(&mut self, mapping: Mapping) {
        let begins_before = mapping.period.from() < self.from;
        self.lines.extend(ended(mapping.clone(), self.from));
        if begins_before {
            self.ending.push(mapping);
        } else {
            self.replaced.push(mapping);
        }
    }

    /// What becomes of the person's own mappings there; whether one of them is the wanted one.
    fn move_own(&mut self, own: Vec<Mapping>) -> bool {
        let mut is_there = false;
        for mapping in own {
            let is_wanted = mapping.crm_user_id == self.crm_user.id;
            let holds = mapping.period.contains(self.from);
            if is_wanted && holds && mapping.period.to() == Timestamp::FOREVER {
                is_there = true;
            } else if is_wanted && holds && !is_there {
                // It only has to go on.
                is_there = true;
                self.lines.extend(prolonged(mapping));
            } else if is_wanted || mapping.person_exclusive {
                self.end(mapping);
            }
        }
        is_there
    }
}

/// The line that lets a mapping go on for good.
fn prolonged(mapping: Mapping) -> Option<ChangeLine> {
    let period = Period::new(mapping.period.from(), Timestamp::FOREVER).ok()?;
    let after = Mapping {
        period,
        ..mapping.clone()
    };
    Some(ChangeLine::Mapping {
        before: Some(Box::new(mapping)),
        after: Some(Box::new(after)),
    })
}
