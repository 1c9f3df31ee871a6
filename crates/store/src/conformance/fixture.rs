//! An organization with people, connections and CRM users, made through the public methods.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use counterpart_model::{
    Account, AccountId, Cardinality, ChangeLine, ChangeSet, ChangeSetOrigin, Clock, Connection,
    ConnectionId, ConnectionState, CrmUserId, CrmUserProfile, CrmUserState, Decision, DecisionId,
    DecisionKind, Entropy, Environment, Identity, IdentityId, IdentityKind, Mapping, MappingId,
    MappingOrigin, Membership, NewChangeSet, Organization, OrganizationId, Page, PageRequest,
    Period, Person, PersonId, PersonProfile, Proposal, Role, Run, RunId, RunMode, Side, Situation,
    Timestamp, audit::AuditEvent, connection::DIRECTORY, connection::Health, paging::LARGEST_PAGE,
    sealed::WrappedKey,
};

use crate::connections::{SaveConnection, Saved};
use crate::grid::{GridQuery, GridRow};
use crate::organizations::{Founded, NewOrganization};
use crate::runs::{Begun, NewRun, UserPage};
use crate::{ApplyError, Result, Store};

/// Instants and random bytes that are the same in every execution.
#[derive(Debug)]
pub struct Seed {
    state: AtomicU64,
    micros: AtomicI64,
}

impl Seed {
    /// The seed of a label; equal labels give equal ids.
    pub fn of(label: &str) -> Self {
        // FNV-1a: any spreading of the label will do.
        let state = label.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self {
            state: AtomicU64::new(state),
            // 2026-03-02T10:40:00Z
            micros: AtomicI64::new(1_772_448_000_000_000),
        }
    }
}

impl Clock for Seed {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.micros.load(Ordering::Relaxed))
    }
}

impl Entropy for Seed {
    fn fill(&self, buffer: &mut [u8]) {
        for chunk in buffer.chunks_mut(8) {
            // SplitMix64 (Steele, Lea, Flood 2014).
            let mut z = self
                .state
                .fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed)
                .wrapping_add(0x9e37_79b9_7f4a_7c15);
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            chunk.copy_from_slice(&(z ^ (z >> 31)).to_le_bytes()[..chunk.len()]);
        }
    }
}

/// An organization in a store, with its directory and its owner.
pub struct World<'s> {
    /// Where it is.
    pub store: &'s dyn Store,
    /// The organization.
    pub organization: Organization,
    /// Its built-in connection.
    pub directory: Connection,
    /// Its owner.
    pub owner: Account,
    seed: Seed,
}

impl<'s> World<'s> {
    /// Founds an organization called `label`; within one database a label is used once.
    pub async fn found(store: &'s dyn Store, label: &str) -> Self {
        let seed = Seed::of(label);
        let new = new_organization(&seed, label);
        let founded = store.found_organization(&new).await.expect("founded");
        assert_eq!(founded, Founded::Done);
        Self {
            store,
            organization: new.organization,
            directory: new.directory,
            owner: new.account.expect("every new organization here has one"),
            seed,
        }
    }

    /// The organization's id.
    pub const fn id(&self) -> OrganizationId {
        self.organization.id
    }

    /// The present instant of this world. It stands still until [`World::wait`].
    pub fn now(&self) -> Timestamp {
        self.seed.now()
    }

    /// Lets `seconds` pass.
    pub fn wait(&self, seconds: i64) -> Timestamp {
        let micros = seconds * 1_000_000;
        let before = self.seed.micros.fetch_add(micros, Ordering::Relaxed);
        Timestamp::from_micros(before + micros)
    }

    /// The seed of this world's ids.
    pub const fn seed(&self) -> &Seed {
        &self.seed
    }

    /// An audit event of now.
    pub fn event(&self, action: &str) -> AuditEvent {
        event(&self.seed, action)
    }

    /// Somebody who is not stored yet, with an address made from the name.
    pub fn person(&self, name: &str) -> Person {
        Person {
            id: PersonId::generate(&self.seed, &self.seed),
            external_id: None,
            profile: PersonProfile {
                display_name: name.into(),
                emails: vec![address(name, "people.example")],
                ..PersonProfile::default()
            },
            active: true,
            created_at: self.now(),
            version: 0,
        }
    }

    /// An identity that is not stored yet.
    pub fn identity(
        &self,
        person: PersonId,
        connection: ConnectionId,
        kind: IdentityKind,
        value: &str,
        period: Period,
    ) -> Identity {
        Identity {
            id: IdentityId::generate(&self.seed, &self.seed),
            person_id: person,
            connection_id: connection,
            kind,
            value: value.into(),
            period,
        }
    }

    /// A mapping that is not stored yet: since always, by hand, both sides exclusive.
    pub fn mapping(&self, connection: ConnectionId, person: PersonId, user: &str) -> Mapping {
        Mapping {
            id: MappingId::generate(&self.seed, &self.seed),
            connection_id: connection,
            person_id: person,
            crm_user_id: CrmUserId(user.into()),
            period: Period::ALL,
            person_exclusive: true,
            crm_user_exclusive: true,
            origin: MappingOrigin::Manual,
            evidence: Vec::new(),
            created_at: self.now(),
            version: 0,
        }
    }

    /// A decision that is not stored yet and does not expire.
    pub fn decision(&self, connection: ConnectionId, kind: DecisionKind) -> Decision {
        Decision {
            id: DecisionId::generate(&self.seed, &self.seed),
            connection_id: connection,
            kind,
            reason: Some("said so".into()),
            expires_at: Timestamp::FOREVER,
            created_at: self.now(),
            version: 0,
        }
    }

    /// A connection that is not saved yet.
    pub fn connection(&self, name: &str, side: Side) -> Connection {
        connection(&self.seed, name, "fabricam", side)
    }

    /// Saves a new CRM connection.
    pub async fn connect(&self, name: &str) -> ConnectionId {
        self.connect_side(name, Side::Crm).await
    }

    /// Saves a new connection of a side.
    pub async fn connect_side(&self, name: &str, side: Side) -> ConnectionId {
        self.wait(1);
        let connection = self.connection(name, side);
        let id = connection.id;
        assert_eq!(self.save(connection).await, Saved::Done(1));
        id
    }

    /// Saves a connection as it is, without credentials.
    pub async fn save(&self, connection: Connection) -> Saved {
        let save = SaveConnection {
            connection,
            seal: Vec::new(),
            forget: Vec::new(),
            event: self.event("connection.saved"),
        };
        let saved = self.store.save_connection(self.id(), &save).await;
        saved.expect("saved")
    }

    /// Applies lines as one change set of the owner.
    pub async fn try_apply(
        &self,
        lines: Vec<ChangeLine>,
    ) -> std::result::Result<ChangeSet, ApplyError> {
        let mut unit = self.store.begin(self.id()).await?;
        let applied = unit
            .apply_change_set(&self.change_set(lines), self.now())
            .await?;
        unit.commit().await?;
        Ok(applied)
    }

    /// Applies lines that must fit.
    pub async fn apply(&self, lines: Vec<ChangeLine>) -> ChangeSet {
        self.try_apply(lines).await.expect("applied")
    }

    /// A change set of the owner, not applied yet.
    pub fn change_set(&self, lines: Vec<ChangeLine>) -> NewChangeSet {
        NewChangeSet {
            account_id: Some(self.owner.id),
            origin: ChangeSetOrigin::Portal,
            reason: Some("a test".into()),
            lines,
            undoes: None,
        }
    }

    /// Adds people by name; they come back as they are stored, in the order of the names.
    pub async fn add_people(&self, names: &[&str]) -> Vec<Person> {
        let mut people: Vec<_> = names.iter().map(|name| self.person(name)).collect();
        self.apply(people.iter().cloned().map(add_person).collect())
            .await;
        for person in &mut people {
            person.version = 1;
        }
        people
    }

    /// Adds one person.
    pub async fn add_person(&self, name: &str) -> Person {
        self.add_people(&[name]).await.remove(0)
    }

    /// Maps a person to a CRM user since always; comes back as it is stored.
    pub async fn map(&self, connection: ConnectionId, person: PersonId, user: &str) -> Mapping {
        let mut mapping = self.mapping(connection, person, user);
        self.apply(vec![ChangeLine::add_mapping(mapping.clone())])
            .await;
        mapping.version = 1;
        mapping
    }

    /// Adds a decision; comes back as it is stored.
    pub async fn decide(&self, mut decision: Decision) -> Decision {
        self.apply(vec![add_decision(decision.clone())]).await;
        decision.version = 1;
        decision
    }

    /// Asks for a run.
    pub async fn begin_run(&self, connection: ConnectionId, mode: RunMode) -> Begun {
        let new = NewRun {
            id: RunId::generate(&self.seed, &self.seed),
            connection_id: connection,
            mode,
            now: self.now(),
            lease_until: self.now().plus_seconds(60),
        };
        let begun = self.store.begin_run(self.id(), &new).await;
        begun.expect("asked")
    }

    /// Begins a run that must begin.
    pub async fn start_run(&self, connection: ConnectionId, mode: RunMode) -> Run {
        match self.begin_run(connection, mode).await {
            Begun::Started(run) => run,
            other => panic!("expected a new run, got {other:?}"),
        }
    }

    /// A page with users given by id and name; the last one when `next` is nothing.
    pub fn page(&self, run: RunId, number: u64, users: &[Pulled], next: Option<&str>) -> UserPage {
        UserPage {
            run_id: run,
            number,
            users: users.iter().map(Pulled::to_pair).collect(),
            failed: 0,
            next: next.map(Into::into),
            expected: None,
            lease_until: self.now().plus_seconds(60),
        }
    }

    /// Begins a run and stages `users` as its only page.
    pub async fn pull(&self, connection: ConnectionId, mode: RunMode, users: &[Pulled]) -> Run {
        self.wait(1);
        let run = self.start_run(connection, mode).await;
        let page = self.page(run.id, 1, users, None);
        let staged = self.store.stage_user_page(self.id(), &page).await;
        staged.expect("staged")
    }

    /// Measures and applies a run whose pages are staged.
    pub async fn finish(&self, run: RunId) -> Run {
        let mut unit = self.store.begin(self.id()).await.expect("begun");
        unit.measure_run(run).await.expect("measured");
        let run = unit
            .apply_run(run, Some(self.now()), self.now())
            .await
            .expect("applied");
        unit.commit().await.expect("committed");
        run
    }

    /// A full run from beginning to end.
    pub async fn sync(&self, connection: ConnectionId, users: &[Pulled]) -> Run {
        let run = self.pull(connection, RunMode::Full, users).await;
        self.finish(run.id).await
    }

    /// A changed-since run from beginning to end.
    pub async fn sync_changes(&self, connection: ConnectionId, users: &[Pulled]) -> Run {
        let mode = RunMode::Changed { since: self.now() };
        let run = self.pull(connection, mode, users).await;
        self.finish(run.id).await
    }

    /// A certain proposal without rivals.
    pub fn proposal(connection: ConnectionId, person: PersonId, user: &str) -> Proposal {
        Proposal {
            connection_id: connection,
            person_id: person,
            crm_user_id: CrmUserId(user.into()),
            score: 0.97,
            certain: true,
            ambiguous: false,
            evidence: Vec::new(),
            rivals: Vec::new(),
        }
    }

    /// Replaces all proposals of a connection.
    pub async fn propose(&self, connection: ConnectionId, proposals: &[Proposal]) {
        let mut unit = self.store.begin(self.id()).await.expect("begun");
        unit.replace_proposals(connection, None, proposals)
            .await
            .expect("replaced");
        unit.commit().await.expect("committed");
    }

    /// Derives all situations as of now.
    pub async fn refresh(&self) {
        self.refresh_some(None, None).await;
    }

    /// Derives some situations as of now.
    pub async fn refresh_some(
        &self,
        connection: Option<ConnectionId>,
        people: Option<&[PersonId]>,
    ) {
        let mut unit = self.store.begin(self.id()).await.expect("begun");
        unit.refresh_situations(connection, people, self.now())
            .await
            .expect("refreshed");
        unit.commit().await.expect("committed");
    }

    /// The grid's rows that fit.
    pub async fn grid(&self, query: &GridQuery) -> Vec<GridRow> {
        all(async |page| self.store.list_grid(self.id(), query, &page).await).await
    }

    /// The situation of a person in a connection.
    pub async fn situation(&self, connection: ConnectionId, person: PersonId) -> Option<Situation> {
        let rows = self.grid(&GridQuery::default()).await;
        let row = rows.into_iter().find(|row| row.person.id == person)?;
        let mut cells = row.cells.into_iter();
        let cell = cells.find(|cell| cell.connection_id == connection)?;
        Some(cell.situation)
    }
}

/// A CRM user as a page brings it.
#[derive(Debug, Clone)]
pub struct Pulled {
    /// Its id.
    pub id: CrmUserId,
    /// What the CRM says of it.
    pub profile: CrmUserProfile,
}

impl Pulled {
    /// An active user.
    pub fn new(id: &str, name: &str) -> Self {
        Self {
            id: CrmUserId(id.into()),
            profile: CrmUserProfile {
                display_name: name.into(),
                emails: vec![address(name, "crm.example")],
                ..CrmUserProfile::default()
            },
        }
    }

    /// The same user in another state.
    #[must_use]
    pub fn in_state(mut self, state: CrmUserState) -> Self {
        self.profile.state = state;
        self
    }

    fn to_pair(&self) -> (CrmUserId, CrmUserProfile) {
        (self.id.clone(), self.profile.clone())
    }
}

/// Users `u1` to `u{count}`, all active.
pub fn pulled(count: usize) -> Vec<Pulled> {
    (1..=count)
        .map(|n| Pulled::new(&format!("u{n}"), &format!("User {n:03}")))
        .collect()
}

/// Everything that stands in a new organization called `label`.
pub fn new_organization(seed: &Seed, label: &str) -> NewOrganization {
    let organization = Organization {
        id: OrganizationId::generate(seed, seed),
        name: label.into(),
        time_zone: "Europe/Berlin".into(),
        domains: vec!["people.example".into()],
        demo: false,
        created_at: seed.now(),
        data_key: WrappedKey {
            key_id: format!("key of {label}"),
            master_key_id: "master".into(),
            nonce: vec![1; 24],
            ciphertext: vec![2; 48],
        },
    };
    let account = new_account(seed, &address(label, "owners.example"));
    NewOrganization {
        membership: Some(Membership {
            organization_id: organization.id,
            account_id: account.id,
            role: Role::Owner,
            person_id: None,
        }),
        directory: connection(seed, "Directory", DIRECTORY, Side::Platform),
        account: Some(account),
        organization,
        setup_link: None,
        event: event(seed, "organization.founded"),
    }
}

/// An account that is not stored yet.
pub fn new_account(seed: &Seed, email: &str) -> Account {
    Account {
        id: AccountId::generate(seed, seed),
        email: email.into(),
        password_hash: format!("$argon2id$of {email}"),
        created_at: seed.now(),
    }
}

/// The line that adds `person`.
pub fn add_person(person: Person) -> ChangeLine {
    ChangeLine::Person {
        before: None,
        after: Some(Box::new(person)),
    }
}

/// The line that puts `after` where `before` stands.
pub fn edit_person(before: &Person, after: Person) -> ChangeLine {
    ChangeLine::Person {
        before: Some(Box::new(before.clone())),
        after: Some(Box::new(after)),
    }
}

/// The line that adds `identity`.
pub fn add_identity(identity: Identity) -> ChangeLine {
    ChangeLine::Identity {
        before: None,
        after: Some(Box::new(identity)),
    }
}

/// The line that adds `decision`.
pub fn add_decision(decision: Decision) -> ChangeLine {
    ChangeLine::Decision {
        before: None,
        after: Some(Box::new(decision)),
    }
}

/// The line that puts `after` where `before` stands.
pub fn edit_mapping(before: &Mapping, after: Mapping) -> ChangeLine {
    ChangeLine::Mapping {
        before: Some(Box::new(before.clone())),
        after: Some(Box::new(after)),
    }
}

/// Folded words of a search.
pub fn words(text: &str) -> Vec<String> {
    counterpart_model::folding::fold(text)
        .split(' ')
        .map(Into::into)
        .collect()
}

/// A whole list, read in pages of 1, 2, 3 and as many as may be: all must agree.
pub async fn all<T: PartialEq + Debug>(
    list: impl AsyncFn(PageRequest) -> Result<Page<T>>,
) -> Vec<T> {
    let whole = pages(LARGEST_PAGE, &list).await;
    for size in 1..=3 {
        assert_eq!(pages(size, &list).await, whole, "in pages of {size}");
    }
    whole
}

async fn pages<T>(size: u32, list: &impl AsyncFn(PageRequest) -> Result<Page<T>>) -> Vec<T> {
    let mut items = Vec::new();
    let mut after = None;
    for _ in 0..1_000 {
        let page = list(PageRequest::new(after, size)).await.expect("a page");
        assert!(page.items.len() <= size as usize, "a page is too long");
        assert!(
            !(page.items.is_empty() && page.next.is_some()),
            "an empty page has a next one"
        );
        items.extend(page.items);
        after = page.next;
        if after.is_none() {
            return items;
        }
    }
    panic!("the list does not end");
}

fn connection(seed: &Seed, name: &str, provider: &str, side: Side) -> Connection {
    Connection {
        id: ConnectionId::generate(seed, seed),
        name: name.into(),
        provider: provider.into(),
        side,
        environment: Environment::Production,
        settings: BTreeMap::from([("domain".into(), "fabricam.example".into())]),
        credentials: Vec::new(),
        cardinality: Cardinality::OneToOne,
        health: Health {
            state: ConnectionState::New,
            since: seed.now(),
            code: None,
            detail: None,
        },
        remote_org: None,
        created_at: seed.now(),
        synced_at: None,
        changed_since: None,
        version: 0,
    }
}

fn event(seed: &Seed, action: &str) -> AuditEvent {
    AuditEvent {
        at: seed.now(),
        account_id: None,
        action: action.into(),
        details: "a test".into(),
        salt: counterpart_model::entropy::bytes(seed),
    }
}

fn address(name: &str, domain: &str) -> String {
    let local: Vec<_> = name.split(|c: char| !c.is_alphanumeric()).collect();
    format!("{}@{domain}", local.join(".").to_lowercase())
}
