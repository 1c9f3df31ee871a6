//! Changes that need a second person: where the organization wants one, a change set is kept
//! instead of applied, until somebody else has looked at it.
//!
//! One place decides ([`Service::apply_wanted`](crate::Service)), so that no use case can forget
//! it. What was kept is judged anew against what stands when it is shown and when it is approved:
//! to apply it is to undo what would undo it.

mod authorship;
mod deciding;
mod keeping;

use counterpart_model::{
    Author, ChangeLine, ChangeSet, Code, OrganizationId, Page, PageRequest, PendingChangeSet,
    PendingState, Role, paging::LARGEST_PAGE,
};

pub use self::authorship::Authorship;
pub(super) use self::deciding::Approving;
use super::UndoLine;
use super::undo::Judged;
use crate::{Actor, Error, Result, Service};

/// A change set that waits, or waited, with the names to read it by.
#[derive(Debug, Clone)]
pub struct PendingView {
    /// The change set.
    pub pending: PendingChangeSet,
    /// Who wants it.
    pub maker: Authorship,
    /// Who decided about it; `None` while it waits, and when it expired.
    pub decided_by: Option<Authorship>,
}

/// What approving a change set would do now.
#[derive(Debug, Clone)]
pub struct PendingPreview {
    /// The change set.
    pub view: PendingView,
    /// How many lines would be applied.
    pub applicable: u64,
    /// How many lines are true already.
    pub already: u64,
    /// How many lines something is in the way of.
    pub conflicts: u64,
    /// The lines, in the change set's order; of one that waits no longer, as they were wanted.
    pub lines: Page<UndoLine>,
}

/// A change set was approved and applied.
#[derive(Debug, Clone)]
pub struct Approved {
    /// The change set that came of it.
    pub change_set: ChangeSet,
    /// How many lines were left because something is in the way.
    pub skipped: u64,
}

impl Service {
    /// The change sets that wait for a second person, or waited, newest first.
    pub async fn list_pending(
        &self,
        actor: &Actor,
        state: Option<PendingState>,
        page: &PageRequest,
    ) -> Result<Page<PendingView>> {
        let found = self
            .store()
            .list_pending(actor.organization(), state, page)
            .await?;
        let mut items = Vec::with_capacity(found.items.len());
        for pending in found.items {
            items.push(self.view_of(actor, pending).await?);
        }
        Ok(Page {
            items,
            next: found.next,
        })
    }

    /// What approving a change set would do now, and a page of its lines.
    pub async fn preview_pending(
        &self,
        actor: &Actor,
        number: u64,
        page: &PageRequest,
    ) -> Result<PendingPreview> {
        let pending = self.find_pending(actor, number).await?;
        let judged = self.judge_pending(actor, &pending).await?;
        Ok(PendingPreview {
            applicable: judged.possible(),
            already: judged.already(),
            conflicts: judged.conflicts(),
            lines: self.told_page(actor, &judged, page).await?,
            view: self.view_of(actor, pending).await?,
        })
    }

    /// The lines of a change set that waits which something is in the way of, at most `most`.
    pub async fn pending_conflicts(
        &self,
        actor: &Actor,
        number: u64,
        most: usize,
    ) -> Result<Vec<UndoLine>> {
        let pending = self.find_pending(actor, number).await?;
        let judged = self.judge_pending(actor, &pending).await?;
        self.told_conflicts(actor, &judged, most).await
    }

    /// How many change sets wait for the actor: those that somebody else wants. Counted up to a
    /// page.
    pub async fn count_waiting(&self, actor: &Actor) -> Result<u64> {
        if actor.role() < Role::Admin {
            return Ok(0);
        }
        let open = self
            .store()
            .list_pending(
                actor.organization(),
                Some(PendingState::Open),
                &PageRequest::first(LARGEST_PAGE),
            )
            .await?;
        let author = actor.author();
        let now = self.now();
        let others = open
            .items
            .iter()
            .filter(|pending| pending.waits_at(now) && !pending.maker.is_same_person_as(&author));
        Ok(others.count() as u64)
    }

    /// Fails, saying why, unless the actor may approve or reject a change set.
    pub fn may_decide(&self, actor: &Actor, pending: &PendingChangeSet) -> Result<()> {
        actor.require(Role::Admin)?;
        self.require_waiting(pending)?;
        if pending.maker.is_same_person_as(&actor.author()) {
            return Err(Error::new(
                Code::PendingOwn,
                format!(
                    "change {} is your own: somebody else decides about it, and you may withdraw \
                     it",
                    pending.number
                ),
            ));
        }
        Ok(())
    }

    /// Fails, saying why, unless the actor may take a change set back.
    pub fn may_withdraw(&self, actor: &Actor, pending: &PendingChangeSet) -> Result<()> {
        actor.require(Role::Admin)?;
        self.require_waiting(pending)?;
        if pending.maker.is_same_person_as(&actor.author()) {
            return Ok(());
        }
        Err(Error::new(
            Code::AuthForbidden,
            format!(
                "change {} is somebody else's: only its maker withdraws it; reject it instead",
                pending.number
            ),
        ))
    }

    fn require_waiting(&self, pending: &PendingChangeSet) -> Result<()> {
        if pending.waits_at(self.now()) {
            return Ok(());
        }
        let what = match pending.state {
            PendingState::Open | PendingState::Expired => "has expired",
            PendingState::Approved => "was approved already",
            PendingState::Rejected => "was rejected already",
            PendingState::Withdrawn => "was withdrawn",
        };
        let became = pending.ending.as_ref().and_then(|it| it.change_set);
        let became = became.map_or_else(String::new, |number| format!(", as change set {number}"));
        Err(Error::new(
            Code::PendingDecided,
            format!("change {} {what}{became}", pending.number),
        ))
    }

    async fn find_pending(&self, actor: &Actor, number: u64) -> Result<PendingChangeSet> {
        self.store()
            .find_pending(actor.organization(), number)
            .await?
            .ok_or_else(|| {
                Error::new(
                    Code::RequestNotFound,
                    format!("there is no change {number} that waits, or waited"),
                )
            })
    }

    async fn judge_pending(&self, actor: &Actor, pending: &PendingChangeSet) -> Result<Judged> {
        let lines = self
            .all_pending_lines(actor.organization(), pending.number)
            .await?;
        if !pending.waits_at(self.now()) {
            return Ok(Judged::of_the_past(lines));
        }
        self.judge_applying(actor, lines, pending.created_at).await
    }

    async fn all_pending_lines(
        &self,
        organization: OrganizationId,
        number: u64,
    ) -> Result<Vec<ChangeLine>> {
        let mut all = Vec::new();
        let mut request = PageRequest::first(LARGEST_PAGE);
        loop {
            let page = self
                .store()
                .list_pending_lines(organization, number, &request)
                .await?;
            all.extend(page.items);
            match page.next {
                Some(next) => request = PageRequest::new(Some(next), LARGEST_PAGE),
                None => return Ok(all),
            }
        }
    }

    async fn view_of(&self, actor: &Actor, pending: PendingChangeSet) -> Result<PendingView> {
        let decided_by: Option<Author> = pending.ending.as_ref().and_then(|it| it.by);
        Ok(PendingView {
            maker: self.authorship(actor, pending.maker).await?,
            decided_by: match decided_by {
                Some(by) => Some(self.authorship(actor, by).await?),
                None => None,
            },
            pending,
        })
    }
}
