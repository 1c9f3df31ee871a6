//! A large organization, written through the store.

use counterpart_emulators::{Person as Human, platform_directory};
use counterpart_model::{
    ChangeLine, ConnectionId, CrmUserId, CrmUserProfile, IdentityKind, OrganizationId, Period,
    Person, PersonId, PersonProfile, Proposal, RunMode, Side,
};
use counterpart_store::Store;
use counterpart_store::conformance::fixture::{World, add_identity, add_person};
use counterpart_store::runs::UserPage;

/// How many lines a change set has: few enough for a unit of work's deadline anywhere.
const LINES: usize = 5_000;
/// How many users a page of a pull has.
const PAGE: usize = 2_000;
/// From what the people are made.
const SEED: u64 = 5;
/// How many different searches are made.
const SEARCHES: usize = 400;

/// How large the organization is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Size {
    pub(crate) people: usize,
    pub(crate) connections: usize,
}

impl Size {
    /// What `PEOPLE` and `CONNECTIONS` of the environment say; 100,000 and 10 otherwise.
    pub(crate) fn asked() -> Self {
        let read = |name: &str, usual: usize| match std::env::var(name) {
            Ok(text) if !text.is_empty() => text.parse().expect("a number"),
            _ => usual,
        };
        Self {
            people: read("PEOPLE", 100_000),
            connections: read("CONNECTIONS", 10),
        }
    }
}

/// What was written.
pub(crate) struct Filled {
    pub(crate) organization: OrganizationId,
    /// Whether it was there already, with its account.
    pub(crate) known: bool,
    pub(crate) searches: Vec<String>,
}

/// Writes people, and in each connection a user for each of them: 96 of 100 mapped, two proposed,
/// one among several, one unknown.
pub(crate) async fn fill(store: &dyn Store, size: Size, providers: &[String]) -> Filled {
    let humans = platform_directory(SEED, size.people);
    if let Some(there) = store.list_organizations().await.expect("listed").first() {
        return Filled {
            organization: there.id,
            known: true,
            searches: searches(&humans),
        };
    }
    let world = World::found(store, "Fabrikam").await;
    let people: Vec<Person> = humans.iter().map(|human| person(&world, human)).collect();
    for some in people.chunks(LINES) {
        world
            .apply(some.iter().cloned().map(add_person).collect())
            .await;
    }
    let extensions: Vec<ChangeLine> = humans
        .iter()
        .zip(&people)
        .filter_map(|(human, person)| Some((human.extension.as_ref()?, person.id)))
        .enumerate()
        .map(|(at, (_, person))| {
            // An extension belongs to one person, and a large house has long ones.
            let number = format!("{}", 200_000 + at);
            let directory = world.directory.id;
            let kind = IdentityKind::Extension;
            add_identity(world.identity(person, directory, kind, &number, Period::ALL))
        })
        .collect();
    for some in extensions.chunks(LINES) {
        world.apply(some.to_vec()).await;
    }
    for (at, provider) in providers.iter().cycle().take(size.connections).enumerate() {
        let mut connection = world.connection(&format!("CRM {}", at + 1), Side::Crm);
        connection.provider.clone_from(provider);
        let id = connection.id;
        world.wait(1);
        world.save(connection).await;
        pull(&world, id, at, &humans).await;
        map(&world, id, at, &people).await;
        world.refresh_some(Some(id), None).await;
    }
    Filled {
        organization: world.id(),
        known: false,
        searches: searches(&humans),
    }
}

fn person(world: &World<'_>, human: &Human) -> Person {
    let mut person = world.person(&human.display_name);
    person.external_id = Some(human.external_id.clone());
    person.profile = PersonProfile {
        display_name: human.display_name.clone(),
        given_name: Some(human.given.clone()),
        family_name: Some(human.family.clone()),
        emails: vec![human.email.clone()],
        phones: human.phone.iter().cloned().collect(),
        department: Some(human.department.clone()),
        title: Some(human.title.clone()),
        ..PersonProfile::default()
    };
    person
}

/// The id of somebody's user in a connection, as long as such ids are.
fn user_id(connection: usize, person: usize) -> CrmUserId {
    CrmUserId(format!("005{connection:03}{person:012}"))
}

/// Pulls everybody as users of a connection.
async fn pull(world: &World<'_>, id: ConnectionId, connection: usize, humans: &[Human]) {
    let run = world.start_run(id, RunMode::Full).await;
    let pages = humans.len().div_ceil(PAGE);
    for (number, some) in humans.chunks(PAGE).enumerate() {
        let users = some.iter().enumerate().map(|(at, human)| {
            let profile = CrmUserProfile {
                display_name: human.display_name.clone(),
                given_name: Some(human.given.clone()),
                family_name: Some(human.family.clone()),
                emails: vec![human.email.clone()],
                username: Some(format!("{}.crm{connection}", human.email)),
                ..CrmUserProfile::default()
            };
            (user_id(connection, number * PAGE + at), profile)
        });
        let page = UserPage {
            run_id: run.id,
            number: number as u64 + 1,
            users: users.collect(),
            failed: 0,
            next: (number + 1 < pages).then(|| "more".to_owned()),
            expected: None,
            lease_until: world.now().plus_seconds(3_600),
        };
        let staged = world.store.stage_user_page(world.id(), page).await;
        staged.expect("staged");
    }
    world.finish(run.id).await;
}

/// Maps and proposes.
async fn map(world: &World<'_>, id: ConnectionId, connection: usize, people: &[Person]) {
    let mut lines = Vec::new();
    let mut proposals = Vec::new();
    for (at, person) in people.iter().enumerate() {
        let user = user_id(connection, at);
        match (at + connection) % 100 {
            0 => {}
            1 => proposals.push(unclear(id, person.id, &user)),
            2 | 3 => proposals.push(World::proposal(id, person.id, &user.0)),
            _ => lines.push(ChangeLine::add_mapping(
                world.mapping(id, person.id, &user.0),
            )),
        }
    }
    for some in lines.chunks(LINES) {
        world.apply(some.to_vec()).await;
    }
    world.propose(id, &proposals).await;
}

fn unclear(connection: ConnectionId, person: PersonId, user: &CrmUserId) -> Proposal {
    Proposal {
        certain: false,
        ambiguous: true,
        ..World::proposal(connection, person, &user.0)
    }
}

/// What people type: names, parts of them, addresses, ids, and what does not exist.
fn searches(humans: &[Human]) -> Vec<String> {
    let step = (humans.len() / SEARCHES).max(1);
    humans
        .iter()
        .enumerate()
        .step_by(step)
        .map(|(at, human)| {
            let family = &human.family;
            let given = &human.given;
            match (at / step) % 10 {
                0 => human.display_name.clone(),
                1 => family.clone(),
                2 => given.clone(),
                3 => human.email.clone(),
                4 => human.email.split('@').next().unwrap_or_default().to_owned(),
                5 => user_id(at % 10, at).0,
                6 => family.chars().take(4).collect(),
                7 => given.chars().take(2).collect(),
                8 => format!("{given} {}", family.chars().take(3).collect::<String>()),
                _ => format!("nobody {at}"),
            }
        })
        .collect()
}
