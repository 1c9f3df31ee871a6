//! Everything that change sets change, as it stands.

use std::collections::BTreeMap;

use counterpart_model::{
    Decision, Identity, Mapping, OrganizationId, PageRequest, Person, PersonId, Subject, Thing,
    paging::LARGEST_PAGE,
};
use counterpart_store::Store;
use counterpart_store::mappings::MappingQuery;
use counterpart_store::people::PeopleQuery;

/// Everything that change sets change, of an organization that fits on a page; each in the order
/// of ids.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Standing {
    pub(crate) people: Vec<Person>,
    pub(crate) identities: Vec<Identity>,
    pub(crate) mappings: Vec<Mapping>,
    pub(crate) decisions: Vec<Decision>,
}

impl Standing {
    pub(crate) async fn of(store: &dyn Store, organization: OrganizationId) -> Self {
        let all = PageRequest::first(LARGEST_PAGE);
        let anybody = PeopleQuery::default();
        let people = store.list_people(organization, &anybody, &all).await;
        let mut people = people.expect("people").items;
        people.sort_by_key(|person| person.id);
        let ids: Vec<PersonId> = people.iter().map(|person| person.id).collect();
        let identities = store.list_identities(organization, &ids).await;
        let mut identities = identities.expect("identities");
        identities.sort_by_key(|identity| identity.id);
        let any = MappingQuery::default();
        let mappings = store.list_mappings(organization, &any, &all).await;
        let decisions = store.list_decisions(organization, None, &all).await;
        Self {
            people,
            identities,
            mappings: mappings.expect("mappings").items,
            decisions: decisions.expect("decisions").items,
        }
    }

    /// The same but for versions, which an undo does not bring back.
    pub(crate) fn without_versions(mut self) -> Self {
        self.people.iter_mut().for_each(|it| it.version = 0);
        self.mappings.iter_mut().for_each(|it| it.version = 0);
        self.decisions.iter_mut().for_each(|it| it.version = 0);
        self
    }

    pub(crate) fn things(&self) -> BTreeMap<Subject, Thing> {
        let people = self.people.iter().cloned().map(Box::new).map(Thing::Person);
        let identities = self.identities.iter().cloned().map(Box::new);
        let mappings = self.mappings.iter().cloned().map(Box::new);
        let decisions = self.decisions.iter().cloned().map(Box::new);
        people
            .chain(identities.map(Thing::Identity))
            .chain(mappings.map(Thing::Mapping))
            .chain(decisions.map(Thing::Decision))
            .map(|thing| (thing.subject(), thing))
            .collect()
    }
}
