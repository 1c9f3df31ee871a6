//! What follows from a change: at once for whom it concerns, by and by for everybody.

mod steps;

use std::collections::BTreeMap;

use counterpart_model::{
    Connection, CrmUserId, DraftEdit, Mapping, PageRequest, Person, PersonId, Proposal, Situation,
};
use counterpart_service::Service;
use counterpart_service::mapping::CellEdit;
use counterpart_service::people::{EndMappings, PersonInput};
use counterpart_service::sync::SyncMode;
use counterpart_store::crm_users::CrmUserQuery;
use counterpart_store::evaluations::Evaluation;
use counterpart_store::grid::GridQuery;
use counterpart_store::mappings::{MappingQuery, ProposalQuery};
use counterpart_store::people::PeopleQuery;

use crate::stage::DAY;
use crate::world::{World, emulator};

/// People synced with an emulated CRM, who are too many to be looked at behind every change.
struct Office {
    world: World,
    connection: Connection,
    users: Vec<CrmUserId>,
    _emulator: counterpart_emulators::Running,
}

/// How it stands, at one instant.
#[derive(Debug, Clone, PartialEq)]
struct Picture {
    situations: BTreeMap<PersonId, (Situation, bool)>,
    proposals: BTreeMap<PersonId, Proposal>,
    mappings: Vec<Mapping>,
}

impl Office {
    async fn new(people: usize) -> Self {
        let mut world = World::new().await;
        world.service = world.service.clone().settling_at_once(0);
        world.add_people(1, people).await;
        // Namesakes of whom nothing tells which is which.
        let all = everybody(&world).await;
        for twin in all.iter().take(3) {
            let input = named(&twin.profile.display_name);
            let added = world.service.add_person(&world.owner, &input).await;
            added.expect("a namesake");
        }
        let emulator = emulator("salesforce", people).await;
        let connection = world.connect(&emulator).await;
        let synced = world
            .service
            .sync(&world.owner, connection.id, SyncMode::Full);
        synced.await.expect("a sync");
        let first = PageRequest::first(1_000);
        let users = world
            .store
            .list_crm_users(
                world.organization.id,
                connection.id,
                &CrmUserQuery::default(),
                &first,
            )
            .await
            .expect("users");
        Self {
            users: users.items.into_iter().map(|user| user.id).collect(),
            connection,
            world,
            _emulator: emulator,
        }
    }

    async fn picture(&self) -> Picture {
        let (store, id) = (&self.world.store, self.world.organization.id);
        let first = PageRequest::first(1_000);
        let query = ProposalQuery {
            connection_id: Some(self.connection.id),
            certain_only: false,
        };
        let proposals = store.list_proposals(id, &query, &first).await;
        let query = MappingQuery {
            connection_id: Some(self.connection.id),
            at: Some(self.world.service.now()),
            ..MappingQuery::default()
        };
        let mappings = store.list_mappings(id, &query, &first).await;
        let rows = store.list_grid(id, &GridQuery::default(), &first).await;
        let cells = rows.expect("a grid").items.into_iter();
        let proposals = proposals.expect("proposals").items.into_iter();
        Picture {
            situations: cells
                .map(|row| {
                    (
                        row.person.id,
                        (row.cells[0].situation, row.cells[0].certain),
                    )
                })
                .collect(),
            proposals: proposals.map(|it| (it.person_id, it)).collect(),
            mappings: mappings.expect("mappings").items,
        }
    }

    async fn evaluation(&self) -> Evaluation {
        let all = self
            .world
            .store
            .list_evaluations(self.world.organization.id);
        all.await.expect("evaluations").remove(0)
    }

    async fn edit(&self, service: &Service, person: PersonId, edit: DraftEdit) {
        let edit = CellEdit::new(self.connection.id, person, edit);
        let applied = service.apply_edits(&self.world.owner, &[edit], None).await;
        applied.expect("applied");
    }

    /// Somebody for whom a certain user is proposed.
    async fn certain(&self) -> (PersonId, CrmUserId) {
        let picture = self.picture().await;
        let mut proposals = picture.proposals.into_values();
        let found = proposals.find(|proposal| proposal.certain);
        let found = found.expect("a certain proposal");
        (found.person_id, found.crm_user_id)
    }

    /// A day later, when everybody is looked at.
    async fn tomorrow(&self, service: &Service) -> Picture {
        self.world.clock.advance(DAY);
        service.reconcile_due().await.expect("looked");
        self.picture().await
    }
}

fn named(name: &str) -> PersonInput {
    PersonInput {
        display_name: name.to_owned(),
        ..PersonInput::default()
    }
}

async fn everybody(world: &World) -> Vec<Person> {
    let first = PageRequest::first(1_000);
    let query = PeopleQuery::default();
    let people = world
        .store
        .list_people(world.organization.id, &query, &first);
    people.await.expect("people").items
}

#[tokio::test]
async fn a_pick_looks_at_whom_it_concerns_and_leaves_nothing_open() {
    let office = Office::new(40).await;
    let service = &office.world.service;
    let (ann, user) = office.certain().await;
    let looked = office.evaluation().await;
    let before = office.picture().await;
    let edit = DraftEdit::Map {
        crm_user_id: user.clone(),
        accepted: true,
    };
    office.edit(service, ann, edit).await;
    assert_eq!(
        office.evaluation().await,
        looked,
        "everybody was not looked at again"
    );
    let after = office.picture().await;
    assert_eq!(after.situations[&ann].0, Situation::Mapped);
    assert!(!after.proposals.contains_key(&ann));
    let same = |person: &&PersonId| before.proposals.get(*person) == after.proposals.get(*person);
    let untouched = before.proposals.keys().filter(same).count();
    assert!(
        untouched * 2 > before.proposals.len(),
        "most are left alone"
    );
    office.edit(service, ann, DraftEdit::Unmap).await;
    assert_eq!(office.evaluation().await.open_changes, 0);
    let again = office.picture().await;
    assert_eq!(again.situations[&ann], (Situation::Proposed, true));
    assert_eq!(again.proposals[&ann].crm_user_id, user);
}

#[tokio::test]
async fn somebody_new_counts_at_once_as_when_everybody_is_looked_at() {
    let office = Office::new(40).await;
    let service = &office.world.service;
    let (ann, user) = office.certain().await;
    let people = everybody(&office.world).await;
    let ann = people.into_iter().find(|it| it.id == ann).expect("Ann");
    let profile = &ann.profile;
    let input = PersonInput {
        emails: profile.emails.clone(),
        username: profile.username.clone().unwrap_or_default(),
        employee_number: profile.employee_number.clone().unwrap_or_default(),
        ..named(&profile.display_name)
    };
    let twin = service.add_person(&office.world.owner, &input).await;
    let twin = twin.expect("a twin");
    let both = office.picture().await;
    assert_eq!(office.evaluation().await.open_changes, 0);
    assert_ne!(
        (both.situations[&ann.id].1, both.situations[&twin.id].1),
        (true, true),
        "one user is certain for one person at most"
    );
    let whole = office.tomorrow(service).await;
    for person in [ann.id, twin.id] {
        assert_eq!(both.situations[&person], whole.situations[&person]);
    }
    let leaves = service.deactivate_person(&office.world.owner, twin.id, &EndMappings::Now);
    leaves.await.expect("the twin leaves");
    let alone = office.picture().await;
    assert!(!alone.proposals.contains_key(&twin.id));
    assert_eq!(alone.situations[&ann.id], (Situation::Proposed, true));
    assert_eq!(alone.proposals[&ann.id].crm_user_id, user);
}

#[tokio::test]
async fn where_nothing_is_remembered_nothing_is_certain_until_everybody_was_looked_at() {
    let office = Office::new(40).await;
    let (ann, user) = office.certain().await;
    let service = office.world.another_process().settling_at_once(0);
    let edit = DraftEdit::Map {
        crm_user_id: user.clone(),
        accepted: true,
    };
    office.edit(&service, ann, edit).await;
    let picked = office.picture().await;
    assert_eq!(picked.situations[&ann].0, Situation::Mapped);
    assert!(
        picked.situations.values().any(|(_, certain)| *certain),
        "a pick frees nobody"
    );
    assert_eq!(office.evaluation().await.open_changes, 1);

    office.edit(&service, ann, DraftEdit::Unmap).await;
    let freed = office.picture().await;
    assert!(freed.situations.values().all(|(_, certain)| !certain));
    let open = office.evaluation().await;
    assert_eq!((open.open_changes, open.stale_since.is_some()), (2, true));

    service.reconcile_due().await.expect("looked");
    let settled = office.evaluation().await;
    assert_eq!((settled.open_changes, settled.stale_since), (0, None));
    assert_eq!(
        office.picture().await.situations[&ann],
        (Situation::Proposed, true)
    );
    let edit = DraftEdit::Map {
        crm_user_id: user,
        accepted: true,
    };
    office.edit(&service, ann, edit).await;
    let remembered = office.evaluation().await.open_changes;
    assert_eq!(remembered, 0, "now it is remembered");
}

#[tokio::test]
async fn what_another_process_changed_is_followed() {
    let office = Office::new(40).await;
    let here = &office.world.service;
    let there = office.world.another_process().settling_at_once(0);
    let (ann, user) = office.certain().await;
    office.world.clock.advance(DAY);
    there.reconcile_due().await.expect("looked");
    office.world.clock.advance(1);
    let edit = DraftEdit::Map {
        crm_user_id: user.clone(),
        accepted: true,
    };
    office.edit(&there, ann, edit).await;
    let (bob, bobs) = office.certain().await;
    let edit = DraftEdit::Map {
        crm_user_id: bobs,
        accepted: true,
    };
    office.edit(here, bob, edit).await;
    here.reconcile_due().await.expect("looked");
    assert_eq!(office.evaluation().await.open_changes, 0);
    office.edit(&there, ann, DraftEdit::Unmap).await;
    let picture = office.picture().await;
    assert_eq!(office.evaluation().await.open_changes, 0);
    assert_eq!(picture.situations[&ann], (Situation::Proposed, true));
    assert_eq!(picture.situations[&bob].0, Situation::Mapped);
}

#[tokio::test]
async fn a_shared_seat_is_proposed_to_nobody_at_once() {
    let office = Office::new(40).await;
    let (ann, user) = office.certain().await;
    let service = &office.world.service;
    let shared = service.decide_shared_seat(&office.world.owner, office.connection.id, &user, None);
    shared.await.expect("shared");
    let picture = office.picture().await;
    assert!(picture.proposals.values().all(|it| it.crm_user_id != user));
    assert_ne!(picture.situations[&ann], (Situation::Proposed, true));
}
