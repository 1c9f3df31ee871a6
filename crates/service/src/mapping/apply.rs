//! Applying change sets, each in one transaction, and what follows from them.

use counterpart_model::{
    ChangeLine, ChangeSet, Code, ConnectionId, DraftEdit, NewChangeSet, PageRequest, Role,
    paging::LARGEST_PAGE,
};
use counterpart_store::mappings::ProposalQuery;

use super::CellEdit;
use super::pending::Approving;
use crate::reconcile::Change;
use crate::{Actor, Error, Event, Result, Service};

/// What is to be applied as one change set.
pub(super) struct Wanted {
    /// What changes.
    pub(super) lines: Vec<ChangeLine>,
    /// Why.
    pub(super) reason: Option<String>,
    /// The change set that it undoes.
    pub(super) undoes: Option<u64>,
    /// Whether the actor's draft is empty afterwards.
    pub(super) clear_draft: bool,
    /// Whether a second person has to be asked.
    pub(super) consent: Consent,
}

/// What is known of a second person's consent.
pub(super) enum Consent {
    /// One is asked, where the organization wants one.
    Asked,
    /// None is asked: nobody wants the change, it follows from what a connected system says.
    Needless,
    /// One has approved it.
    Given(Box<Approving>),
}

impl Service {
    /// Makes `edits` true in one change set. Nothing to change is an error of its own
    /// ([`Code::ChangeSetEmpty`]).
    pub async fn apply_edits(
        &self,
        actor: &Actor,
        edits: &[CellEdit],
        reason: Option<String>,
    ) -> Result<ChangeSet> {
        actor.require(Role::Admin)?;
        let lines = self.lines_of(actor, edits).await?;
        self.apply(actor, lines, reason, false).await
    }

    /// The edits that accept every certain proposal, of one connection or all.
    pub async fn certain_edits(
        &self,
        actor: &Actor,
        connection: Option<ConnectionId>,
    ) -> Result<Vec<CellEdit>> {
        let query = ProposalQuery {
            connection_id: connection,
            certain_only: true,
        };
        let mut edits = Vec::new();
        let mut request = PageRequest::first(LARGEST_PAGE);
        loop {
            let page = self
                .store()
                .list_proposals(actor.organization(), &query, &request)
                .await?;
            edits.extend(page.items.into_iter().map(|proposal| {
                CellEdit::new(
                    proposal.connection_id,
                    proposal.person_id,
                    DraftEdit::Map {
                        crm_user_id: proposal.crm_user_id,
                        accepted: true,
                    },
                )
            }));
            match page.next {
                Some(next) => request = PageRequest::new(Some(next), LARGEST_PAGE),
                None => return Ok(edits),
            }
        }
    }

    /// Accepts every certain proposal, of one connection or all, as one change set.
    pub async fn accept_certain(
        &self,
        actor: &Actor,
        connection: Option<ConnectionId>,
    ) -> Result<ChangeSet> {
        let edits = self.certain_edits(actor, connection).await?;
        let reason = Some("accepted all certain proposals".to_owned());
        self.apply_edits(actor, &edits, reason).await
    }

    /// Applies lines as one change set, with everything that hangs on them, then looks at the
    /// connections concerned anew.
    pub(crate) async fn apply(
        &self,
        actor: &Actor,
        lines: Vec<ChangeLine>,
        reason: Option<String>,
        clear_draft: bool,
    ) -> Result<ChangeSet> {
        let wanted = Wanted {
            lines,
            reason,
            undoes: None,
            clear_draft,
            consent: Consent::Asked,
        };
        self.apply_wanted(actor, wanted).await
    }

    /// Applies what follows from what a connected system says, as one change set. Nobody is asked.
    pub(crate) async fn apply_what_is_so(
        &self,
        actor: &Actor,
        lines: Vec<ChangeLine>,
        reason: Option<String>,
    ) -> Result<ChangeSet> {
        let wanted = Wanted {
            lines,
            reason,
            undoes: None,
            clear_draft: false,
            consent: Consent::Needless,
        };
        self.apply_wanted(actor, wanted).await
    }

    /// The only door through which mappings, people, identities and decisions change. Here it is
    /// decided whether a second person is asked first; then nothing is changed, and the error is
    /// of [`crate::Kind::Waiting`].
    pub(super) async fn apply_wanted(&self, actor: &Actor, wanted: Wanted) -> Result<ChangeSet> {
        actor.require(Role::Admin)?;
        if wanted.lines.is_empty() {
            return Err(Error::new(
                Code::ChangeSetEmpty,
                "there is nothing to change: all of it is true already",
            ));
        }
        let change = self.change_of(actor.organization(), &wanted.lines).await?;
        let mut lines = wanted.lines;
        // What is undone comes back as it was, with the witness it had.
        if wanted.undoes.is_none() {
            self.add_witnesses(actor.organization(), &mut lines).await?;
        }
        if matches!(wanted.consent, Consent::Asked)
            && self.needs_second_person(actor, lines.len()).await?
        {
            let wanted = Wanted { lines, ..wanted };
            return Err(self.keep_for_second_person(actor, wanted).await?);
        }
        let approving = match wanted.consent {
            Consent::Given(approving) => Some(approving),
            Consent::Asked | Consent::Needless => None,
        };
        let maker = approving.as_ref().map(|it| &it.pending);
        let new = NewChangeSet {
            account_id: maker.map_or(actor.account(), |it| it.maker.own_account()),
            origin: maker.map_or(actor.origin(), |it| it.origin),
            reason: wanted.reason,
            lines,
            undoes: wanted.undoes,
        };
        let applied = self
            .commit_change_set(
                actor,
                &new,
                &change,
                wanted.clear_draft,
                approving.as_deref(),
            )
            .await?;
        self.reconcile(actor.organization(), &change).await?;
        self.tell(Event::Mapping {
            organization_id: actor.organization(),
        });
        Ok(applied)
    }

    async fn commit_change_set(
        &self,
        actor: &Actor,
        new: &NewChangeSet,
        change: &Change,
        clear_draft: bool,
        approving: Option<&Approving>,
    ) -> Result<ChangeSet> {
        let now = self.now();
        let mut work = self.store().begin(actor.organization()).await?;
        let mut applied = match work.apply_change_set(new, now).await {
            Ok(applied) => applied,
            Err(error) => {
                // The unit is rolled back before the names are read.
                drop(work);
                return Err(self.explain_apply_error(actor, error).await);
            }
        };
        if let Some(approving) = approving {
            let ended = self.end_approved(actor, work.as_mut(), approving, applied.number);
            applied.approval = ended.await?;
        }
        self.make_room(work.as_mut(), change, now).await?;
        if clear_draft && let Some(account) = actor.account() {
            work.clear_drafts(account).await?;
        }
        let undoes = applied
            .undoes
            .map_or_else(String::new, |undone| format!(", undoes {undone}"));
        let details = format!(
            "number {}, {} lines{undoes}, by {}",
            applied.number,
            applied.line_count,
            new.origin.as_str()
        );
        work.append_audit(self.audit_event(new.account_id, "change_set.applied", details))
            .await?;
        work.commit().await?;
        Ok(applied)
    }
}
