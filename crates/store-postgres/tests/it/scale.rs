//! How long the largest statements take. Run by hand:
//! `cargo nextest run -p counterpart-store-postgres --run-ignored all --no-capture scale`.

use std::time::Instant;

use counterpart_model::{
    ChangeLine, ConnectionId, CrmUserId, CrmUserProfile, PageRequest, Person, RunId, RunMode,
    Situation,
};
use counterpart_store::conformance::fixture::{World, add_person};
use counterpart_store::grid::GridQuery;
use counterpart_store::runs::UserPage;
use counterpart_store::unit_of_work::DEADLINE;

use crate::database::try_open;

const PEOPLE: usize = 10_000;
const CONNECTIONS: usize = 3;
const PAGE: usize = 200;

#[tokio::test]
#[ignore = "measures, and takes its time"]
async fn ten_thousand_people_in_three_connections() {
    let Some(opened) = try_open(DEADLINE).await else {
        return;
    };
    let world = World::found(&opened.store, "scale").await;
    let people: Vec<_> = (0..PEOPLE)
        .map(|n| {
            world.person(&format!(
                "Person {:05} Family{:04}",
                n * 7919 % PEOPLE,
                n % 1_000
            ))
        })
        .collect();
    let start = Instant::now();
    world
        .apply(people.iter().cloned().map(add_person).collect())
        .await;
    took("people added as one change set", start);
    for number in 0..CONNECTIONS {
        let connection = world.connect(&format!("CRM {number}")).await;
        fill(&world, connection, &people).await;
    }
    for what in ["first refresh", "refresh without changes"] {
        let start = Instant::now();
        world.refresh().await;
        took(what, start);
    }
    let start = Instant::now();
    world.refresh_some(None, Some(&[people[7].id])).await;
    took("refresh of one person", start);
    look(&world).await;
}

#[expect(clippy::print_stderr, reason = "the figures are what it is for")]
fn took(what: &str, since: Instant) {
    eprintln!("{what}: {:?}", since.elapsed());
}

fn user_id(n: usize) -> CrmUserId {
    CrmUserId(format!("005{n:015}"))
}

/// Pulls a user per person, maps half of them and proposes the others.
async fn fill(world: &World<'_>, connection: ConnectionId, people: &[Person]) {
    let start = Instant::now();
    let run = world.start_run(connection, RunMode::Full).await;
    stage(world, run.id, people).await;
    took("users staged in pages of 200", start);
    let start = Instant::now();
    world.finish(run.id).await;
    took("run measured and applied", start);
    let (mapped, proposed) = people.split_at(people.len() / 2);
    let start = Instant::now();
    let lines = mapped.iter().enumerate().map(|(n, person)| {
        ChangeLine::add_mapping(world.mapping(connection, person.id, &user_id(n).0))
    });
    world.apply(lines.collect()).await;
    took("half of them mapped as one change set", start);
    let start = Instant::now();
    let proposals = proposed.iter().zip(mapped.len()..);
    let proposals: Vec<_> = proposals
        .map(|(person, n)| World::proposal(connection, person.id, &user_id(n).0))
        .collect();
    world.propose(connection, &proposals).await;
    took("the others proposed", start);
}

async fn stage(world: &World<'_>, run: RunId, people: &[Person]) {
    let pages = people.chunks(PAGE).enumerate();
    for (index, chunk) in pages {
        let users = chunk.iter().enumerate().map(|(n, person)| {
            let profile = CrmUserProfile {
                display_name: person.profile.display_name.clone(),
                emails: person.profile.emails.clone(),
                ..CrmUserProfile::default()
            };
            (user_id(index * PAGE + n), profile)
        });
        let number = index as u64 + 1;
        let page = UserPage {
            run_id: run,
            number,
            users: users.collect(),
            failed: 0,
            next: ((index + 1) * PAGE < people.len()).then(|| "more".into()),
            expected: None,
            lease_until: world.now().plus_seconds(600),
        };
        let staged = world.store.stage_user_page(world.id(), &page).await;
        staged.expect("staged");
    }
}

async fn look(world: &World<'_>) {
    let words = |text: &str| GridQuery {
        words: text.split(' ').map(Into::into).collect(),
        ..GridQuery::default()
    };
    let proposed = GridQuery {
        situations: vec![Situation::Proposed],
        ..GridQuery::default()
    };
    for (what, query) in [
        ("first grid page of 50", GridQuery::default()),
        ("the same once more", GridQuery::default()),
        ("grid page, proposed only", proposed),
        ("grid page, one word", words("family0123")),
        ("grid page, two short words", words("01 fa")),
        ("grid page, nobody found", words("nobody")),
    ] {
        let start = Instant::now();
        let page = PageRequest::first(50);
        let page = world.store.list_grid(world.id(), &query, &page).await;
        let rows = page.expect("listed").items.len();
        took(&format!("{what} ({rows} rows)"), start);
    }
    let start = Instant::now();
    let counted = world.store.count_situations(world.id()).await;
    counted.expect("counted");
    took("situations counted", start);
}
