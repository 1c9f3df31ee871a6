//! Transactions that own their connection, and the queues in front of them.

use std::collections::HashMap;
use std::ops::Deref;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use counterpart_model::{
    OrganizationId,
    audit::{AuditEvent, ChainEnd},
};
use counterpart_store::{Result, StoreError};
use deadpool_postgres::Object;
use futures::FutureExt as _;
use tokio::sync::{Mutex as Queue, OwnedMutexGuard, OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout, timeout_at};
use tokio_postgres::Client;

use crate::params::params;
use crate::sql::{self, ReadRow as _};
use crate::{PostgresStore, error};

/// How much longer than a deadline the server waits before it ends a transaction by itself: it
/// only does when this program cannot.
const GRACE: Duration = Duration::from_secs(5);

/// A transaction. Dropping it rolls it back.
pub(crate) struct Transaction {
    /// `None` once it has ended.
    client: Option<Object>,
}

impl Transaction {
    /// Begins on a connection. No statement of it waits for a lock for longer than `patience`,
    /// and none runs or leaves the connection idle for much longer than `limit`.
    pub(crate) async fn begin(client: Object, patience: Duration, limit: Duration) -> Result<Self> {
        let transaction = Self {
            client: Some(client),
        };
        // Compiling a statement takes longer than running any that is here.
        let patience = patience.as_millis().max(1);
        let later = (limit + GRACE).as_millis();
        let begin = format!(
            "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;
             SET LOCAL jit = off;
             SET LOCAL lock_timeout = {patience};
             SET LOCAL statement_timeout = {later};
             SET LOCAL idle_in_transaction_session_timeout = {later}"
        );
        transaction
            .batch_execute(&begin)
            .await
            .map_err(|error| error::from_statement(&error))?;
        Ok(transaction)
    }

    /// Makes everything true.
    pub(crate) async fn commit(mut self) -> Result<()> {
        self.batch_execute("COMMIT")
            .await
            .map_err(|error| error::from_statement(&error))?;
        self.client = None;
        Ok(())
    }
}

impl Deref for Transaction {
    type Target = Client;

    fn deref(&self) -> &Client {
        self.client
            .as_deref()
            .expect("there is a connection until the transaction is consumed")
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        if let Some(client) = self.client.take() {
            // The first poll sends the command. What is sent on the connection later comes
            // behind it, so that nobody has to wait for the answer here.
            let _ = client.batch_execute("ROLLBACK").now_or_never();
        }
    }
}

/// Who may open a unit of work now. Waiting happens here rather than on connections, so that
/// those who wait do not keep connections from those who work.
pub(crate) struct Queues {
    open: Arc<Semaphore>,
    organizations: Mutex<HashMap<OrganizationId, Weak<Queue<()>>>>,
}

/// A place at the head of an organization's queue, until it is dropped.
pub(crate) struct Turn {
    _organization: OwnedMutexGuard<()>,
    _open: OwnedSemaphorePermit,
}

impl Queues {
    /// Queues for a pool of `connections`, half of which units of work may hold.
    pub(crate) fn new(connections: usize) -> Self {
        Self {
            open: Arc::new(Semaphore::new((connections / 2).max(1))),
            organizations: Mutex::default(),
        }
    }

    /// Waits for a turn in an organization, at most for `limit`.
    pub(crate) async fn turn(&self, organization: OrganizationId, limit: Duration) -> Result<Turn> {
        let queue = self.queue_of(organization);
        let wait = async {
            let organization = queue.lock_owned().await;
            let open = Arc::clone(&self.open).acquire_owned().await;
            open.map(|open| Turn {
                _organization: organization,
                _open: open,
            })
        };
        match timeout(limit, wait).await {
            Ok(Ok(turn)) => Ok(turn),
            Ok(Err(_)) => Err(StoreError::Unavailable("the store is closed".into())),
            Err(_) => Err(waited_too_long()),
        }
    }

    fn queue_of(&self, organization: OrganizationId) -> Arc<Queue<()>> {
        let mut queues = self
            .organizations
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(queue) = queues.get(&organization).and_then(Weak::upgrade) {
            return queue;
        }
        queues.retain(|_, queue| queue.strong_count() > 0);
        let queue = Arc::new(Queue::new(()));
        queues.insert(organization, Arc::downgrade(&queue));
        queue
    }
}

impl PostgresStore {
    /// A transaction that locks nothing yet.
    pub(crate) async fn transaction(&self) -> Result<Transaction> {
        let limit = self.options.deadline;
        Transaction::begin(self.client().await?, limit, limit).await
    }

    /// A transaction that is alone in its organization. Keep the turn as long as it is open.
    pub(crate) async fn exclusive(
        &self,
        organization: OrganizationId,
    ) -> Result<(Transaction, Turn)> {
        let limit = self.options.deadline;
        let until = Instant::now() + limit;
        let turn = self.queues.turn(organization, limit).await?;
        let lock = async {
            let client = self.client().await?;
            let patience = until.saturating_duration_since(Instant::now());
            let transaction = Transaction::begin(client, patience, limit).await?;
            lock_head(&transaction, organization).await?;
            Ok(transaction)
        };
        match timeout_at(until, lock).await {
            Ok(transaction) => Ok((transaction?, turn)),
            Err(_) => Err(waited_too_long()),
        }
    }
}

/// Waits until nobody else works in an organization, on any node.
async fn lock_head(client: &Client, organization: OrganizationId) -> Result<()> {
    let head = sql::find(
        client,
        "SELECT FROM organization_head WHERE organization_id = $1 FOR UPDATE",
        &params![organization],
    )
    .await?;
    match head {
        Some(_) => Ok(()),
        None => Err(StoreError::Misuse(format!(
            "there is no organization {organization}"
        ))),
    }
}

fn waited_too_long() -> StoreError {
    StoreError::Busy("another change in the organization takes too long; try again".into())
}

/// Adds an entry to an organization's audit chain. The caller holds the organization's lock.
pub(crate) async fn append_audit(
    client: &Client,
    organization: OrganizationId,
    event: AuditEvent,
) -> Result<()> {
    let head = sql::get(
        client,
        "SELECT audit_sequence, audit_hash FROM organization_head WHERE organization_id = $1",
        &params![organization],
    )
    .await?;
    let end = ChainEnd {
        sequence: head.read("audit_sequence")?,
        hash: head.read("audit_hash")?,
    };
    let entry = end.append(event);
    sql::execute(
        client,
        "WITH head AS (
            UPDATE organization_head SET audit_sequence = $2, audit_hash = $8
            WHERE organization_id = $1
        )
        INSERT INTO audit_entry
            (organization_id, sequence, at, account_id, action, details, salt, hash)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        &params![
            organization,
            entry.sequence,
            entry.event.at,
            entry.event.account_id,
            entry.event.action.as_str(),
            entry.event.details.as_str(),
            &entry.event.salt,
            &entry.hash,
        ],
    )
    .await?;
    Ok(())
}
