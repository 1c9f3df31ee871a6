//! Drafts: edits are collected on the server, reviewed, and saved as one change set.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use counterpart_model::{
    ChangeSet, ConnectionId, CrmUser, Draft, DraftEdit, MappingId, PageRequest, Person, PersonId,
    Role, paging::LARGEST_PAGE,
};
use counterpart_store::mappings::MappingQuery;

use super::CellEdit;
use crate::{Actor, Error, Result, Service};

/// An account's draft, with the names to read it by and what stands in its way.
#[derive(Debug, Clone)]
pub struct Review {
    /// The edits, by connection and person.
    pub lines: Vec<ReviewLine>,
    /// How many there are; `lines` holds at most [`LARGEST_PAGE`].
    pub total: u64,
}

impl Review {
    /// Whether saving would work, as far as can be told now.
    pub fn is_clear(&self) -> bool {
        self.lines.iter().all(|line| line.problem.is_none())
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
    /// What stands in the way of saving it.
    pub problem: Option<String>,
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

    async fn draft_all(&self, actor: &Actor, edits: Vec<CellEdit>) -> Result<()> {
        actor.require(Role::Admin)?;
        let account_id = actor.require_account()?;
        let now = self.now();
        let mut standing = HashMap::new();
        let mut drafts = Vec::with_capacity(edits.len());
        for mut edit in edits {
            self.connection(actor, edit.connection_id).await?;
            self.person(actor, edit.person_id).await?;
            // An id may have been typed in another form than the CRM's own.
            if let DraftEdit::Map { crm_user_id, .. } | DraftEdit::Reject { crm_user_id } =
                &mut edit.edit
            {
                *crm_user_id = self
                    .crm_user(actor, edit.connection_id, crm_user_id)
                    .await?
                    .id;
            }
            let held: &HashMap<PersonId, (MappingId, u64)> =
                match standing.entry(edit.connection_id) {
                    Entry::Occupied(known) => known.into_mut(),
                    Entry::Vacant(unknown) => {
                        unknown.insert(self.held_now(actor, edit.connection_id).await?)
                    }
                };
            let based_on = held.get(&edit.person_id).copied();
            drafts.push(Draft {
                account_id,
                connection_id: edit.connection_id,
                person_id: edit.person_id,
                edit: edit.edit,
                based_on,
                updated_at: now,
            });
        }
        Ok(self
            .store()
            .put_drafts(actor.organization(), &drafts)
            .await?)
    }

    /// The mapping of each person that holds now in a connection.
    async fn held_now(
        &self,
        actor: &Actor,
        connection: ConnectionId,
    ) -> Result<HashMap<PersonId, (MappingId, u64)>> {
        let query = MappingQuery {
            connection_id: Some(connection),
            at: Some(self.now()),
            ..MappingQuery::default()
        };
        let mappings = self.all_mappings(actor.organization(), &query).await?;
        Ok(mappings
            .into_iter()
            .map(|mapping| (mapping.person_id, (mapping.id, mapping.version)))
            .collect())
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
        let account = actor.require_account()?;
        let page = self
            .store()
            .list_drafts(
                actor.organization(),
                account,
                &PageRequest::first(LARGEST_PAGE),
            )
            .await?;
        let total = self
            .store()
            .count_drafts(actor.organization(), account)
            .await?;
        let mut lines = Vec::with_capacity(page.items.len());
        for draft in page.items {
            lines.push(self.review_line(actor, draft).await?);
        }
        Ok(Review { lines, total })
    }

    async fn review_line(&self, actor: &Actor, draft: Draft) -> Result<ReviewLine> {
        let organization = actor.organization();
        let connection = self.connection(actor, draft.connection_id).await?;
        let person = self.person(actor, draft.person_id).await?;
        let query = MappingQuery {
            connection_id: Some(draft.connection_id),
            person_id: Some(draft.person_id),
            at: Some(self.now()),
            ..MappingQuery::default()
        };
        let standing = self
            .all_mappings(organization, &query)
            .await?
            .into_iter()
            .next();
        let before = match &standing {
            Some(mapping) => {
                self.store()
                    .find_crm_user(organization, connection.id, &mapping.crm_user_id)
                    .await?
            }
            None => None,
        };
        let named = match &draft.edit {
            DraftEdit::Map { crm_user_id, .. } | DraftEdit::Reject { crm_user_id } => {
                self.store()
                    .find_crm_user(organization, connection.id, crm_user_id)
                    .await?
            }
            _ => None,
        };
        let stale = standing
            .as_ref()
            .map(|mapping| (mapping.id, mapping.version))
            != draft.based_on;
        let problem = if stale {
            Some("changed meanwhile by somebody else; look at it again".to_owned())
        } else {
            self.standing_elsewhere(actor, &draft).await?
        };
        let after = named;
        Ok(ReviewLine {
            draft,
            person,
            connection: connection.name,
            before,
            after,
            problem,
        })
    }

    /// Who else is mapped to the CRM user that the edit wants, unless the same draft frees it.
    async fn standing_elsewhere(&self, actor: &Actor, draft: &Draft) -> Result<Option<String>> {
        let DraftEdit::Map { crm_user_id, .. } = &draft.edit else {
            return Ok(None);
        };
        let query = MappingQuery {
            connection_id: Some(draft.connection_id),
            crm_user_id: Some(crm_user_id.clone()),
            at: Some(self.now()),
            ..MappingQuery::default()
        };
        for other in self.all_mappings(actor.organization(), &query).await? {
            if other.person_id == draft.person_id || !other.crm_user_exclusive {
                continue;
            }
            let edits = self
                .store()
                .drafts_about(actor.organization(), draft.account_id, &[other.person_id])
                .await?;
            let freed = edits.iter().any(|edit| {
                edit.connection_id == draft.connection_id
                    && !matches!(&edit.edit, DraftEdit::Map { crm_user_id: same, .. } if same == crm_user_id)
                    && !matches!(edit.edit, DraftEdit::HasAccount | DraftEdit::Reject { .. })
            });
            if !freed {
                let person = self.person(actor, other.person_id).await?;
                return Ok(Some(format!(
                    "{} is mapped to this user already; free it first",
                    person.profile.display_name
                )));
            }
        }
        Ok(None)
    }

    /// Saves the actor's draft as one change set and empties it. All or nothing: when an edit
    /// cannot be applied, the draft stays as it is.
    pub async fn save_draft(&self, actor: &Actor, reason: Option<String>) -> Result<ChangeSet> {
        actor.require(Role::Admin)?;
        let account = actor.require_account()?;
        let mut edits = Vec::new();
        let mut request = PageRequest::first(LARGEST_PAGE);
        loop {
            let page = self
                .store()
                .list_drafts(actor.organization(), account, &request)
                .await?;
            edits.extend(page.items.into_iter().map(|draft| CellEdit {
                based_on: Some(draft.based_on),
                ..CellEdit::new(draft.connection_id, draft.person_id, draft.edit)
            }));
            match page.next {
                Some(next) => request = PageRequest::new(Some(next), LARGEST_PAGE),
                None => break,
            }
        }
        let lines = self.lines_of(actor, &edits).await?;
        if lines.is_empty() && !edits.is_empty() {
            self.discard_draft(actor).await?;
        }
        self.apply(actor, lines, reason, true).await
    }
}

impl From<counterpart_model::time::TimeError> for Error {
    fn from(error: counterpart_model::time::TimeError) -> Self {
        Self::new(counterpart_model::Code::RequestInvalid, error.to_string())
    }
}
