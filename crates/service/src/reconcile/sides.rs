//! Both sides of a connection as the matcher takes them, with what is decided about them already.

use std::collections::HashMap;

use counterpart_matching::{Label, Options};
use counterpart_model::connection::DIRECTORY;
use counterpart_model::{
    Connection, ConnectionId, CrmUser, CrmUserId, Decision, DecisionKind, Identity, Mapping,
    OrganizationId, PageRequest, Person, PersonId, Side, paging::LARGEST_PAGE,
};
use counterpart_store::{crm_users::CrmUserQuery, mappings::MappingQuery, people::PeopleQuery};

use super::records::{record_of_crm_user, record_of_person};
use crate::matching::matching_options;
use crate::{Result, Service};

/// The people of an organization as the matcher needs them.
pub(crate) struct Staff {
    pub(crate) people: Vec<Person>,
    pub(crate) identities: HashMap<PersonId, Vec<Identity>>,
}

/// Both sides of one connection, with what is decided about them already.
pub(crate) struct Sides {
    pub(crate) left: Vec<counterpart_matching::Record>,
    pub(crate) right: Vec<counterpart_matching::Record>,
    pub(crate) users: Vec<CrmUser>,
    pub(crate) mappings: Vec<Mapping>,
    pub(crate) decisions: Vec<Decision>,
    pub(crate) options: Options,
}

impl Service {
    /// Everybody who works here now.
    pub(crate) async fn staff(&self, organization: OrganizationId) -> Result<Staff> {
        let query = PeopleQuery {
            words: Vec::new(),
            active: Some(true),
        };
        let mut people: Vec<Person> = Vec::new();
        let mut identities: HashMap<PersonId, Vec<Identity>> = HashMap::new();
        let mut request = PageRequest::first(LARGEST_PAGE);
        let now = self.now();
        loop {
            let page = self
                .store()
                .list_people(organization, &query, &request)
                .await?;
            let ids: Vec<PersonId> = page.items.iter().map(|person| person.id).collect();
            for identity in self.store().list_identities(organization, &ids).await? {
                if identity.period.contains(now) {
                    identities
                        .entry(identity.person_id)
                        .or_default()
                        .push(identity);
                }
            }
            people.extend(page.items);
            match page.next {
                Some(next) => request = PageRequest::new(Some(next), LARGEST_PAGE),
                None => return Ok(Staff { people, identities }),
            }
        }
    }

    /// Both sides of a connection. Who is mapped already, or not to be, takes part as evidence
    /// of how names and addresses are built here, but is proposed to nobody.
    pub(crate) async fn sides(
        &self,
        organization: OrganizationId,
        connection: &Connection,
        staff: &Staff,
    ) -> Result<Sides> {
        let users = self.present_users(organization, connection.id).await?;
        let query = MappingQuery {
            connection_id: Some(connection.id),
            at: Some(self.now()),
            ..MappingQuery::default()
        };
        let mappings = self.all_mappings(organization, &query).await?;
        let decisions = self.decisions_in_force(organization, connection.id).await?;
        let no_identities = Vec::new();
        let left = staff
            .people
            .iter()
            .map(|person| {
                record_of_person(
                    person,
                    staff.identities.get(&person.id).unwrap_or(&no_identities),
                )
            })
            .collect();
        let right = users.iter().map(record_of_crm_user).collect();

        let person_at: HashMap<PersonId, usize> = staff
            .people
            .iter()
            .enumerate()
            .map(|(at, person)| (person.id, at))
            .collect();
        let user_at: HashMap<&CrmUserId, usize> = users
            .iter()
            .enumerate()
            .map(|(at, user)| (&user.id, at))
            .collect();
        let mut options = self.matching_options(organization, connection).await?;
        let mut label = |person: &PersonId, user: &CrmUserId, same: bool| {
            let pair = person_at.get(person).zip(user_at.get(user));
            options
                .labels
                .extend(pair.map(|(&left, &right)| Label { left, right, same }));
        };
        for mapping in &mappings {
            label(&mapping.person_id, &mapping.crm_user_id, true);
        }
        for decision in &decisions {
            if let DecisionKind::NotThisPair {
                person_id,
                crm_user_id,
            } = &decision.kind
            {
                label(person_id, crm_user_id, false);
            }
        }
        for mapping in &mappings {
            options.taken_left.extend(person_at.get(&mapping.person_id));
            options
                .taken_right
                .extend(user_at.get(&mapping.crm_user_id));
        }
        for decision in &decisions {
            match &decision.kind {
                DecisionKind::NotThisPair { .. } => {}
                DecisionKind::NoAccount { person_id } => {
                    options.taken_left.extend(person_at.get(person_id));
                }
                DecisionKind::NotAPerson { crm_user_id }
                | DecisionKind::SharedSeat { crm_user_id } => {
                    options.taken_right.extend(user_at.get(crm_user_id));
                }
            }
        }
        drop(user_at);
        Ok(Sides {
            left,
            right,
            users,
            mappings,
            decisions,
            options,
        })
    }

    /// What the settings say about matching in a connection, before anything that is decided about
    /// anybody.
    pub(super) async fn matching_options(
        &self,
        organization: OrganizationId,
        connection: &Connection,
    ) -> Result<Options> {
        let own_domains = self
            .store()
            .find_organization(organization)
            .await?
            .map(|organization| organization.domains)
            .unwrap_or_default();
        let rules = self
            .matching_rules(organization, Some(connection.id))
            .await?;
        Ok(matching_options(&rules, connection, own_domains))
    }

    /// A connection's users that are not gone.
    pub(crate) async fn present_users(
        &self,
        organization: OrganizationId,
        connection: ConnectionId,
    ) -> Result<Vec<CrmUser>> {
        let mut users = Vec::new();
        let mut request = PageRequest::first(LARGEST_PAGE);
        loop {
            let page = self
                .store()
                .list_crm_users(organization, connection, &CrmUserQuery::default(), &request)
                .await?;
            users.extend(
                page.items
                    .into_iter()
                    .filter(|user| user.gone_since.is_none()),
            );
            match page.next {
                Some(next) => request = PageRequest::new(Some(next), LARGEST_PAGE),
                None => return Ok(users),
            }
        }
    }

    async fn decisions_in_force(
        &self,
        organization: OrganizationId,
        connection: ConnectionId,
    ) -> Result<Vec<Decision>> {
        let now = self.now();
        let mut decisions = Vec::new();
        let mut request = PageRequest::first(LARGEST_PAGE);
        loop {
            let page = self
                .store()
                .list_decisions(organization, Some(connection), &request)
                .await?;
            decisions.extend(
                page.items
                    .into_iter()
                    .filter(|decision| decision.expires_at > now),
            );
            match page.next {
                Some(next) => request = PageRequest::new(Some(next), LARGEST_PAGE),
                None => return Ok(decisions),
            }
        }
    }
}

/// Whether a connection's users are to be mapped.
pub(crate) fn has_crm_users(connection: &Connection) -> bool {
    connection.side != Side::Platform && connection.provider != DIRECTORY
}
