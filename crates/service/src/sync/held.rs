//! Runs that wait for somebody's word.

use counterpart_model::{Connection, ConnectionState, PageRequest, Run, RunState};
use counterpart_store::runs::RunChangeKind;

use crate::{Actor, Result, Service};

/// How many names stand beside a held run.
const NAMES: u32 = 5;

/// A run that a brake held, with what is needed to decide.
#[derive(Debug, Clone)]
pub struct HeldRun {
    /// The run.
    pub run: Run,
    /// Of which connection.
    pub connection: Connection,
    /// How many CRM users it would take away: missing, gone or deactivated.
    pub takes_away: u64,
    /// The names of the first of them.
    pub names: Vec<String>,
}

impl Service {
    /// The runs of the actor's organization that wait for somebody's word, by the time of their
    /// connections' making.
    pub async fn held_runs(&self, actor: &Actor) -> Result<Vec<HeldRun>> {
        let mut held = Vec::new();
        for connection in self.list_connections(actor).await? {
            if connection.health.state != ConnectionState::Held {
                continue;
            }
            if let Some(run) = self.newest_held(actor, &connection).await? {
                held.push(self.describe_held(actor, connection, run).await?);
            }
        }
        Ok(held)
    }

    /// The held run of a connection; the newest run is the only one that can be.
    pub(super) async fn newest_held(
        &self,
        actor: &Actor,
        connection: &Connection,
    ) -> Result<Option<Run>> {
        let newest = PageRequest::first(1);
        let runs = self
            .store()
            .list_runs(actor.organization(), connection.id, &newest)
            .await?;
        let mut runs = runs.items.into_iter();
        Ok(runs.find(|run| run.state == RunState::Held))
    }

    /// A held run with whom it would take away.
    pub async fn describe_held(
        &self,
        actor: &Actor,
        connection: Connection,
        run: Run,
    ) -> Result<HeldRun> {
        let mut names: Vec<String> = Vec::new();
        for kind in [
            RunChangeKind::Missing,
            RunChangeKind::Gone,
            RunChangeKind::Deactivated,
        ] {
            let Ok(wanted @ 1..) = u32::try_from(NAMES as usize - names.len()) else {
                break;
            };
            let first = PageRequest::first(wanted);
            let changes = self
                .run_changes(actor, run.id, Some(kind), &first)
                .await?
                .items;
            names.extend(changes.into_iter().map(|change| match change.before {
                Some(before) if !before.display_name.is_empty() => before.display_name,
                _ => change.crm_user_id.0,
            }));
        }
        Ok(HeldRun {
            takes_away: run.report.missing + run.report.gone + run.report.deactivated,
            connection,
            names,
            run,
        })
    }
}
