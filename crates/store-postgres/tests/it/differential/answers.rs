//! Everything that can be asked of a store, with its answer as text.

use std::fmt::Debug;

use counterpart_model::{CrmUserId, IdentityKind, Page, PageRequest, PersonId, Situation, folding};
use counterpart_store::Result;
use counterpart_store::conformance::fixture::World;
use counterpart_store::conformance::standings;
use counterpart_store::crm_users::{CrmUserQuery, CrmUserSubset};
use counterpart_store::grid::{GridOrder, GridQuery};
use counterpart_store::mappings::{MappingQuery, ProposalQuery};
use counterpart_store::people::PeopleQuery;
use counterpart_store::runs::RunChangeKind;

use super::twin::USERS;

/// A question and its answer.
type Answer = (String, String);

/// Searches: short and long words, several, odd characters, parts of ids.
const SEARCHES: [&str; 12] = [
    "",
    "a",
    "an",
    "ann",
    "lee ann",
    "204",
    "20",
    "%",
    "_y\\",
    "005a0000001abcd",
    "李",
    "zoe crm",
];

/// Every answer about an organization.
pub(super) async fn of(world: &World<'_>) -> Vec<Answer> {
    let mut answers = Vec::new();
    let people = of_people(world, &mut answers).await;
    of_connections(world, &people, &mut answers).await;
    of_mappings(world, &people, &mut answers).await;
    of_the_grid(world, &mut answers).await;
    of_changes(world, &people, &mut answers).await;
    answers
}

/// A whole list in small pages.
async fn all<T: Debug>(list: impl AsyncFn(PageRequest) -> Result<Page<T>>) -> Vec<T> {
    let mut items = Vec::new();
    let mut after = None;
    loop {
        let page = list(PageRequest::new(after, 3)).await.expect("a page");
        items.extend(page.items);
        after = page.next;
        if after.is_none() {
            return items;
        }
    }
}

fn note(answers: &mut Vec<Answer>, question: impl Into<String>, answer: &impl Debug) {
    answers.push((question.into(), format!("{answer:?}")));
}

fn words(text: &str) -> Vec<String> {
    let folded = folding::fold(text);
    folded.split_whitespace().map(Into::into).collect()
}

async fn of_people(world: &World<'_>, answers: &mut Vec<Answer>) -> Vec<PersonId> {
    let (store, id) = (world.store, world.id());
    for search in SEARCHES {
        for active in [None, Some(true), Some(false)] {
            let query = PeopleQuery {
                words: words(search),
                active,
            };
            let people = all(async |page| store.list_people(id, &query, &page).await).await;
            note(answers, format!("people {query:?}"), &people);
        }
    }
    let query = PeopleQuery::default();
    let people = all(async |page| store.list_people(id, &query, &page).await).await;
    let people: Vec<_> = people.into_iter().map(|person| person.id).collect();
    note(answers, "number of people", &store.count_people(id).await);
    let identities = store.list_identities(id, &people).await;
    note(answers, "identities", &identities);
    for value in ["200", "201"] {
        let kind = IdentityKind::Extension;
        let found = store.find_identities(id, kind, value, world.now()).await;
        note(answers, format!("who has {value}"), &found);
    }
    for external_id in ["E1", "e1", "E2"] {
        let found = store.find_person_by_external_id(id, external_id).await;
        note(answers, format!("who is {external_id}"), &found);
    }
    people
}

async fn of_connections(world: &World<'_>, people: &[PersonId], answers: &mut Vec<Answer>) {
    let (store, id) = (world.store, world.id());
    let connections = store.list_connections(id).await.expect("listed");
    note(answers, "connections", &connections);
    for connection in connections.iter().map(|connection| connection.id) {
        let count = store.count_crm_users(id, connection).await;
        note(answers, "number of CRM users", &count);
        for search in SEARCHES {
            for choice in 0..9 {
                let query = CrmUserQuery {
                    words: words(search),
                    usable_only: choice == 1,
                    people_only: choice == 2,
                    missing_only: choice == 4,
                    unmapped_at: (choice == 3).then(|| world.now()),
                    subset: match choice {
                        5 => Some(CrmUserSubset::Unusable),
                        6 => Some(CrmUserSubset::NotPeople),
                        7 => Some(CrmUserSubset::Drifted),
                        8 => Some(CrmUserSubset::Proposed),
                        _ => None,
                    },
                };
                let list = async |page| store.list_crm_users(id, connection, &query, &page).await;
                note(answers, format!("CRM users {query:?}"), &all(list).await);
            }
        }
        let runs = all(async |page| store.list_runs(id, connection, &page).await).await;
        note(answers, "runs", &runs);
        for run in runs.iter().map(|run| run.id) {
            for kind in [
                None,
                Some(RunChangeKind::Changed),
                Some(RunChangeKind::Gone),
            ] {
                let list = async |page| store.list_run_changes(id, run, kind, &page).await;
                note(
                    answers,
                    format!("changes {kind:?} of {run}"),
                    &all(list).await,
                );
            }
        }
        for person in people {
            let found = store.find_proposal(id, connection, *person).await;
            note(answers, format!("proposal for {person}"), &found);
        }
    }
}

async fn of_mappings(world: &World<'_>, people: &[PersonId], answers: &mut Vec<Answer>) {
    let (store, id) = (world.store, world.id());
    let connections = store.list_connections(id).await.expect("listed");
    let mut queries = vec![
        MappingQuery::default(),
        MappingQuery {
            at: Some(world.now()),
            ..MappingQuery::default()
        },
    ];
    queries.extend(people.iter().map(|person| MappingQuery {
        person_id: Some(*person),
        ..MappingQuery::default()
    }));
    queries.extend(USERS.iter().map(|user| MappingQuery {
        crm_user_id: Some(CrmUserId((*user).into())),
        connection_id: connections.first().map(|connection| connection.id),
        ..MappingQuery::default()
    }));
    for query in queries {
        let mappings = all(async |page| store.list_mappings(id, &query, &page).await).await;
        note(answers, format!("mappings {query:?}"), &mappings);
    }
    let narrowed = connections.iter().map(|connection| Some(connection.id));
    for connection_id in narrowed.chain([None]) {
        for certain_only in [false, true] {
            let query = ProposalQuery {
                connection_id,
                certain_only,
            };
            let list = async |page| store.list_proposals(id, &query, &page).await;
            note(answers, format!("proposals {query:?}"), &all(list).await);
        }
        let list = async |page| store.list_decisions(id, connection_id, &page).await;
        note(
            answers,
            format!("decisions {connection_id:?}"),
            &all(list).await,
        );
    }
    for person in people {
        let mut decisions = store.decisions_about(id, *person).await.expect("listed");
        decisions.sort_by_key(|decision| decision.id);
        note(answers, format!("decisions about {person}"), &decisions);
    }
}

async fn of_the_grid(world: &World<'_>, answers: &mut Vec<Answer>) {
    let (store, id) = (world.store, world.id());
    let connections = store.list_connections(id).await.expect("listed");
    let choices: [&[Situation]; 4] = [
        &[],
        &[Situation::Mapped, Situation::Drifted],
        &[Situation::Unmapped],
        &[
            Situation::Proposed,
            Situation::Ambiguous,
            Situation::Ignored,
        ],
    ];
    let narrowed = connections.iter().map(|connection| Some(connection.id));
    for connection_id in narrowed.chain([None]) {
        for situations in choices {
            for search in SEARCHES {
                // All searches without conditions, some with.
                if !(situations.is_empty() || search.len() < 2) {
                    continue;
                }
                let query = GridQuery {
                    words: words(search),
                    situations: situations.to_vec(),
                    connection_id,
                    // Every other one in the other order.
                    order: GridOrder::ALL[search.len() % 2],
                    ..GridQuery::default()
                };
                let rows = all(async |page| store.list_grid(id, &query, &page).await).await;
                note(answers, format!("grid {query:?}"), &rows);
            }
        }
    }
    note(
        answers,
        "departments",
        &store.list_departments(id, 100).await,
    );
    note(answers, "standings", &store.standings(id).await);
    standings::expect_sums(world).await;
}

async fn of_changes(world: &World<'_>, people: &[PersonId], answers: &mut Vec<Answer>) {
    let (store, id, account) = (world.store, world.id(), world.owner.id);
    let sets = all(async |page| store.list_change_sets(id, &page).await).await;
    note(answers, "change sets", &sets);
    for person in people {
        let list = async |page| store.change_sets_about(id, *person, &page).await;
        note(
            answers,
            format!("change sets about {person}"),
            &all(list).await,
        );
    }
    for set in &sets {
        let list = async |page| store.list_change_lines(id, set.number, &page).await;
        note(
            answers,
            format!("lines of {}", set.number),
            &all(list).await,
        );
    }
    let audit = all(async |page| store.list_audit(id, &page).await).await;
    note(answers, "audit", &audit);
    let events = store.list_events(id, 0, 1_000).await;
    note(answers, "events", &events.expect("listed"));
    let drafts = all(async |page| store.list_drafts(id, account, &page).await).await;
    note(answers, "drafts", &drafts);
    note(
        answers,
        "number of drafts",
        &store.count_drafts(id, account).await,
    );
    let mut about = store
        .drafts_about(id, account, people)
        .await
        .expect("listed");
    about.sort_by_key(|draft| (draft.connection_id, draft.person_id));
    note(answers, "drafts about people", &about);
    note(answers, "members", &store.list_members(id).await);
}
