//! One of the two stores, with its organization, and how operations are performed on it.

use counterpart_model::run::RunFailure;
use counterpart_model::{
    Cardinality, Code, Connection, ConnectionId, CrmUserId, CrmUserKind, CrmUserProfile,
    CrmUserState, Draft, DraftEdit, PageRequest, Period, PersonId, Rival, RunMode, RunState, Side,
    Timestamp, connection::DIRECTORY,
};
use counterpart_store::conformance::fixture::World;
use counterpart_store::mappings::MappingQuery;
use counterpart_store::people::PeopleQuery;
use counterpart_store::runs::{Absence, Begun};
use counterpart_store::{ApplyError, Store, StoreError};

use super::lines::Standing;
use super::operation::{End, Line, Operation, Place, Run};

pub(super) const NAMES: [&str; 9] = [
    "Ann Lee",
    "ann  LEE",
    "Émile Ostrowska",
    "Łódź 204",
    "100% x_y\\z",
    "李雷",
    "Zoë",
    "a",
    "",
];
pub(super) const USERS: [&str; 8] = [
    "005A0000001abcDEFG",
    "005A0000001abcD",
    "005a",
    "005A",
    "7",
    "u '\"7",
    "漢",
    "u8",
];

/// A store with an organization of its own.
pub(super) struct Twin<'s> {
    pub(super) world: World<'s>,
    /// When it was founded; periods have their bounds about it.
    start: Timestamp,
}

/// The thing at a place, counted around.
pub(super) fn pick<T>(things: &[T], place: Place) -> Option<&T> {
    let count = things.len().max(1);
    things.get(usize::from(place) % count)
}

/// The CRM user at a place.
pub(super) fn user(place: Place) -> CrmUserId {
    CrmUserId(USERS[usize::from(place) % USERS.len()].into())
}

/// A name by number.
pub(super) fn name(number: u8) -> String {
    NAMES[usize::from(number) % NAMES.len()].into()
}

impl<'s> Twin<'s> {
    /// An organization with two CRMs and a phone system, which is the same for the same label.
    pub(super) async fn found(store: &'s dyn Store, label: &str) -> Self {
        let world = World::found(store, label).await;
        let start = world.now();
        world.connect("One").await;
        world.connect_side("Two", Side::Both).await;
        world.connect_side("Phones", Side::Platform).await;
        Self { world, start }
    }

    /// Performs an operation and says how it ended.
    pub(super) async fn perform(&mut self, operation: &Operation) -> String {
        let ended = match operation {
            Operation::Apply(lines) => return self.apply(lines).await,
            Operation::Wait(minutes) => {
                self.world.wait(i64::from(*minutes) * 60);
                Ok(String::new())
            }
            Operation::Propose {
                connection,
                some,
                proposals,
            } => self.propose(*connection, *some, proposals).await,
            Operation::Run(run) => self.run(run).await,
            Operation::Resolve { connection, apply } => self.resolve(*connection, *apply).await,
            Operation::Refresh { connection, people } => {
                self.refresh(*connection, people.as_deref()).await
            }
            Operation::Draft {
                connection,
                person,
                edit,
            } => self.draft(*connection, *person, *edit).await,
            Operation::DropDrafts(cell) => self.drop_drafts(*cell).await,
            Operation::Connect {
                connection,
                name,
                side,
            } => self.connect(*connection, *name, *side).await,
        };
        match ended {
            Ok(how) => how,
            Err(error) => kind_of(&error).into(),
        }
    }

    async fn standing(&self) -> Standing {
        let (store, id) = (self.world.store, self.world.id());
        let everything = PageRequest::first(1_000);
        let query = PeopleQuery::default();
        let people = store.list_people(id, &query, &everything).await;
        let people = people.expect("listed").items;
        let ids: Vec<_> = people.iter().map(|person| person.id).collect();
        let identities = store.list_identities(id, &ids).await.expect("listed");
        let query = MappingQuery::default();
        let mappings = store.list_mappings(id, &query, &everything).await;
        let decisions = store.list_decisions(id, None, &everything).await;
        Standing {
            connections: store.list_connections(id).await.expect("listed"),
            mappings: mappings.expect("listed").items,
            decisions: decisions.expect("listed").items,
            people,
            identities,
        }
    }

    async fn connection(&self, place: Place) -> Connection {
        let connections = self.world.store.list_connections(self.world.id()).await;
        let connections = connections.expect("listed");
        pick(&connections, place).expect("there are some").clone()
    }

    async fn people(&self, places: &[Place]) -> Vec<PersonId> {
        let people = self.standing().await.people;
        let chosen = places.iter().filter_map(|place| pick(&people, *place));
        chosen.map(|person| person.id).collect()
    }

    pub(super) fn period(&self, number: u8) -> Period {
        let (start, later) = (self.start, self.start.plus_seconds(1_200));
        let (from, to) = match number % 6 {
            0 => (Timestamp::ALWAYS, start),
            1 => (start, later),
            2 => (later, Timestamp::FOREVER),
            3 => (Timestamp::ALWAYS, later),
            _ => (Timestamp::ALWAYS, Timestamp::FOREVER),
        };
        Period::new(from, to).expect("ordered")
    }

    async fn apply(&self, lines: &[Line]) -> String {
        let standing = self.standing().await;
        let mut made = Vec::new();
        for line in lines {
            self.make(line, &standing, &mut made);
        }
        let single = made.len() == 1;
        match self.world.try_apply(made).await {
            // Of several reasons to refuse a set either may be found first.
            Err(_) if !single => "refused".into(),
            Ok(set) => format!("{set:?}"),
            Err(ApplyError::Stale { line }) => format!("line {line} is stale"),
            Err(ApplyError::Overlap { wanted, standing }) => {
                // Of several that stand there any may be named.
                assert!(wanted.clashes_with(&standing), "{wanted:?} {standing:?}");
                format!("{} overlaps", wanted.id)
            }
            Err(ApplyError::ExternalIdTaken { wanted, standing }) => {
                assert_eq!(wanted.external_id, standing.external_id);
                format!("{} has somebody's external id", wanted.id)
            }
            Err(ApplyError::IdentityTaken { wanted, standing }) => {
                assert!(wanted.period.overlaps(&standing.period));
                format!("{} is taken", wanted.id)
            }
            Err(ApplyError::Store(error)) => kind_of(&error).into(),
        }
    }

    async fn propose(
        &self,
        connection: Place,
        some: bool,
        wanted: &[(Place, Place, u8)],
    ) -> Result<String, StoreError> {
        let connection = self.connection(connection).await.id;
        let people = self.standing().await.people;
        let mut proposals = Vec::new();
        for (index, (person, id, flavour)) in wanted.iter().enumerate() {
            let Some(person) = pick(&people, *person) else {
                continue;
            };
            let mut proposal = World::proposal(connection, person.id, &user(*id).0);
            let rank = u8::try_from(index).expect("few");
            proposal.score = f64::from(rank).mul_add(-0.1, 0.97);
            proposal.ambiguous = *flavour == 0;
            proposal.certain = *flavour == 1;
            proposal.rivals = (0..rank)
                .map(|rival| Rival {
                    crm_user_id: user(rival),
                    score: 0.3,
                    evidence: Vec::new(),
                })
                .collect();
            proposals.push(proposal);
        }
        let some = some.then(|| proposals.iter().map(|p| p.person_id).collect::<Vec<_>>());
        let mut unit = self.world.store.begin(self.world.id()).await?;
        unit.replace_proposals(connection, some.as_deref(), &proposals)
            .await?;
        unit.commit().await?;
        Ok(String::new())
    }

    async fn refresh(
        &self,
        connection: Option<Place>,
        people: Option<&[Place]>,
    ) -> Result<String, StoreError> {
        let connection = match connection {
            Some(place) => Some(self.connection(place).await.id),
            None => None,
        };
        let people = match people {
            Some(places) => Some(self.people(places).await),
            None => None,
        };
        let mut unit = self.world.store.begin(self.world.id()).await?;
        unit.refresh_situations(connection, people.as_deref(), self.world.now())
            .await?;
        unit.commit().await?;
        Ok(String::new())
    }

    async fn run(&self, wanted: &Run) -> Result<String, StoreError> {
        let (world, store) = (&self.world, self.world.store);
        let connection = self.connection(wanted.connection).await.id;
        let mode = if wanted.full {
            RunMode::Full
        } else {
            RunMode::Changed { since: self.start }
        };
        let mut run = match world.begin_run(connection, mode).await {
            Begun::Busy(run) => return Ok(format!("busy: {run:?}")),
            Begun::Started(run) | Begun::Resumed(run) => run,
        };
        for (index, users) in wanted.pages.iter().enumerate() {
            if run.pulled {
                break;
            }
            let last = index + 1 == wanted.pages.len();
            let next = (!last).then_some("more");
            let mut page = world.page(run.id, run.pages + 1, &[], next);
            page.users = users.iter().copied().map(pulled_user).collect();
            page.failed = if last { wanted.failed.into() } else { 0 };
            page.expected = wanted.expected.map(u64::from);
            run = store.stage_user_page(world.id(), page).await?;
            if matches!(wanted.end, End::Die) {
                return Ok(format!("left behind: {run:?}"));
            }
        }
        let failure = RunFailure {
            code: Code::RunHeld,
            detail: "as the test has it".into(),
        };
        if matches!(wanted.end, End::Fail) {
            let run = store.fail_run(world.id(), run.id, &failure, world.now());
            return Ok(format!("failed: {:?}", run.await?));
        }
        let absence = if wanted.grace {
            Absence::after(world.now(), 600)
        } else {
            Absence::at_once(world.now())
        };
        let absent = store
            .list_absent(world.id(), run.id, absence.gone_before, 5)
            .await?;
        let looked_up = wanted.looked_up.iter().copied().map(pulled_user);
        let looked_up: Vec<_> = looked_up.collect();
        let run = store
            .stage_looked_up(world.id(), run.id, &looked_up)
            .await?;
        let mut unit = store.begin(world.id()).await?;
        let lost = unit.lost_since(connection, self.start).await?;
        unit.measure_run(run.id, absence).await?;
        let run = if matches!(wanted.end, End::Hold) {
            let until = world.now().plus_seconds(600);
            unit.hold_run(run.id, &failure, world.now(), until).await?
        } else {
            let since = wanted.full.then(|| world.now());
            unit.apply_run(run.id, since, world.now()).await?
        };
        unit.append_audit(world.event("run.ended")).await?;
        unit.commit().await?;
        Ok(format!("{absent:?} absent, {lost} lost before: {run:?}"))
    }

    async fn resolve(&self, connection: Place, apply: bool) -> Result<String, StoreError> {
        let (world, store) = (&self.world, self.world.store);
        let connection = self.connection(connection).await.id;
        let page = PageRequest::first(1_000);
        let runs = store.list_runs(world.id(), connection, &page).await?;
        let held = runs
            .items
            .into_iter()
            .find(|run| run.state == RunState::Held);
        let Some(held) = held else {
            return Ok("none is held".into());
        };
        let mut unit = store.begin(world.id()).await?;
        let run = if apply {
            unit.apply_run(held.id, None, world.now()).await?
        } else {
            unit.reject_run(held.id, world.now()).await?
        };
        unit.commit().await?;
        Ok(format!("{run:?}"))
    }

    async fn draft(
        &self,
        connection: Place,
        person: Place,
        edit: u8,
    ) -> Result<String, StoreError> {
        let connection = self.connection(connection).await.id;
        let standing = self.standing().await;
        let Some(person) = pick(&standing.people, person) else {
            return Ok("nobody".into());
        };
        let based_on = standing.mappings.iter().find(|m| m.person_id == person.id);
        let draft = Draft {
            account_id: self.world.owner.id,
            connection_id: connection,
            person_id: person.id,
            edit: draft_edit(edit, self.start),
            based_on: based_on.map(|mapping| (mapping.id, mapping.version)),
            updated_at: self.world.now(),
        };
        self.world
            .store
            .put_drafts(self.world.id(), &[draft])
            .await?;
        Ok(String::new())
    }

    async fn drop_drafts(&self, cell: Option<(Place, Place)>) -> Result<String, StoreError> {
        let (store, id, account) = (self.world.store, self.world.id(), self.world.owner.id);
        match cell {
            None => store.clear_drafts(id, account).await?,
            Some((connection, person)) => {
                let connection: ConnectionId = self.connection(connection).await.id;
                for person in self.people(&[person]).await {
                    store.delete_draft(id, account, connection, person).await?;
                }
            }
        }
        Ok(String::new())
    }

    async fn connect(&self, place: Place, name: u8, side: u8) -> Result<String, StoreError> {
        let mut connection = self.connection(place).await;
        if connection.provider == DIRECTORY {
            return Ok("the directory stays".into());
        }
        connection.name = ["One", "TWO", "Three", "Phones"][usize::from(name) % 4].into();
        connection.side = [Side::Crm, Side::Platform, Side::Both][usize::from(side) % 3];
        connection.cardinality = [
            Cardinality::OneToOne,
            Cardinality::PeopleShareCrmUser,
            Cardinality::PersonHasCrmUsers,
        ][usize::from(side) / 3 % 3];
        Ok(format!("{:?}", self.world.save(connection).await))
    }
}

fn pulled_user(pulled: (Place, u8, u8, u8)) -> (CrmUserId, CrmUserProfile) {
    let (id, called, state, kind) = pulled;
    let profile = CrmUserProfile {
        display_name: name(called),
        extension: Some(format!("20{called}")),
        state: match state {
            0 => CrmUserState::Inactive,
            1 => CrmUserState::Invited,
            2 => CrmUserState::Deleted,
            _ => CrmUserState::Active,
        },
        kind: match kind {
            0 => CrmUserKind::Api,
            1 => CrmUserKind::Shared,
            _ => CrmUserKind::Person,
        },
        ..CrmUserProfile::default()
    };
    (user(id), profile)
}

fn draft_edit(edit: u8, start: Timestamp) -> DraftEdit {
    match edit % 5 {
        0 => DraftEdit::Map {
            crm_user_id: user(edit),
            accepted: true,
        },
        1 => DraftEdit::Unmap,
        2 => DraftEdit::NoAccount {
            reason: Some("on leave".into()),
            expires_at: start,
        },
        3 => DraftEdit::HasAccount,
        _ => DraftEdit::Reject {
            crm_user_id: user(edit),
        },
    }
}

/// The kind of an error: its words are each database's own.
fn kind_of(error: &StoreError) -> &'static str {
    match error {
        StoreError::Misuse(_) => "misuse",
        StoreError::Busy(_) => "busy",
        StoreError::Unavailable(_) => "unavailable",
        StoreError::Corrupt(_) => "corrupt",
        _ => "another error",
    }
}
