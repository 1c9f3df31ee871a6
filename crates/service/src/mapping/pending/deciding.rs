//! Approving, rejecting and withdrawing changes that wait, and letting them expire.

use std::time::Duration;

use counterpart_model::{
    Approval, ChangeSetOrigin, Code, PageRequest, PendingChangeSet, PendingEnding, PendingState,
    Role, paging::LARGEST_PAGE,
};
use counterpart_store::UnitOfWork;

use super::{Approved, PendingView};
use crate::mapping::EditScope;
use crate::mapping::apply::{Consent, Wanted};
use crate::mapping::undo::{ATTEMPTS, was_overtaken};
use crate::{Actor, Error, Event, Result, Service};

/// How often to look whether a change has waited too long.
const LOOK: Duration = Duration::from_mins(1);
/// The longest reason, in characters.
const LONGEST_REASON: usize = 1_000;

/// A change that waited and is being applied.
pub(in crate::mapping) struct Approving {
    /// The change.
    pub(in crate::mapping) pending: PendingChangeSet,
    /// Why, in the words of whoever approves.
    reason: Option<String>,
}

impl Service {
    /// Approves a change that somebody else wants, and applies it against what stands now. With
    /// [`EditScope::Everything`] it is [`Code::PendingConflict`] when something is in the way of a
    /// line, with [`EditScope::Clear`] such lines are left and never applied. Approving again what
    /// one has approved answers the same.
    pub async fn approve_pending(
        &self,
        actor: &Actor,
        number: u64,
        scope: EditScope,
        reason: Option<String>,
    ) -> Result<Approved> {
        actor.require(Role::Admin)?;
        let reason = checked(reason)?;
        let mut attempt = 1;
        loop {
            match self.try_approve(actor, number, scope, reason.clone()).await {
                Err(error) if attempt < ATTEMPTS && was_overtaken(&error) => attempt += 1,
                ended => return ended,
            }
        }
    }

    async fn try_approve(
        &self,
        actor: &Actor,
        number: u64,
        scope: EditScope,
        reason: Option<String>,
    ) -> Result<Approved> {
        let pending = self.find_pending(actor, number).await?;
        if let Some(change_set) = approved_by(actor, &pending) {
            let change_set = self.find_change_set(actor, change_set).await?;
            return Ok(Approved {
                skipped: pending.line_count.saturating_sub(change_set.line_count),
                change_set,
            });
        }
        self.may_decide(actor, &pending)?;
        let judged = self.judge_pending(actor, &pending).await?;
        let skipped = judged.conflicts();
        if skipped > 0 && scope == EditScope::Everything {
            let fields = self.conflicts_as_fields(actor, &judged).await?;
            let detail = format!(
                "{skipped} of the {} lines of change {number} cannot be applied, because of what \
                 was changed since",
                pending.line_count
            );
            return Err(Error::new(Code::PendingConflict, detail).with(fields));
        }
        let lines = judged.reversing();
        if lines.is_empty() {
            let why = if skipped > 0 {
                "something is in the way of every line"
            } else {
                "all of it is true already"
            };
            return Err(Error::new(
                Code::ChangeSetEmpty,
                format!("change {number} has nothing to apply: {why}; reject it"),
            ));
        }
        let wanted = Wanted {
            lines,
            reason: pending.reason.clone(),
            undoes: pending.undoes,
            clear_draft: false,
            consent: Consent::Given(Box::new(Approving { pending, reason })),
        };
        let change_set = self.apply_wanted(actor, wanted).await?;
        Ok(Approved {
            change_set,
            skipped,
        })
    }

    /// Ends what was approved, in the transaction that applies it as `change_set`. Whoever comes
    /// second is told.
    pub(in crate::mapping) async fn end_approved(
        &self,
        actor: &Actor,
        work: &mut dyn UnitOfWork,
        approving: &Approving,
        change_set: u64,
    ) -> Result<Option<Approval>> {
        let number = approving.pending.number;
        let ending = PendingEnding {
            by: Some(actor.author()),
            at: self.now(),
            reason: approving.reason.clone(),
            change_set: Some(change_set),
        };
        if !work
            .end_pending(number, PendingState::Approved, &ending)
            .await?
        {
            return Err(decided_meanwhile(number));
        }
        let details = format!("number {number}, as change set {change_set}");
        let event = self.audit_event(actor.account(), "change_set.approved", details);
        work.append_audit(event).await?;
        Ok(ending.approval_of(number))
    }

    /// Rejects a change that somebody else wants, and says why.
    pub async fn reject_pending(
        &self,
        actor: &Actor,
        number: u64,
        reason: String,
    ) -> Result<PendingView> {
        actor.require(Role::Admin)?;
        let reason = checked(Some(reason))?.ok_or_else(|| {
            Error::field(
                Code::RequestInvalid,
                "reason",
                "say why, for whoever wanted the change",
            )
        })?;
        let pending = self.find_pending(actor, number).await?;
        if is_so(actor, &pending, PendingState::Rejected) {
            return self.view_of(actor, pending).await;
        }
        self.may_decide(actor, &pending)?;
        self.end(actor, pending, PendingState::Rejected, Some(reason))
            .await
    }

    /// Takes one's own change back.
    pub async fn withdraw_pending(
        &self,
        actor: &Actor,
        number: u64,
        reason: Option<String>,
    ) -> Result<PendingView> {
        actor.require(Role::Admin)?;
        let reason = checked(reason)?;
        let pending = self.find_pending(actor, number).await?;
        if is_so(actor, &pending, PendingState::Withdrawn) {
            return self.view_of(actor, pending).await;
        }
        self.may_withdraw(actor, &pending)?;
        self.end(actor, pending, PendingState::Withdrawn, reason)
            .await
    }

    /// Lets what has waited too long expire, in every organization, until the task is dropped.
    pub async fn keep_expiring(&self) {
        let mut looks = tokio::time::interval(LOOK);
        looks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            looks.tick().await;
            if let Err(error) = self.expire_pending().await {
                tracing::warn!(code = %error.code(), %error, "what waited too long is not ended");
            }
        }
    }

    /// Lets what has waited too long expire now, in every organization.
    pub async fn expire_pending(&self) -> Result<()> {
        for organization in self.store().list_organizations().await? {
            let actor = self.operator(organization.id, ChangeSetOrigin::Policy);
            let mut request = PageRequest::first(LARGEST_PAGE);
            loop {
                let open = self
                    .store()
                    .list_pending(organization.id, Some(PendingState::Open), &request)
                    .await?;
                for pending in open.items {
                    if pending.expires_at <= self.now() {
                        self.expire(&actor, &pending).await?;
                    }
                }
                match open.next {
                    Some(next) => request = PageRequest::new(Some(next), LARGEST_PAGE),
                    None => break,
                }
            }
        }
        Ok(())
    }

    async fn expire(&self, actor: &Actor, pending: &PendingChangeSet) -> Result<()> {
        let ending = PendingEnding {
            by: None,
            at: self.now(),
            reason: None,
            change_set: None,
        };
        // Another node may have been quicker.
        self.write_ending(actor, pending.number, PendingState::Expired, &ending)
            .await
            .map(|_| ())
    }

    async fn end(
        &self,
        actor: &Actor,
        pending: PendingChangeSet,
        state: PendingState,
        reason: Option<String>,
    ) -> Result<PendingView> {
        let ending = PendingEnding {
            by: Some(actor.author()),
            at: self.now(),
            reason,
            change_set: None,
        };
        if !self
            .write_ending(actor, pending.number, state, &ending)
            .await?
        {
            return Err(decided_meanwhile(pending.number));
        }
        let pending = PendingChangeSet {
            state,
            ending: Some(ending),
            ..pending
        };
        self.view_of(actor, pending).await
    }

    /// Ends a change with nothing applied; `false` when somebody was quicker.
    async fn write_ending(
        &self,
        actor: &Actor,
        number: u64,
        state: PendingState,
        ending: &PendingEnding,
    ) -> Result<bool> {
        let mut work = self.store().begin(actor.organization()).await?;
        if !work.end_pending(number, state, ending).await? {
            return Ok(false);
        }
        let action = format!("change_set.{}", state.as_str());
        let event = self.audit_event(actor.account(), &action, format!("number {number}"));
        work.append_audit(event).await?;
        work.commit().await?;
        self.tell(Event::Mapping {
            organization_id: actor.organization(),
        });
        Ok(true)
    }
}

fn decided_meanwhile(number: u64) -> Error {
    Error::new(
        Code::PendingDecided,
        format!("somebody else has decided about change {number} in this moment"),
    )
}

/// Whether the actor has brought a change into a state already.
fn is_so(actor: &Actor, pending: &PendingChangeSet, state: PendingState) -> bool {
    let by = pending.ending.as_ref().and_then(|it| it.by);
    pending.state == state && by == Some(actor.author())
}

/// The change set that came of a change which the actor has approved already.
fn approved_by(actor: &Actor, pending: &PendingChangeSet) -> Option<u64> {
    let ending = pending.ending.as_ref()?;
    ending
        .change_set
        .filter(|_| is_so(actor, pending, PendingState::Approved))
}

/// A reason without the space around it; `None` when nothing is left.
fn checked(reason: Option<String>) -> Result<Option<String>> {
    let reason = reason.map(|text| text.trim().to_owned());
    let reason = reason.filter(|text| !text.is_empty());
    if reason
        .as_ref()
        .is_some_and(|text| text.chars().count() > LONGEST_REASON)
    {
        return Err(Error::field(
            Code::RequestInvalid,
            "reason",
            format!("say it in at most {LONGEST_REASON} characters"),
        ));
    }
    Ok(reason)
}
