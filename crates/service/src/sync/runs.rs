//! Looking at runs.

use counterpart_model::{
    Code, ConnectionId, Page, PageRequest, Run, RunId, RunMode, RunState, Timestamp,
};
use counterpart_store::runs::{RunChange, RunChangeKind};

use crate::{Actor, Error, Result, Service};

impl Service {
    /// A connection's runs, newest first.
    pub async fn list_runs(
        &self,
        actor: &Actor,
        connection: ConnectionId,
        page: &PageRequest,
    ) -> Result<Page<Run>> {
        self.connection(actor, connection).await?;
        Ok(self
            .store()
            .list_runs(actor.organization(), connection, page)
            .await?)
    }

    /// The run of an id.
    pub async fn run(&self, actor: &Actor, id: RunId) -> Result<Run> {
        self.store()
            .find_run(actor.organization(), id)
            .await?
            .ok_or_else(|| Error::new(Code::RequestNotFound, format!("there is no run {id}")))
    }

    /// What a run changed, or would change, row by row.
    pub async fn run_changes(
        &self,
        actor: &Actor,
        id: RunId,
        kind: Option<RunChangeKind>,
        page: &PageRequest,
    ) -> Result<Page<RunChange>> {
        self.run(actor, id).await?;
        Ok(self
            .store()
            .list_run_changes(actor.organization(), id, kind, page)
            .await?)
    }

    /// When every user of a connection was last asked for by a list that can be believed, among
    /// its newest runs.
    pub(super) async fn last_full(
        &self,
        actor: &Actor,
        connection: ConnectionId,
    ) -> Result<Option<Timestamp>> {
        let newest = PageRequest::first(200);
        let runs = self
            .store()
            .list_runs(actor.organization(), connection, &newest)
            .await?;
        Ok(runs
            .items
            .into_iter()
            .find(|run| {
                run.state == RunState::Complete
                    && run.mode == RunMode::Full
                    && run.report.found == 0
            })
            .map(|run| run.started_at))
    }
}
