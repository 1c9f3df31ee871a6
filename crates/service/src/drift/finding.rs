//! Finding the drift of a connection: what the store knows, judged beside the async threads.

use std::collections::HashSet;
use std::sync::Arc;

use counterpart_matching::NameJudge;
use counterpart_model::{
    Connection, CrmUser, CrmUserId, Decision, Drift, DriftPolicies, DriftPolicy, Identity, Mapping,
    OrganizationId, Person, PersonId, Timestamp,
};

use super::{Acquaintances, Known, Scene};
use crate::reconcile::Staff;
use crate::{Error, Result, Service};

/// What an evaluation of a connection has read already.
pub(crate) struct Seen {
    /// Its CRM users that are not gone.
    pub(crate) users: Vec<CrmUser>,
    /// Its mappings that hold now.
    pub(crate) mappings: Vec<Mapping>,
    /// Its decisions in force.
    pub(crate) decisions: Vec<Decision>,
}

/// What the mappings of a connection are found to be.
#[derive(Default)]
pub(crate) struct Found {
    /// Why some may be true no longer.
    pub(crate) drift: Vec<Drift>,
    /// What the whole says about each, where it was asked for.
    pub(crate) acquaintances: Acquaintances,
}

/// Everything by which the mappings of a connection are judged.
pub(super) struct Judging {
    pub(super) connection: Connection,
    pub(super) staff: Arc<Staff>,
    pub(super) seen: Seen,
    /// Mapped people who do not work here.
    pub(super) former: Vec<Person>,
    /// What they are called by.
    pub(super) identities: Vec<Identity>,
    pub(super) policies: DriftPolicies,
    pub(super) now: Timestamp,
}

impl Service {
    /// The drift of a connection's mappings that hold now. What is to be ignored is left out.
    /// `remembering` asks for what is needed to judge some of them later.
    pub(crate) async fn find_drift(
        &self,
        organization: OrganizationId,
        connection: &Connection,
        staff: Arc<Staff>,
        mut seen: Seen,
        remembering: bool,
    ) -> Result<Found> {
        if seen.mappings.is_empty() && !remembering {
            return Ok(Found::default());
        }
        let present: HashSet<&CrmUserId> = seen.users.iter().map(|user| &user.id).collect();
        let gone: Vec<CrmUserId> = seen
            .mappings
            .iter()
            .map(|mapping| &mapping.crm_user_id)
            .filter(|id| !present.contains(id))
            .cloned()
            .collect();
        let gone = self
            .store()
            .find_crm_users(organization, connection.id, &gone)
            .await?;
        seen.users.extend(gone);
        let here: HashSet<PersonId> = staff.people.iter().map(|person| person.id).collect();
        let former: Vec<PersonId> = seen
            .mappings
            .iter()
            .map(|mapping| mapping.person_id)
            .filter(|id| !here.contains(id))
            .collect();
        let now = self.now();
        let judging = Judging {
            connection: connection.clone(),
            seen,
            identities: self.store().list_identities(organization, &former).await?,
            former: self.store().find_people(organization, &former).await?,
            policies: self
                .store()
                .drift_policies(organization, connection.id)
                .await?,
            staff,
            now,
        };
        tokio::task::spawn_blocking(move || judging.found(remembering))
            .await
            .map_err(Error::internal)
    }
}

impl Judging {
    fn found(&self, remembering: bool) -> Found {
        let judge = NameJudge::new();
        let known = self.known();
        let scene = Scene::new(&known, &judge);
        let drift = self.drift_in(&scene, &self.seen.mappings);
        if !remembering {
            return Found {
                drift,
                ..Found::default()
            };
        }
        let acquaintances = Acquaintances::of(
            self.seen.users.iter(),
            self.staff.people.iter(),
            known.identities.iter().copied(),
            scene.into_moved_domains(),
        );
        Found {
            drift,
            acquaintances,
        }
    }

    pub(super) fn known(&self) -> Known<'_> {
        let staff = self.staff.identities.values().flatten();
        let former = self.identities.iter();
        Known {
            remote_org: self
                .connection
                .remote_org
                .as_ref()
                .map(|org| org.id.as_str()),
            users: self.seen.users.iter().collect(),
            people: self.staff.people.iter().chain(&self.former).collect(),
            identities: staff
                .chain(former.filter(|identity| identity.period.contains(self.now)))
                .collect(),
            mappings: &self.seen.mappings,
            decisions: &self.seen.decisions,
        }
    }

    /// The drift of some of the mappings.
    pub(super) fn drift_in<'a>(
        &self,
        scene: &Scene<'_>,
        mappings: impl IntoIterator<Item = &'a Mapping>,
    ) -> Vec<Drift> {
        let mut all = Vec::new();
        for mapping in mappings {
            let mut found = scene.drift_of(mapping);
            found.retain(|finding| self.policies.of(finding.cause) != DriftPolicy::Ignore);
            let found = found.into_iter().enumerate();
            all.extend(found.map(|(place, finding)| Drift {
                connection_id: mapping.connection_id,
                mapping_id: mapping.id,
                person_id: mapping.person_id,
                cause: finding.cause,
                primary: place == 0,
                since: self.now,
                detail: finding.detail,
                other: finding.other,
            }));
        }
        all
    }
}
