//! A phone system whose users are the people: added once, kept up to date, never taken for
//! somebody else.

use counterpart_emulators::{NewUser, Running, UserChange};
use counterpart_model::{Identity, IdentityKind, PageRequest, Person};
use counterpart_service::sync::SyncMode;

use crate::world::{World, emulator};

/// The emulated platform whose users are people.
const PLATFORM: &str = "3cx";

struct House {
    world: World,
    emulator: Running,
    connection: counterpart_model::Connection,
}

impl House {
    async fn new(people: usize) -> Self {
        let world = World::new().await;
        let emulator = emulator(PLATFORM, people).await;
        let connection = world.connect(&emulator).await;
        Self {
            world,
            emulator,
            connection,
        }
    }

    async fn sync(&self) {
        self.world.clock.advance(60);
        self.world
            .service
            .sync(&self.world.owner, self.connection.id, SyncMode::Full)
            .await
            .expect("a sync");
    }

    async fn people(&self) -> Vec<Person> {
        let page = PageRequest::first(1_000);
        let service = &self.world.service;
        let found = service.list_people(&self.world.owner, "", None, &page);
        found.await.expect("people").0.items
    }

    /// Every handle of a person in the platform, past ones too.
    async fn identities(&self, person: &Person) -> Vec<Identity> {
        let service = &self.world.service;
        let view = service.person_view(&self.world.owner, person.id).await;
        let all = view.expect("a person").identities.into_iter();
        all.filter(|it| it.connection_id == self.connection.id)
            .collect()
    }

    /// What a person is called in the platform now: kinds and values.
    async fn handles(&self, person: &Person) -> Vec<(IdentityKind, String)> {
        let now = counterpart_model::Clock::now(self.world.clock.as_ref());
        let all = self.identities(person).await.into_iter();
        all.filter(|it| it.period.contains(now))
            .map(|it| (it.kind, it.value))
            .collect()
    }

    async fn named(&self, family: &str) -> Person {
        let people = self.people().await;
        let found = people
            .into_iter()
            .find(|person| person.profile.display_name.contains(family));
        found.unwrap_or_else(|| panic!("nobody is called {family}"))
    }
}

#[tokio::test]
async fn everybody_of_the_platform_becomes_a_person_once() {
    let house = House::new(30).await;
    house.sync().await;
    let people = house.people().await;
    assert!(people.len() >= 28, "{} people", people.len());
    let first = &people[0];
    let kinds: Vec<_> = house.handles(first).await;
    for kind in [IdentityKind::PlatformUser, IdentityKind::Extension] {
        assert!(kinds.iter().any(|(own, _)| *own == kind), "{kinds:?}");
    }
    house.sync().await;
    assert_eq!(house.people().await.len(), people.len(), "nobody twice");
}

#[tokio::test]
async fn who_is_there_already_is_tied_by_the_address_and_not_added() {
    let house = House::new(30).await;
    house.world.add_people(1, 30).await;
    let before = house.people().await.len();
    house.sync().await;
    let after = house.people().await;
    assert!(
        after.len() <= before + 3,
        "{} people instead of {before}",
        after.len()
    );
    let mut tied = 0;
    for person in &after {
        tied += usize::from(!house.handles(person).await.is_empty());
    }
    assert!(tied > before * 8 / 10, "{tied} of {before} are tied");
}

#[tokio::test]
async fn a_new_extension_is_theirs_from_then_on_and_the_old_one_until_then() {
    let house = House::new(10).await;
    let control = house.emulator.control();
    let user = NewUser {
        extension: Some("7777".to_owned()),
        ..NewUser::person("Nora", "Newcomer", "nora.newcomer@example.com")
    };
    let user = control.add_user(user).expect("added");
    house.sync().await;
    let person = house.named("Newcomer").await;
    let extension = |handles: &[(IdentityKind, String)]| {
        let own = handles
            .iter()
            .find(|(kind, _)| *kind == IdentityKind::Extension);
        own.map(|(_, value)| value.clone())
    };
    let before = house.handles(&person).await;
    assert_eq!(extension(&before).as_deref(), Some("7777"));
    let change = UserChange {
        extension: Some("8888".to_owned()),
        family: Some("Married".to_owned()),
        ..UserChange::default()
    };
    control.update_user(&user.id, change).expect("changed");
    house.sync().await;
    let same = house.named("Married").await;
    assert_eq!(same.id, person.id, "the platform's id says who it is");
    assert_eq!(
        extension(&house.handles(&same).await).as_deref(),
        Some("8888")
    );
    let all = house.identities(&same).await;
    assert!(
        all.iter().any(|it| it.is(IdentityKind::Extension, "7777")),
        "what was theirs is kept"
    );
}

#[tokio::test]
async fn whoever_is_switched_off_there_works_here_no_longer() {
    let house = House::new(10).await;
    let control = house.emulator.control();
    let user = NewUser::person("Leo", "Leaver", "leo.leaver@example.com");
    let user = control.add_user(user).expect("added");
    house.sync().await;
    assert!(house.named("Leaver").await.active);
    control.deactivate(&user.id).expect("deactivated");
    house.sync().await;
    let gone = house.named("Leaver").await;
    assert!(!gone.active);
    assert_eq!(house.handles(&gone).await, []);
}
