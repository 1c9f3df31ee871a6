//! Putting drift right: one change set for each repair.

use counterpart_model::drift::Repair;
use counterpart_model::{
    ChangeSet, Code, Connection, CrmUser, CrmUserId, CrmUserProfile, Decision, DecisionId,
    DecisionKind, Drift, DriftCause, Mapping, MappingId, MappingOrigin, Person, PersonId, Role,
    Timestamp, Witness,
};

use super::mending::{Mending, lines_to_mend};
use crate::{Actor, Error, Result, Service};

/// A repair that somebody wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepairRequest {
    /// Of which mapping.
    pub mapping_id: MappingId,
    /// The version that was seen; `None` for whatever stands there.
    pub version: Option<u64>,
    /// What is to be done.
    pub repair: Repair,
    /// From when on: a date (`2026-11-22`, 00:00 in the organization's time zone) or an instant.
    /// Today for *hand over* and *end*, now for the others.
    pub from: Option<String>,
    /// Who has the CRM user from then on, for *hand over*; nobody is mapped where nothing is
    /// said.
    pub person_id: Option<PersonId>,
    /// Whom the person is, for *move*; the one that the drift names where nothing is said.
    pub crm_user_id: Option<CrmUserId>,
    /// Why, in the maker's words; the cause where nothing is said.
    pub reason: Option<String>,
}

impl RepairRequest {
    /// A repair of which nothing else is said.
    pub fn new(mapping_id: MappingId, repair: Repair) -> Self {
        Self {
            mapping_id,
            version: None,
            repair,
            from: None,
            person_id: None,
            crm_user_id: None,
            reason: None,
        }
    }
}

/// Both sides of a mapping that is mended.
struct Sides {
    connection: Connection,
    person: Person,
    /// `None` where no run ever saw it.
    crm_user: Option<CrmUser>,
}

impl Service {
    /// Puts a drift right, as one change set. Fails when the mapping does not drift, or when the
    /// repair does not fit its cause.
    pub async fn repair_drift(&self, actor: &Actor, request: &RepairRequest) -> Result<ChangeSet> {
        actor.require(Role::Admin)?;
        let mapping = self.mapping(actor, request.mapping_id).await?.mapping;
        if request.version.is_some_and(|seen| seen != mapping.version) {
            return Err(Error::new(
                Code::MappingStale,
                "the mapping was changed meanwhile; look at it again",
            ));
        }
        let drift = self.drift_of_mapping(actor, mapping.id).await?;
        let primary = drift.first().ok_or_else(|| {
            Error::new(
                Code::DriftNotFound,
                format!("mapping {} does not drift (any more)", mapping.id),
            )
        })?;
        if !primary.cause.repairs().contains(&request.repair) {
            return Err(Error::new(
                Code::DriftRepairInvalid,
                format!(
                    "{} does not put {} right",
                    request.repair.as_str(),
                    primary.cause
                ),
            ));
        }
        let sides = self.sides_of(actor, &mapping).await?;
        let mending = Mending {
            at: self.mended_from(actor, request).await?,
            causes: drift.iter().map(|drift| drift.cause).collect(),
            witness: Some(self.witness_now(actor, &sides).await?),
            successor: self
                .successor(actor, request, &mapping, primary, &sides)
                .await?,
            decision: self.decision_of(actor, request, &mapping).await?,
        };
        let reason = request
            .reason
            .clone()
            .unwrap_or_else(|| format!("{}: {}", primary.cause, primary.detail));
        let lines = lines_to_mend(request.repair, &mapping, mending);
        self.apply(actor, lines, Some(reason), false).await
    }

    async fn sides_of(&self, actor: &Actor, mapping: &Mapping) -> Result<Sides> {
        let organization = actor.organization();
        Ok(Sides {
            connection: self.connection(actor, mapping.connection_id).await?,
            person: self.person(actor, mapping.person_id).await?,
            crm_user: self
                .store()
                .find_crm_user(organization, mapping.connection_id, &mapping.crm_user_id)
                .await?,
        })
    }

    async fn witness_now(&self, actor: &Actor, sides: &Sides) -> Result<Witness> {
        let identities = self
            .store()
            .list_identities(actor.organization(), &[sides.person.id])
            .await?;
        if let Some(user) = &sides.crm_user {
            return Ok(self.witness_of(&sides.connection, user, &sides.person, &identities));
        }
        let nothing = CrmUserProfile::default();
        let org = sides.connection.remote_org.as_ref();
        let org = org.map(|org| org.id.as_str());
        Ok(Witness::of(
            &nothing,
            &sides.person,
            &identities,
            org,
            self.now(),
        ))
    }

    async fn mended_from(&self, actor: &Actor, request: &RepairRequest) -> Result<Timestamp> {
        let zone = self.organization(actor).await?.time_zone;
        match (&request.from, request.repair) {
            (Some(text), _) => match text.parse() {
                Ok(instant) => Ok(instant),
                Err(_) => Ok(Timestamp::start_of_day(text, &zone)?),
            },
            (None, Repair::HandOver | Repair::End) => Ok(self.now().start_of_its_day(&zone)?),
            (None, _) => Ok(self.now()),
        }
    }

    /// The mapping that follows the mended one, if one does.
    async fn successor(
        &self,
        actor: &Actor,
        request: &RepairRequest,
        mapping: &Mapping,
        primary: &Drift,
        sides: &Sides,
    ) -> Result<Option<Mapping>> {
        let (person, crm_user) = match (request.repair, request.person_id) {
            (Repair::Move, _) => {
                let wanted = request.crm_user_id.as_ref().or(primary.other.as_ref());
                let wanted = wanted.ok_or_else(|| {
                    Error::new(
                        Code::DriftRepairInvalid,
                        "several users could be meant; name one in `crm_user_id`",
                    )
                })?;
                let user = self.crm_user(actor, mapping.connection_id, wanted).await?;
                (mapping.person_id, user)
            }
            (Repair::HandOver, Some(person)) => {
                if person == mapping.person_id {
                    return Err(Error::new(
                        Code::DriftRepairInvalid,
                        "the seat cannot be handed to the person who has it; name another",
                    ));
                }
                let user = sides.crm_user.clone().ok_or_else(|| {
                    Error::new(
                        Code::CrmUserNotFound,
                        format!(
                            "{} has no user {}",
                            sides.connection.name, mapping.crm_user_id
                        ),
                    )
                })?;
                (person, user)
            }
            _ => return Ok(None),
        };
        self.person(actor, person).await?;
        let origin = if primary.cause == DriftCause::WrongIdKind {
            mapping.origin
        } else {
            MappingOrigin::Manual
        };
        Ok(Some(Mapping {
            id: MappingId::generate(self.clock(), self.entropy()),
            person_id: person,
            crm_user_id: crm_user.id,
            origin,
            evidence: Vec::new(),
            // Taken where the change set is applied.
            witness: None,
            created_at: self.now(),
            version: 1,
            ..mapping.clone()
        }))
    }

    /// The decision that a repair brings, and what stands there of it.
    async fn decision_of(
        &self,
        actor: &Actor,
        request: &RepairRequest,
        mapping: &Mapping,
    ) -> Result<Option<(Option<Decision>, Decision)>> {
        let crm_user_id = mapping.crm_user_id.clone();
        let kind = match request.repair {
            Repair::NoAccount => DecisionKind::NoAccount {
                person_id: mapping.person_id,
            },
            Repair::SharedSeat => DecisionKind::SharedSeat { crm_user_id },
            Repair::NotAPerson => DecisionKind::NotAPerson { crm_user_id },
            _ => return Ok(None),
        };
        let known = self
            .all_decisions(actor, Some(mapping.connection_id))
            .await?;
        let before = known.into_iter().find(|known| known.kind == kind);
        let after = Decision {
            id: before.as_ref().map_or_else(
                || DecisionId::generate(self.clock(), self.entropy()),
                |before| before.id,
            ),
            connection_id: mapping.connection_id,
            kind,
            reason: request.reason.clone(),
            expires_at: Timestamp::FOREVER,
            created_at: self.now(),
            version: 1,
        };
        Ok(Some((before, after)))
    }
}
