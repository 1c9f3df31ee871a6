//! The unit of work: a turn on the thread that writes.

use std::num::NonZeroU32;
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

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
use rusqlite::{Connection, params};
use tokio::sync::oneshot;

use crate::fault::{self, Fault};
use crate::query::{KEYS, Query, execute, exists, key, keys, number};
use crate::writer::{Call, Opening, Work, closed, guarded, send};
use crate::{
    apply, audit, drafts, drifts, evaluations, events, inconsistencies, organizations, pending,
    run_ends, situations,
};

/// A unit of work that is open, or was.
pub(crate) struct SqliteUnit {
    organization: OrganizationId,
    calls: Sender<Call>,
    /// A call failed, so that part of what it should have done may be there: it must not be
    /// committed.
    spoilt: bool,
}

/// Opens a unit of work, once those before it have ended; waits for at most `deadline`.
pub(crate) async fn open(
    queue: &Sender<Work>,
    organization: OrganizationId,
    deadline: Duration,
) -> Result<SqliteUnit> {
    let (opened, wait) = oneshot::channel();
    let (calls, received) = channel();
    let opening = Opening {
        opened,
        calls: received,
        deadline,
    };
    send(queue, Work::Unit(opening))?;
    match tokio::time::timeout(deadline, wait).await {
        Ok(opened) => opened.map_err(|_| closed())??,
        Err(_) => {
            return Err(StoreError::Busy(
                "another change is being saved; try again".into(),
            ));
        }
    }
    let mut unit = SqliteUnit {
        organization,
        calls,
        spoilt: false,
    };
    let known = unit
        .run(move |db| {
            let sql = "SELECT 1 FROM organization WHERE organization_id = ?";
            exists(db, sql, [key(organization)])
        })
        .await?;
    if known {
        Ok(unit)
    } else {
        Err(StoreError::Misuse("the organization does not exist".into()))
    }
}

impl SqliteUnit {
    /// Runs a part of the unit on the thread that writes.
    async fn run<T: Send + 'static>(
        &mut self,
        job: impl FnOnce(&Connection) -> fault::Result<T> + Send + 'static,
    ) -> fault::Result<T> {
        self.refuse_spoilt()?;
        let (answer, wait) = oneshot::channel();
        let call = move |db: &Connection| {
            // Whoever asked may have gone meanwhile; then the unit is dropped as well.
            let _ = answer.send(guarded(|| job(db)));
        };
        self.calls
            .send(Call::Run(Box::new(call)))
            .map_err(|_| expired())?;
        let outcome = wait.await.map_err(|_| expired())?;
        self.spoilt |= outcome.is_err();
        outcome
    }

    fn refuse_spoilt(&self) -> fault::Result<()> {
        if self.spoilt {
            let why = "an earlier call of the unit of work failed; drop it and begin another";
            return Err(Fault::misuse(why));
        }
        Ok(())
    }
}

fn expired() -> Fault {
    let what = "the change took too long and was undone; try again";
    StoreError::Busy(what.into()).into()
}

fn replace_proposals(
    db: &Connection,
    organization: OrganizationId,
    connection: ConnectionId,
    people: Option<&[PersonId]>,
    proposals: &[Proposal],
) -> fault::Result<()> {
    let mut delete = Query::new("DELETE FROM proposal WHERE organization_id = ?");
    delete.bind(key(organization).to_vec());
    delete.with("AND connection_id = ?", key(connection).to_vec());
    if let Some(people) = people {
        delete.with(&format!("AND person_id IN {KEYS}"), keys(people));
    }
    delete.execute(db)?;
    let sql = "INSERT INTO proposal (organization_id, connection_id, person_id, crm_user_id, \
        score, certain, ambiguous, candidates, evidence, rivals) \
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    for proposal in proposals {
        if proposal.connection_id != connection {
            return Err(Fault::misuse("a proposal belongs to another connection"));
        }
        let candidates = if proposal.ambiguous {
            proposal.rivals.len() + 1
        } else {
            0
        };
        let values = params![
            key(organization),
            key(connection),
            key(proposal.person_id),
            proposal.crm_user_id.0,
            proposal.score,
            proposal.certain,
            proposal.ambiguous,
            number(u64::try_from(candidates).unwrap_or(u64::MAX)),
            serde_json::to_string(&proposal.evidence)?,
            serde_json::to_string(&proposal.rivals)?
        ];
        execute(db, sql, values)?;
    }
    Ok(())
}

#[async_trait]
impl UnitOfWork for SqliteUnit {
    async fn apply_change_set(
        &mut self,
        new: &NewChangeSet,
        now: Timestamp,
    ) -> std::result::Result<ChangeSet, ApplyError> {
        let (organization, new) = (self.organization, new.clone());
        let applied = self
            .run(move |db| apply::apply(db, organization, new, now))
            .await;
        applied.map_err(ApplyError::from)
    }

    async fn replace_proposals(
        &mut self,
        connection: ConnectionId,
        people: Option<&[PersonId]>,
        proposals: &[Proposal],
    ) -> Result<()> {
        let organization = self.organization;
        let people = people.map(<[PersonId]>::to_vec);
        let proposals = proposals.to_vec();
        let replaced = self.run(move |db| {
            replace_proposals(db, organization, connection, people.as_deref(), &proposals)
        });
        Ok(replaced.await?)
    }

    async fn withdraw_proposals(
        &mut self,
        connection: ConnectionId,
        concerning: Option<Concerning<'_>>,
        now: Timestamp,
    ) -> Result<Vec<PersonId>> {
        let organization = self.organization;
        let concerning = concerning.map(evaluations::owned);
        let withdrawn = self.run(move |db| {
            evaluations::withdraw(db, organization, connection, concerning.as_ref(), now)
        });
        Ok(withdrawn.await?)
    }

    async fn doubt_proposals(&mut self, connection: ConnectionId) -> Result<Vec<PersonId>> {
        let organization = self.organization;
        let doubted = self.run(move |db| evaluations::doubt(db, organization, connection));
        Ok(doubted.await?)
    }

    async fn note_change(&mut self, connections: &[ConnectionId], now: Timestamp) -> Result<()> {
        let (organization, connections) = (self.organization, connections.to_vec());
        let noted = self.run(move |db| {
            let mut each = connections.into_iter();
            each.try_for_each(|id| evaluations::note_change(db, organization, id, now))
        });
        Ok(noted.await?)
    }

    async fn note_evaluation(&mut self, connection: ConnectionId, done: Evaluated) -> Result<()> {
        let organization = self.organization;
        let noted =
            self.run(move |db| evaluations::note_evaluation(db, organization, connection, done));
        Ok(noted.await?)
    }

    async fn replace_drift(
        &mut self,
        connection: ConnectionId,
        people: Option<&[PersonId]>,
        drift: &[Drift],
    ) -> Result<()> {
        let organization = self.organization;
        let people = people.map(<[PersonId]>::to_vec);
        let drift = drift.to_vec();
        let replaced = self.run(move |db| {
            drifts::replace(db, organization, connection, people.as_deref(), &drift)
        });
        Ok(replaced.await?)
    }

    async fn replace_inconsistencies(
        &mut self,
        connection: ConnectionId,
        people: Option<&[PersonId]>,
        found: &[Inconsistency],
    ) -> Result<()> {
        let organization = self.organization;
        let people = people.map(<[PersonId]>::to_vec);
        let found = found.to_vec();
        let replaced = self.run(move |db| {
            inconsistencies::replace(db, organization, connection, people.as_deref(), &found)
        });
        Ok(replaced.await?)
    }

    async fn refresh_situations(
        &mut self,
        connection: Option<ConnectionId>,
        people: Option<&[PersonId]>,
        now: Timestamp,
    ) -> Result<()> {
        let organization = self.organization;
        let people = people.map(<[PersonId]>::to_vec);
        let refreshed = self.run(move |db| {
            situations::refresh(db, organization, connection, people.as_deref(), now)
        });
        Ok(refreshed.await?)
    }

    async fn measure_run(&mut self, id: RunId, absence: Absence) -> Result<RunReport> {
        let organization = self.organization;
        let measured = self.run(move |db| run_ends::measure(db, organization, id, absence));
        Ok(measured.await?)
    }

    async fn lost_since(&mut self, connection: ConnectionId, since: Timestamp) -> Result<u64> {
        let organization = self.organization;
        let lost = self.run(move |db| run_ends::lost_since(db, organization, connection, since));
        Ok(lost.await?)
    }

    async fn apply_run(
        &mut self,
        id: RunId,
        changed_since: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<Run> {
        let organization = self.organization;
        let applied = self.run(move |db| run_ends::apply(db, organization, id, changed_since, now));
        Ok(applied.await?)
    }

    async fn hold_run(
        &mut self,
        id: RunId,
        failure: &RunFailure,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Run> {
        let (organization, failure) = (self.organization, failure.clone());
        let times = (now, until);
        let held = self.run(move |db| run_ends::hold(db, organization, id, failure, times));
        Ok(held.await?)
    }

    async fn reject_run(&mut self, id: RunId, now: Timestamp) -> Result<Run> {
        let organization = self.organization;
        let rejected = self.run(move |db| run_ends::reject(db, organization, id, now));
        Ok(rejected.await?)
    }

    async fn clear_drafts(&mut self, account: AccountId) -> Result<()> {
        let organization = self.organization;
        let cleared = self.run(move |db| drafts::clear(db, organization, account));
        Ok(cleared.await?)
    }

    async fn keep_pending(&mut self, new: &NewPending) -> Result<PendingChangeSet> {
        let (organization, new) = (self.organization, new.clone());
        let kept = self.run(move |db| pending::keep(db, organization, &new));
        Ok(kept.await?)
    }

    async fn end_pending(
        &mut self,
        number: u64,
        state: PendingState,
        ending: &PendingEnding,
    ) -> Result<bool> {
        let (organization, ending) = (self.organization, ending.clone());
        let ended = self.run(move |db| pending::end(db, organization, number, state, &ending));
        Ok(ended.await?)
    }

    async fn set_second_person(&mut self, from: Option<NonZeroU32>) -> Result<()> {
        let organization = self.organization;
        let set = self.run(move |db| organizations::set_second_person(db, organization, from));
        Ok(set.await?)
    }

    async fn append_audit(&mut self, event: AuditEvent) -> Result<()> {
        let organization = self.organization;
        let appended = self.run(move |db| audit::append(db, organization, event));
        Ok(appended.await?)
    }

    async fn append_events(&mut self, events: &[NewEvent], now: Timestamp) -> Result<()> {
        let (organization, events) = (self.organization, events.to_vec());
        let appended = self.run(move |db| events::append(db, organization, &events, now));
        Ok(appended.await?)
    }

    async fn commit(self: Box<Self>) -> Result<()> {
        self.refuse_spoilt()?;
        let (answer, wait) = oneshot::channel();
        self.calls
            .send(Call::Commit(answer))
            .map_err(|_| expired())?;
        Ok(wait.await.map_err(|_| expired())??)
    }
}
