//! The law of the file: what is exported, wiped and applied is exported as the same bytes, and
//! so is what is applied and undone, on both databases.

use std::sync::Arc;

use counterpart_model::{
    ChangeLine, ChangeSetOrigin, Decision, DecisionId, DecisionKind, Mapping, MappingId,
    MappingOrigin, NewChangeSet, PageRequest, Period, Timestamp,
};
use counterpart_store::Store;
use counterpart_store::mappings::MappingQuery;
use counterpart_store_postgres::{PostgresOptions, PostgresStore, schema_fingerprint};
use counterpart_test_postgres::TestDatabase;
use proptest::prelude::{Strategy, any, prop};
use proptest::test_runner::{Config, TestRunner};
use tokio::runtime::Runtime;
use uuid::Uuid;

use super::Scene;
use crate::world::World;

/// A mapping: connection, person, user, beginning, length, both sides' exclusivity, origin.
type AnyMapping = (usize, usize, usize, i64, i64, bool, bool, usize);
/// A decision: connection, kind, person, user, reason, end.
type AnyDecision = (usize, usize, usize, usize, Option<String>, Option<i64>);

#[derive(Debug, Clone)]
struct State {
    mappings: Vec<AnyMapping>,
    decisions: Vec<AnyDecision>,
}

fn state() -> impl Strategy<Value = State> {
    let mapping = (
        0..2_usize,
        0..5_usize,
        0..4_usize,
        -1..4_i64,
        1..5_i64,
        any::<bool>(),
        any::<bool>(),
        0..4_usize,
    );
    // A database's text has no zero bytes.
    let reason = prop::option::of("[^\\x00]{0,12}");
    let decision = (
        0..2_usize,
        0..4_usize,
        0..5_usize,
        0..4_usize,
        reason,
        prop::option::of(0..9_i64),
    );
    (
        prop::collection::vec(mapping, 0..14),
        prop::collection::vec(decision, 0..8),
    )
        .prop_map(|(mappings, decisions)| State {
            mappings,
            decisions,
        })
}

const DAY: i64 = 86_400_000_000;

fn day(number: i64) -> Timestamp {
    Timestamp::from_micros(1_780_000_000_000_001 + number * DAY)
}

impl Scene {
    /// An id that no other has: the test's clock never shows an instant twice.
    fn new_id(&self) -> Uuid {
        let micros = self.world.service.now().as_micros();
        Uuid::from_u128(u128::from(micros.unsigned_abs()))
    }

    /// What there would be in a state: of mappings that clash the first.
    fn things_of(&self, state: &State) -> Vec<ChangeLine> {
        let mut mappings: Vec<Mapping> = Vec::new();
        for (connection, person, user, from, days, alone, own, origin) in &state.mappings {
            let (connection, users) = &self.connections[*connection];
            let from = match from {
                -1 => Timestamp::ALWAYS,
                from => day(*from),
            };
            let to = match days {
                4 => Timestamp::FOREVER,
                days => day(4 + days),
            };
            let mapping = Mapping {
                id: MappingId::from(self.new_id()),
                connection_id: connection.id,
                person_id: self.people[*person].id,
                crm_user_id: users[*user].id.clone(),
                period: Period::new(from, to).expect("ordered"),
                person_exclusive: *alone,
                crm_user_exclusive: *own,
                origin: [
                    MappingOrigin::Manual,
                    MappingOrigin::Proposal,
                    MappingOrigin::Import,
                    MappingOrigin::Provisioned,
                ][*origin],
                evidence: Vec::new(),
                witness: None,
                created_at: day(0),
                version: 1,
            };
            // A pair stands once at a time: a second one would say nothing.
            let stands = mappings.iter().any(|other| {
                other.clashes_with(&mapping)
                    || (other.connection_id == mapping.connection_id
                        && other.person_id == mapping.person_id
                        && other.crm_user_id == mapping.crm_user_id
                        && other.period.overlaps(&mapping.period))
            });
            if !stands {
                mappings.push(mapping);
            }
        }
        let lines = mappings.into_iter().map(ChangeLine::add_mapping);
        lines.chain(self.decisions_of(state)).collect()
    }

    fn decisions_of(&self, state: &State) -> Vec<ChangeLine> {
        let mut decisions: Vec<Decision> = Vec::new();
        for (connection, kind, person, user, reason, end) in &state.decisions {
            let (connection, users) = &self.connections[*connection];
            let person_id = self.people[*person].id;
            let crm_user_id = users[*user].id.clone();
            let kind = match kind {
                0 => DecisionKind::NotThisPair {
                    person_id,
                    crm_user_id,
                },
                1 => DecisionKind::NoAccount { person_id },
                2 => DecisionKind::NotAPerson { crm_user_id },
                _ => DecisionKind::SharedSeat { crm_user_id },
            };
            let known = |it: &Decision| it.connection_id == connection.id && it.kind == kind;
            if decisions.iter().any(known) {
                continue;
            }
            decisions.push(Decision {
                id: DecisionId::from(self.new_id()),
                connection_id: connection.id,
                kind,
                reason: reason.clone(),
                expires_at: end.map_or(Timestamp::FOREVER, day),
                created_at: day(0),
                version: 1,
            });
        }
        let lines = decisions.into_iter().map(|decision| ChangeLine::Decision {
            before: None,
            after: Some(Box::new(decision)),
        });
        lines.collect()
    }

    /// Takes everything away and puts `things` there.
    async fn become_(&self, things: Vec<ChangeLine>) {
        let organization = self.world.organization.id;
        let page = PageRequest::first(1_000);
        let query = MappingQuery::default();
        let mappings = self.world.store.list_mappings(organization, &query, &page);
        let decisions = self.world.store.list_decisions(organization, None, &page);
        let mappings = mappings.await.expect("mappings").items;
        let decisions = decisions.await.expect("decisions").items;
        let mut lines: Vec<ChangeLine> = mappings
            .into_iter()
            .map(ChangeLine::remove_mapping)
            .collect();
        lines.extend(decisions.into_iter().map(|it| ChangeLine::Decision {
            before: Some(Box::new(it)),
            after: None,
        }));
        lines.extend(things);
        if !lines.is_empty() {
            self.put(lines).await;
        }
    }

    async fn put(&self, lines: Vec<ChangeLine>) {
        let new = NewChangeSet {
            account_id: None,
            origin: ChangeSetOrigin::Cli,
            reason: None,
            lines,
            undoes: None,
        };
        let organization = self.world.organization.id;
        let mut work = self.world.store.begin(organization).await.expect("a unit");
        let applied = work.apply_change_set(&new, self.world.service.now()).await;
        applied.expect("applied");
        work.commit().await.expect("committed");
    }

    /// Puts a change set's lines there the other way round.
    async fn undo(&self, number: u64) {
        let page = PageRequest::first(1_000);
        let organization = self.world.organization.id;
        let lines = self
            .world
            .store
            .list_change_lines(organization, number, &page);
        let lines = lines.await.expect("lines").items;
        self.put(lines.into_iter().map(ChangeLine::reversed).collect())
            .await;
    }

    async fn obeys(&self, first: &State, second: &State) {
        self.become_(self.things_of(first)).await;
        let exported = self.export().await;
        let plan = self.plan(&exported).await;
        assert_eq!(
            (plan.problems, plan.changes),
            (vec![], vec![]),
            "{exported}"
        );

        self.become_(Vec::new()).await;
        self.apply(&exported).await;
        assert_eq!(self.export().await, exported, "wiped and applied");

        self.become_(self.things_of(second)).await;
        let other = self.export().await;
        let applied = self.apply(&exported).await;
        assert_eq!(self.export().await, exported, "applied to something else");
        if let Some(applied) = applied {
            self.undo(applied.number).await;
        }
        assert_eq!(self.export().await, other, "applied and undone");
    }
}

fn holds_on(runtime: &Runtime, scene: &Scene) {
    let config = Config {
        cases: 12,
        failure_persistence: None,
        ..Config::default()
    };
    TestRunner::new(config)
        .run(&(state(), state()), |(first, second)| {
            runtime.block_on(scene.obeys(&first, &second));
            Ok(())
        })
        .expect("the law holds");
}

#[test]
fn an_export_that_is_wiped_and_applied_or_undone_comes_back_byte_by_byte_on_sqlite() {
    let runtime = Runtime::new().expect("a runtime");
    let scene = runtime.block_on(Scene::new());
    holds_on(&runtime, &scene);
}

#[test]
fn an_export_that_is_wiped_and_applied_or_undone_comes_back_byte_by_byte_on_postgresql() {
    let runtime = Runtime::new().expect("a runtime");
    let label = format!("schema {:016x}", schema_fingerprint());
    let database = runtime.block_on(TestDatabase::create(&label, async |url| {
        let options = PostgresOptions::default();
        let migrated = PostgresStore::migrate(&url, &options).await;
        migrated.expect("migrated");
    }));
    let Some(database) = database else {
        return;
    };
    let scene = runtime.block_on(async {
        let options = PostgresOptions {
            connections: 4,
            ..PostgresOptions::default()
        };
        let store = PostgresStore::connect(database.url(), options).await;
        let store: Arc<dyn Store> = Arc::new(store.expect("a store"));
        let folder = tempfile::tempdir().expect("a folder");
        Scene::in_world(World::on(store, folder).await).await
    });
    holds_on(&runtime, &scene);
}
