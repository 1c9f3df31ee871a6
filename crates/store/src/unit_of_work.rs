//! The unit of work: several writes that become true together.

use std::num::NonZeroU32;
use std::time::Duration;

use async_trait::async_trait;
use counterpart_model::{
    AccountId, ChangeSet, ConnectionId, CrmUserId, Drift, Inconsistency, NewChangeSet, NewEvent,
    NewPending, PendingChangeSet, PendingEnding, PendingState, PersonId, Proposal, Run, RunId,
    RunReport, Timestamp, audit::AuditEvent, run::RunFailure,
};

use crate::evaluations::Evaluated;
use crate::runs::Absence;
use crate::{ApplyError, Result};

/// How long a unit of work may stay open, and how long one waits for another. A unit that
/// outlives it is rolled back; its next call fails with [`crate::StoreError::Busy`].
pub const DEADLINE: Duration = Duration::from_secs(20);

/// Some people and CRM users of a connection.
#[derive(Debug, Clone, Copy)]
pub struct Concerning<'a> {
    /// The people.
    pub people: &'a [PersonId],
    /// The CRM users.
    pub crm_users: &'a [CrmUserId],
}

/// Several writes in one organization that become true together, or not at all when it is
/// dropped.
#[async_trait]
pub trait UnitOfWork: Send {
    /// Applies a change set: checks that every line's *before* stands there, then takes all of
    /// them away, then puts every *after* there, so that two mappings can change places in one
    /// set. `version` of what is put there is set to one more than before (1 for a new thing).
    /// Search texts follow. After an error the unit can only be dropped.
    ///
    /// People and identities whose lines change, and mappings and decisions alike, do not change
    /// situations by themselves: call [`UnitOfWork::refresh_situations`] behind the last change.
    ///
    /// Events tell of the mappings among the lines ([`NewEvent::of_change_set`]).
    async fn apply_change_set(
        &mut self,
        new: &NewChangeSet,
        now: Timestamp,
    ) -> std::result::Result<ChangeSet, ApplyError>;

    /// Replaces what the matcher suggests in a connection: for all people, or for `people` only.
    async fn replace_proposals(
        &mut self,
        connection: ConnectionId,
        people: Option<&[PersonId]>,
        proposals: &[Proposal],
    ) -> Result<()>;

    /// Forgets what the matcher suggests in a connection where it cannot be accepted as of `now`:
    /// the person or the CRM user is mapped, the person does not work here, or a decision stands
    /// against it (*no account*, *not this pair*, *not a person*, *shared seat*). Looks at what is
    /// suggested for some people and at what names some CRM users, or at all. Says whose
    /// suggestions are forgotten, in order; their situations are to be derived anew.
    async fn withdraw_proposals(
        &mut self,
        connection: ConnectionId,
        concerning: Option<Concerning<'_>>,
        now: Timestamp,
    ) -> Result<Vec<PersonId>>;

    /// Lets nothing that the matcher suggests in a connection be certain, until it has looked
    /// again. Says for whom something was, in order; their situations are to be derived anew.
    async fn doubt_proposals(&mut self, connection: ConnectionId) -> Result<Vec<PersonId>>;

    /// Notes that something changed in some connections that is to be evaluated.
    async fn note_change(&mut self, connections: &[ConnectionId], now: Timestamp) -> Result<()>;

    /// Notes that a connection was evaluated.
    async fn note_evaluation(&mut self, connection: ConnectionId, done: Evaluated) -> Result<()>;

    /// Replaces what is known of drift in a connection: of all people, or of `people` only. Where
    /// a mapping had drifted for the same cause before, it goes on to have drifted since then.
    async fn replace_drift(
        &mut self,
        connection: ConnectionId,
        people: Option<&[PersonId]>,
        drift: &[Drift],
    ) -> Result<()>;

    /// Replaces what is known of CRM users that disagree, of which one is in `connection`: of all
    /// people, or of `people` only. What goes on keeps its *since*.
    async fn replace_inconsistencies(
        &mut self,
        connection: ConnectionId,
        people: Option<&[PersonId]>,
        found: &[Inconsistency],
    ) -> Result<()>;

    /// Derives the situations as of `now`, of one connection or all, of some people or all, by
    /// [`counterpart_model::Situation::PRECEDENCE`]:
    /// - *drifted*: a mapping holds now and has drifted ([`UnitOfWork::replace_drift`]);
    /// - *mapped*: a mapping holds now;
    /// - *ignored*: a decision *no account* has not expired;
    /// - *ambiguous*, *proposed*: a proposal says so;
    /// - *unmapped*: otherwise, for people who work here now. People who do not are in no
    ///   situation unless they are mapped.
    ///
    /// There are situations only in connections whose side is not *platform* and that are not
    /// the directory.
    ///
    /// Events tell of what opened and what drifted by this ([`NewEvent::of_situations`]).
    async fn refresh_situations(
        &mut self,
        connection: Option<ConnectionId>,
        people: Option<&[PersonId]>,
        now: Timestamp,
    ) -> Result<()>;

    /// Compares what a run staged with what is known, keeps the differences as the run's changes
    /// (in place of any earlier ones) and counts them. Only a full run of which every record could
    /// be read, and whose list left out nobody who is there, finds that users are missing, and
    /// that those who stayed away are gone: one that could not be read may be any of them.
    /// Fails with [`crate::StoreError::Misuse`] when the last page is not staged.
    async fn measure_run(&mut self, id: RunId, absence: Absence) -> Result<RunReport>;

    /// How many usable users complete runs of a connection have taken away since `since`.
    async fn lost_since(&mut self, connection: ConnectionId, since: Timestamp) -> Result<u64>;

    /// Makes what a measured run staged known, marks who is missing or gone (full runs only), drops what
    /// was staged and completes the run. Sets the connection's `synced_at` to `now` and its
    /// `changed_since`.
    async fn apply_run(
        &mut self,
        id: RunId,
        changed_since: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<Run>;

    /// Keeps a measured run for somebody's word, until `until`.
    async fn hold_run(
        &mut self,
        id: RunId,
        failure: &RunFailure,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Run>;

    /// Ends a held run without changing anything and drops what it staged.
    async fn reject_run(&mut self, id: RunId, now: Timestamp) -> Result<Run>;

    /// Drops all edits of an account's draft.
    async fn clear_drafts(&mut self, account: AccountId) -> Result<()>;

    /// Keeps a change set for a second person, under the organization's next number for those.
    /// Nothing that its lines name is looked at or changed.
    async fn keep_pending(&mut self, new: &NewPending) -> Result<PendingChangeSet>;

    /// Ends one that waits. The change set that `ending` names keeps who approved it. `false`,
    /// and nothing is changed, when it does not wait any more or is not there.
    async fn end_pending(
        &mut self,
        number: u64,
        state: PendingState,
        ending: &PendingEnding,
    ) -> Result<bool>;

    /// Sets from how many lines on a change of the organization needs a second person; `None`
    /// for never.
    async fn set_second_person(&mut self, from: Option<NonZeroU32>) -> Result<()>;

    /// Adds an entry to the organization's audit chain.
    async fn append_audit(&mut self, event: AuditEvent) -> Result<()>;

    /// Adds events to the organization's log.
    async fn append_events(&mut self, events: &[NewEvent], now: Timestamp) -> Result<()>;

    /// Makes everything true.
    async fn commit(self: Box<Self>) -> Result<()>;
}
