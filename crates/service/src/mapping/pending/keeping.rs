//! Which changes need a second person, and keeping them for one.

use counterpart_model::{
    ChangeLine, ChangeSetOrigin, NewChangeSet, NewPending, pending::WAITING_SECONDS,
};

use crate::mapping::apply::Wanted;
use crate::{Actor, Error, Event, Result, Service};

impl Service {
    /// Whether a change of so many lines needs a second person. What nobody started does not: the
    /// set-up of the demo, and repairs by a connection's own policy.
    pub(in crate::mapping) async fn needs_second_person(
        &self,
        actor: &Actor,
        lines: usize,
    ) -> Result<bool> {
        if matches!(
            actor.origin(),
            ChangeSetOrigin::Demo | ChangeSetOrigin::Policy
        ) {
            return Ok(false);
        }
        let from = self.organization(actor).await?.second_person_from;
        let from = from.map(|lines| usize::try_from(lines.get()).unwrap_or(usize::MAX));
        Ok(from.is_some_and(|from| lines >= from))
    }

    /// Keeps a change for a second person; it comes back as the error that tells its maker so.
    /// What cannot be applied even now is refused at once, as ever.
    pub(in crate::mapping) async fn keep_for_second_person(
        &self,
        actor: &Actor,
        wanted: Wanted,
    ) -> Result<Error> {
        self.rehearse(actor, &wanted.lines, wanted.undoes).await?;
        let now = self.now();
        let new = NewPending {
            maker: actor.author(),
            origin: actor.origin(),
            reason: wanted.reason,
            lines: wanted.lines,
            undoes: wanted.undoes,
            created_at: now,
            expires_at: now.plus_seconds(WAITING_SECONDS),
        };
        let mut work = self.store().begin(actor.organization()).await?;
        let kept = work.keep_pending(&new).await?;
        if wanted.clear_draft
            && let Some(account) = actor.account()
        {
            work.clear_drafts(account).await?;
        }
        let details = format!(
            "number {}, {} lines, by {}",
            kept.number,
            kept.line_count,
            actor.origin().as_str()
        );
        work.append_audit(self.audit_event(actor.account(), "change_set.waiting", details))
            .await?;
        work.commit().await?;
        self.tell(Event::Mapping {
            organization_id: actor.organization(),
        });
        Ok(Error::waiting_for_second_person(kept))
    }

    /// Applies lines and takes it back: fails as applying them would.
    async fn rehearse(
        &self,
        actor: &Actor,
        lines: &[ChangeLine],
        undoes: Option<u64>,
    ) -> Result<()> {
        let new = NewChangeSet {
            account_id: actor.account(),
            origin: actor.origin(),
            reason: None,
            lines: lines.to_vec(),
            undoes,
        };
        let mut work = self.store().begin(actor.organization()).await?;
        let tried = work.apply_change_set(&new, self.now()).await;
        // The unit is rolled back before the names are read.
        drop(work);
        match tried {
            Ok(_) => Ok(()),
            Err(error) => Err(self.explain_apply_error(actor, error).await),
        }
    }
}
