//! Finding the drift of a connection: what the store knows, judged beside the async threads.

use std::collections::HashSet;
use std::sync::Arc;

use counterpart_matching::NameJudge;
use counterpart_model::{
    Connection, CrmUser, CrmUserId, Decision, Drift, DriftPolicies, DriftPolicy, Identity, Mapping,
    OrganizationId, Person, PersonId, Timestamp,
};

use super::{Known, Scene};
use crate::mapping::Staff;
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

/// Everything by which the mappings of a connection are judged.
struct Judging {
    connection: Connection,
    staff: Arc<Staff>,
    seen: Seen,
    /// Mapped people who do not work here.
    former: Vec<Person>,
    /// What they are called by.
    identities: Vec<Identity>,
    policies: DriftPolicies,
    now: Timestamp,
}

impl Service {
    /// The drift of a connection's mappings that hold now. What is to be ignored is left out.
    pub(crate) async fn find_drift(
        &self,
        organization: OrganizationId,
        connection: &Connection,
        staff: Arc<Staff>,
        mut seen: Seen,
    ) -> Result<Vec<Drift>> {
        if seen.mappings.is_empty() {
            return Ok(Vec::new());
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
        tokio::task::spawn_blocking(move || judging.drift())
            .await
            .map_err(Error::internal)
    }
}

impl Judging {
    fn drift(&self) -> Vec<Drift> {
        let judge = NameJudge::new();
        let staff = self.staff.identities.values().flatten();
        let former = self.identities.iter();
        let known = Known {
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
        };
        let scene = Scene::new(&known, &judge);
        let mut all = Vec::new();
        for mapping in &self.seen.mappings {
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
