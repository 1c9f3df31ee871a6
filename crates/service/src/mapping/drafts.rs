//! Drafts: edits are collected on the server, reviewed, and saved as one change set.

use std::collections::{HashMap, HashSet};

use counterpart_model::{
    ChangeSet, ConnectionId, CrmUser, CrmUserId, Draft, DraftEdit, PageRequest, Person, PersonId,
    Role, paging::LARGEST_PAGE,
};
use counterpart_store::mappings::MappingQuery;

use super::clashes::MadeEdit;
use super::{CellEdit, EditClash, EditScope};
use crate::{Actor, Error, Kind, Result, Service};

/// An account's draft, with the names to read it by and what stands in its way.
#[derive(Debug, Clone)]
pub struct Review {
    /// The edits, by connection and person.
    pub lines: Vec<ReviewLine>,
    /// How many there are; `lines` holds at most [`LARGEST_PAGE`].
    pub total: u64,
    /// How many of all clash with what was changed since.
    pub clashes: u64,
}

impl Review {
    /// Whether saving would work, as far as can be told now.
    pub fn is_clear(&self) -> bool {
        self.clashes == 0
    }
}

/// One edit of a draft.
#[derive(Debug, Clone)]
pub struct ReviewLine {
    /// The edit.
    pub draft: Draft,
    /// For whom.
    pub person: Person,
    /// The name of the connection.
    pub connection: String,
    /// The CRM user that is mapped now.
    pub before: Option<CrmUser>,
    /// The CRM user that the edit names.
    pub after: Option<CrmUser>,
    /// What stands in the way of saving it, and who put it there.
    pub clash: Option<EditClash>,
}

/// A draft was saved, or as much of it as nothing stood in the way of.
#[derive(Debug, Clone)]
pub struct SavedDraft {
    /// The change set.
    pub change_set: ChangeSet,
    /// How many edits are left in the draft because they clash.
    pub left: u64,
}

impl Service {
    /// Puts an edit into the actor's draft, in place of any earlier one of its cell.
    pub async fn draft(
        &self,
        actor: &Actor,
        connection: ConnectionId,
        person: PersonId,
        edit: DraftEdit,
    ) -> Result<()> {
        self.draft_all(actor, vec![CellEdit::new(connection, person, edit)])
            .await
    }

    /// Puts the acceptance of every certain proposal into the actor's draft; how many.
    pub async fn draft_certain(
        &self,
        actor: &Actor,
        connection: Option<ConnectionId>,
    ) -> Result<usize> {
        let edits = self.certain_edits(actor, connection).await?;
        let count = edits.len();
        self.draft_all(actor, edits).await?;
        Ok(count)
    }

    /// Puts the acceptance of these proposals into the actor's draft; how many. What is no longer
    /// proposed so is left out.
    pub async fn draft_accepted(
        &self,
        actor: &Actor,
        proposals: Vec<(ConnectionId, PersonId, CrmUserId)>,
    ) -> Result<usize> {
        let mut edits: Vec<CellEdit> = proposals
            .into_iter()
            .map(|(connection, person, crm_user_id)| {
                let accept = DraftEdit::Map {
                    crm_user_id,
                    accepted: true,
                };
                CellEdit::new(connection, person, accept)
            })
            .collect();
        let known = self.known_about(actor, &edits).await?;
        edits.retain(|edit| known.is_proposed(edit));
        let count = edits.len();
        self.draft_all(actor, edits).await?;
        Ok(count)
    }

    pub(super) async fn draft_all(&self, actor: &Actor, edits: Vec<CellEdit>) -> Result<()> {
        actor.require(Role::Admin)?;
        let account_id = actor.require_account()?;
        let now = self.now();
        let known = self.known_about(actor, &edits).await?;
        let mut drafts = Vec::with_capacity(edits.len());
        for mut edit in edits {
            known.connection(edit.connection_id)?;
            known.person(edit.person_id)?;
            if let DraftEdit::Map { crm_user_id, .. } | DraftEdit::Reject { crm_user_id } =
                &mut edit.edit
            {
                let user = known.crm_user(edit.connection_id, crm_user_id)?;
                crm_user_id.clone_from(&user.id);
            }
            let holding = known.holding(&edit, now);
            drafts.push(Draft {
                account_id,
                connection_id: edit.connection_id,
                person_id: edit.person_id,
                based_on: holding.map(|mapping| (mapping.id, mapping.version)),
                edit: edit.edit,
                updated_at: now,
            });
        }
        Ok(self
            .store()
            .put_drafts(actor.organization(), &drafts)
            .await?)
    }

    /// Takes the edit of a cell out of the actor's draft.
    pub async fn undraft(
        &self,
        actor: &Actor,
        connection: ConnectionId,
        person: PersonId,
    ) -> Result<()> {
        let account = actor.require_account()?;
        Ok(self
            .store()
            .delete_draft(actor.organization(), account, connection, person)
            .await?)
    }

    /// Drops the actor's draft.
    pub async fn discard_draft(&self, actor: &Actor) -> Result<()> {
        let account = actor.require_account()?;
        Ok(self
            .store()
            .clear_drafts(actor.organization(), account)
            .await?)
    }

    /// How many edits the actor's draft has; none for who has no account.
    pub async fn count_drafts(&self, actor: &Actor) -> Result<u64> {
        match actor.account() {
            Some(account) => Ok(self
                .store()
                .count_drafts(actor.organization(), account)
                .await?),
            None => Ok(0),
        }
    }

    /// The actor's draft, with names, and what stands in the way of saving it.
    pub async fn review_draft(&self, actor: &Actor) -> Result<Review> {
        let drafts = self.all_drafts(actor).await?;
        let made: Vec<MadeEdit> = drafts.iter().map(made_edit).collect();
        let clashes = self.clashes_of(actor, &made).await?;
        let total = drafts.len() as u64;
        let count = clashes.len() as u64;
        let mut clashes: HashMap<usize, EditClash> = clashes
            .into_iter()
            .map(|clash| (clash.index, clash))
            .collect();
        // What clashes comes first where not everything is shown.
        let mut order: Vec<usize> = (0..drafts.len()).collect();
        let shown = usize::try_from(LARGEST_PAGE).unwrap_or(usize::MAX);
        if drafts.len() > shown {
            order.sort_by_key(|at| !clashes.contains_key(at));
            order.truncate(shown);
        }
        let mut lines = Vec::with_capacity(order.len());
        for at in order {
            let clash = clashes.remove(&at);
            lines.push(self.review_line(actor, drafts[at].clone(), clash).await?);
        }
        Ok(Review {
            lines,
            total,
            clashes: count,
        })
    }

    async fn review_line(
        &self,
        actor: &Actor,
        draft: Draft,
        clash: Option<EditClash>,
    ) -> Result<ReviewLine> {
        let organization = actor.organization();
        let connection = self.connection(actor, draft.connection_id).await?;
        let person = self.person(actor, draft.person_id).await?;
        let query = MappingQuery {
            connection_id: Some(draft.connection_id),
            person_id: Some(draft.person_id),
            at: Some(self.now()),
            ..MappingQuery::default()
        };
        let standing = self.all_mappings(organization, &query).await?;
        let before = match standing.first() {
            Some(mapping) => {
                self.store()
                    .find_crm_user(organization, connection.id, &mapping.crm_user_id)
                    .await?
            }
            None => None,
        };
        let after = match &draft.edit {
            DraftEdit::Map { crm_user_id, .. } | DraftEdit::Reject { crm_user_id } => {
                self.store()
                    .find_crm_user(organization, connection.id, crm_user_id)
                    .await?
            }
            _ => None,
        };
        Ok(ReviewLine {
            draft,
            person,
            connection: connection.name,
            before,
            after,
            clash,
        })
    }

    /// Every edit of the actor's draft, over all pages.
    async fn all_drafts(&self, actor: &Actor) -> Result<Vec<Draft>> {
        let account = actor.require_account()?;
        let mut all = Vec::new();
        let mut request = PageRequest::first(LARGEST_PAGE);
        loop {
            let page = self
                .store()
                .list_drafts(actor.organization(), account, &request)
                .await?;
            all.extend(page.items);
            match page.next {
                Some(next) => request = PageRequest::new(Some(next), LARGEST_PAGE),
                None => return Ok(all),
            }
        }
    }

    /// Saves the actor's draft as one change set and empties it. With [`EditScope::Everything`] it
    /// is all or nothing: when an edit clashes with what was changed since, the draft stays as it
    /// is. With [`EditScope::Clear`] the edits that clash stay in the draft.
    pub async fn save_draft(
        &self,
        actor: &Actor,
        reason: Option<String>,
        scope: EditScope,
    ) -> Result<SavedDraft> {
        actor.require(Role::Admin)?;
        let drafts = self.all_drafts(actor).await?;
        let made: Vec<MadeEdit> = drafts.iter().map(made_edit).collect();
        let wanted = self.clear_of(actor, &made, scope).await?;
        let lines = self.lines_of(actor, &wanted.edits).await?;
        if wanted.left.is_empty() {
            if lines.is_empty() && !drafts.is_empty() {
                self.discard_draft(actor).await?;
            }
            let change_set = self.apply(actor, lines, reason, true).await?;
            return Ok(SavedDraft {
                change_set,
                left: 0,
            });
        }
        let applied = match self.apply(actor, lines, reason, false).await {
            Err(error) if error.kind() != Kind::Waiting => return Err(error),
            applied_or_waiting => applied_or_waiting,
        };
        // Should this be cut short, what is left over is true by then, and saved without effect.
        let left: HashSet<usize> = wanted.left.iter().map(|clash| clash.index).collect();
        for (at, draft) in drafts.iter().enumerate() {
            if !left.contains(&at) {
                self.undraft(actor, draft.connection_id, draft.person_id)
                    .await?;
            }
        }
        Ok(SavedDraft {
            change_set: applied?,
            left: left.len() as u64,
        })
    }
}

/// An edit of a draft, as it is judged and applied.
fn made_edit(draft: &Draft) -> MadeEdit {
    MadeEdit {
        edit: CellEdit {
            based_on: Some(draft.based_on),
            ..CellEdit::new(draft.connection_id, draft.person_id, draft.edit.clone())
        },
        made_at: Some(draft.updated_at),
    }
}

impl From<counterpart_model::time::TimeError> for Error {
    fn from(error: counterpart_model::time::TimeError) -> Self {
        Self::new(counterpart_model::Code::RequestInvalid, error.to_string())
    }
}
