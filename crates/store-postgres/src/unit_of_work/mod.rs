//! The unit of work: a transaction that is alone in its organization, with a deadline.

mod change_set;
mod drift;
mod evaluations;
mod inconsistencies;
mod mappings;
mod matching_settings;
mod people;
mod proposals;
mod run_end;
mod situations;
mod standings;

use std::num::NonZeroU32;
use std::sync::Arc;

use async_trait::async_trait;
use counterpart_model::audit::AuditEvent;
use counterpart_model::run::RunFailure;
use counterpart_model::{
    AccountId, ChangeSet, ConnectionId, Drift, Inconsistency, NewChangeSet, NewEvent, NewPending,
    OrganizationId, PendingChangeSet, PendingEnding, PendingState, PersonId, Proposal, Run, RunId,
    RunReport, Timestamp,
};
use counterpart_store::evaluations::Evaluated;
use counterpart_store::runs::Absence;
use counterpart_store::unit_of_work::Concerning;
use counterpart_store::{ApplyError, Result, StoreError, UnitOfWork};
use tokio::sync::{Mutex, OwnedMutexGuard};
use tokio::task::AbortHandle;
use tokio::time::{Instant, sleep_until, timeout_at};
use tokio_postgres::Client;

use crate::params::params;
use crate::transaction::{Transaction, Turn, append_audit};
use crate::{PostgresStore, events, organizations, pending, sql};

/// A unit of work on PostgreSQL.
pub(crate) struct PostgresUnit {
    organization: OrganizationId,
    deadline: Instant,
    /// `None` once the deadline has passed.
    open: Arc<Mutex<Option<Open>>>,
    watch: AbortHandle,
}

/// What is open until the unit ends.
struct Open {
    transaction: Transaction,
    /// Whether everything so far has worked. The server would answer a commit of a transaction
    /// in which something failed as if it were one, and roll it back.
    whole: bool,
    /// Given back after the transaction has ended: fields are dropped in order.
    _turn: Turn,
}

/// The use of a unit by one call.
struct Call(OwnedMutexGuard<Option<Open>>);

impl Call {
    fn client(&self) -> Result<&Client> {
        match &*self.0 {
            Some(open) => Ok(&open.transaction),
            None => Err(too_late()),
        }
    }

    /// Notes how the call ended. One that is dropped before has failed.
    fn end<T, E>(mut self, result: std::result::Result<T, E>) -> std::result::Result<T, E> {
        if let Some(open) = &mut *self.0 {
            open.whole = result.is_ok();
        }
        result
    }
}

fn too_late() -> StoreError {
    StoreError::Busy("the unit of work took too long and was undone; try again".into())
}

impl PostgresUnit {
    /// Opens a unit of work, as soon as no other is open in the organization.
    pub(crate) async fn begin(store: &PostgresStore, organization: OrganizationId) -> Result<Self> {
        let (transaction, turn) = store.exclusive(organization).await?;
        let deadline = Instant::now() + store.options.deadline;
        let open = Arc::new(Mutex::new(Some(Open {
            transaction,
            whole: true,
            _turn: turn,
        })));
        let watched = Arc::downgrade(&open);
        let watch = tokio::spawn(async move {
            sleep_until(deadline).await;
            if let Some(open) = watched.upgrade() {
                open.lock().await.take();
            }
        });
        Ok(Self {
            organization,
            deadline,
            open,
            watch: watch.abort_handle(),
        })
    }

    async fn call(&self) -> Result<Call> {
        let mut guard = Arc::clone(&self.open).lock_owned().await;
        match &mut *guard {
            None => Err(too_late()),
            Some(open) if !open.whole => Err(StoreError::Misuse(
                "something failed in the unit of work; it can only be dropped".into(),
            )),
            Some(open) => {
                open.whole = false;
                Ok(Call(guard))
            }
        }
    }

    /// Waits for `work`, at most until the deadline.
    async fn in_time<T, E: From<StoreError>>(
        &self,
        work: impl Future<Output = std::result::Result<T, E>>,
    ) -> std::result::Result<T, E> {
        match timeout_at(self.deadline, work).await {
            Ok(result) => result,
            Err(_) => Err(too_late().into()),
        }
    }
}

impl Drop for PostgresUnit {
    fn drop(&mut self) {
        self.watch.abort();
    }
}

#[async_trait]
impl UnitOfWork for PostgresUnit {
    async fn apply_change_set(
        &mut self,
        new: &NewChangeSet,
        now: Timestamp,
    ) -> std::result::Result<ChangeSet, ApplyError> {
        let call = self.call().await?;
        let work = change_set::apply(call.client()?, self.organization, new, now);
        let result = self.in_time(work).await;
        call.end(result)
    }

    async fn replace_proposals(
        &mut self,
        connection: ConnectionId,
        people: Option<&[PersonId]>,
        proposals: &[Proposal],
    ) -> Result<()> {
        let call = self.call().await?;
        let client = call.client()?;
        let work = proposals::replace(client, self.organization, connection, people, proposals);
        let result = self.in_time(work).await;
        call.end(result)
    }

    async fn withdraw_proposals(
        &mut self,
        connection: ConnectionId,
        concerning: Option<Concerning<'_>>,
        now: Timestamp,
    ) -> Result<Vec<PersonId>> {
        let call = self.call().await?;
        let client = call.client()?;
        let work = evaluations::withdraw(client, self.organization, connection, concerning, now);
        let result = self.in_time(work).await;
        call.end(result)
    }

    async fn doubt_proposals(&mut self, connection: ConnectionId) -> Result<Vec<PersonId>> {
        let call = self.call().await?;
        let work = evaluations::doubt(call.client()?, self.organization, connection);
        let result = self.in_time(work).await;
        call.end(result)
    }

    async fn note_change(&mut self, connections: &[ConnectionId], now: Timestamp) -> Result<()> {
        let call = self.call().await?;
        let work = evaluations::note_change(call.client()?, self.organization, connections, now);
        let result = self.in_time(work).await;
        call.end(result)
    }

    async fn note_evaluation(&mut self, connection: ConnectionId, done: Evaluated) -> Result<()> {
        let call = self.call().await?;
        let client = call.client()?;
        let work = evaluations::note_evaluation(client, self.organization, connection, done);
        let result = self.in_time(work).await;
        call.end(result)
    }

    async fn replace_drift(
        &mut self,
        connection: ConnectionId,
        people: Option<&[PersonId]>,
        drift: &[Drift],
    ) -> Result<()> {
        let call = self.call().await?;
        let client = call.client()?;
        let work = drift::replace(client, self.organization, connection, people, drift);
        let result = self.in_time(work).await;
        call.end(result)
    }

    async fn replace_inconsistencies(
        &mut self,
        connection: ConnectionId,
        people: Option<&[PersonId]>,
        found: &[Inconsistency],
    ) -> Result<()> {
        let call = self.call().await?;
        let client = call.client()?;
        let work = inconsistencies::replace(client, self.organization, connection, people, found);
        let result = self.in_time(work).await;
        call.end(result)
    }

    async fn refresh_situations(
        &mut self,
        connection: Option<ConnectionId>,
        people: Option<&[PersonId]>,
        now: Timestamp,
    ) -> Result<()> {
        let call = self.call().await?;
        let work = situations::refresh(call.client()?, self.organization, connection, people, now);
        let result = self.in_time(work).await;
        call.end(result)
    }

    async fn measure_run(&mut self, id: RunId, absence: Absence) -> Result<RunReport> {
        let call = self.call().await?;
        let result = self
            .in_time(run_end::measure(
                call.client()?,
                self.organization,
                id,
                absence,
            ))
            .await;
        call.end(result)
    }

    async fn lost_since(&mut self, connection: ConnectionId, since: Timestamp) -> Result<u64> {
        let call = self.call().await?;
        let work = run_end::lost_since(call.client()?, self.organization, connection, since);
        let result = self.in_time(work).await;
        call.end(result)
    }

    async fn apply_run(
        &mut self,
        id: RunId,
        changed_since: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<Run> {
        let call = self.call().await?;
        let work = run_end::apply(call.client()?, self.organization, id, changed_since, now);
        let result = self.in_time(work).await;
        call.end(result)
    }

    async fn hold_run(
        &mut self,
        id: RunId,
        failure: &RunFailure,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Run> {
        let call = self.call().await?;
        let work = run_end::hold(call.client()?, self.organization, id, failure, (now, until));
        let result = self.in_time(work).await;
        call.end(result)
    }

    async fn reject_run(&mut self, id: RunId, now: Timestamp) -> Result<Run> {
        let call = self.call().await?;
        let result = self
            .in_time(run_end::reject(call.client()?, self.organization, id, now))
            .await;
        call.end(result)
    }

    async fn clear_drafts(&mut self, account: AccountId) -> Result<()> {
        let call = self.call().await?;
        let params = params![self.organization, account];
        let work = sql::execute(
            call.client()?,
            "DELETE FROM draft WHERE organization_id = $1 AND account_id = $2",
            &params,
        );
        let result = self.in_time(work).await;
        call.end(result.map(|_| ()))
    }

    async fn keep_pending(&mut self, new: &NewPending) -> Result<PendingChangeSet> {
        let call = self.call().await?;
        let work = pending::keep(call.client()?, self.organization, new);
        let result = self.in_time(work).await;
        call.end(result)
    }

    async fn end_pending(
        &mut self,
        number: u64,
        state: PendingState,
        ending: &PendingEnding,
    ) -> Result<bool> {
        let call = self.call().await?;
        let work = pending::end(call.client()?, self.organization, number, state, ending);
        let result = self.in_time(work).await;
        call.end(result)
    }

    async fn set_second_person(&mut self, from: Option<NonZeroU32>) -> Result<()> {
        let call = self.call().await?;
        let work = organizations::set_second_person(call.client()?, self.organization, from);
        let result = self.in_time(work).await;
        call.end(result)
    }

    async fn append_audit(&mut self, event: AuditEvent) -> Result<()> {
        let call = self.call().await?;
        let result = self
            .in_time(append_audit(call.client()?, self.organization, event))
            .await;
        call.end(result)
    }

    async fn append_events(&mut self, events: &[NewEvent], now: Timestamp) -> Result<()> {
        let call = self.call().await?;
        let work = events::append(call.client()?, self.organization, events, now);
        let result = self.in_time(work).await;
        call.end(result)
    }

    async fn commit(self: Box<Self>) -> Result<()> {
        let mut call = self.call().await?;
        let Some(open) = call.0.take() else {
            return Err(too_late());
        };
        self.in_time(open.transaction.commit()).await
    }
}
