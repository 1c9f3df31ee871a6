//! What was changed, by whom, when and why.

use std::collections::HashMap;

use counterpart_model::audit::AuditEntry;
use counterpart_model::{
    Account, AccountId, ChangeLine, ChangeSet, Code, Page, PageRequest, PersonId,
};

use super::Authorship;
use crate::{Actor, Error, Result, Service};

/// A change set with its maker's address.
#[derive(Debug, Clone)]
pub struct ChangeSetView {
    /// The change set.
    pub change_set: ChangeSet,
    /// Who made it; `None` for the command line, a token or the service itself.
    pub account: Option<Account>,
    /// Who approved it before it was applied, where somebody had to.
    pub approved_by: Option<Authorship>,
}

impl Service {
    /// The change sets of the actor's organization, newest first.
    pub async fn list_change_sets(
        &self,
        actor: &Actor,
        page: &PageRequest,
    ) -> Result<Page<ChangeSetView>> {
        let found = self
            .store()
            .list_change_sets(actor.organization(), page)
            .await?;
        self.with_makers(actor, found).await
    }

    /// Change sets with their makers' addresses.
    async fn with_makers(
        &self,
        actor: &Actor,
        found: Page<ChangeSet>,
    ) -> Result<Page<ChangeSetView>> {
        let mut known: HashMap<AccountId, Option<Account>> = HashMap::new();
        let mut items = Vec::with_capacity(found.items.len());
        for change_set in found.items {
            let account = match change_set.account_id {
                Some(id) if !known.contains_key(&id) => {
                    let account = self.store().find_account(id).await?;
                    known.insert(id, account.clone());
                    account
                }
                Some(id) => known.get(&id).cloned().flatten(),
                None => None,
            };
            items.push(ChangeSetView {
                approved_by: self.approver(actor, &change_set).await?,
                change_set,
                account,
            });
        }
        Ok(Page {
            items,
            next: found.next,
        })
    }

    /// The change sets that touched a person, newest first.
    pub async fn change_sets_about(
        &self,
        actor: &Actor,
        person: PersonId,
        page: &PageRequest,
    ) -> Result<Page<ChangeSetView>> {
        self.person(actor, person).await?;
        let found = self
            .store()
            .change_sets_about(actor.organization(), person, page)
            .await?;
        self.with_makers(actor, found).await
    }

    /// A change set, and a page of its lines.
    pub async fn change_set(
        &self,
        actor: &Actor,
        number: u64,
        page: &PageRequest,
    ) -> Result<(ChangeSet, Page<ChangeLine>)> {
        let found = self.find_change_set(actor, number).await?;
        let lines = self
            .store()
            .list_change_lines(actor.organization(), number, page)
            .await?;
        Ok((found, lines))
    }

    /// The change set of a number, or the error that there is none.
    pub(super) async fn find_change_set(&self, actor: &Actor, number: u64) -> Result<ChangeSet> {
        self.store()
            .find_change_set(actor.organization(), number)
            .await?
            .ok_or_else(|| {
                Error::new(
                    Code::RequestNotFound,
                    format!("there is no change set {number}"),
                )
            })
    }

    /// A change set with its maker's address.
    pub async fn with_maker(&self, actor: &Actor, change_set: ChangeSet) -> Result<ChangeSetView> {
        let account = match change_set.account_id {
            Some(id) => self.store().find_account(id).await?,
            None => None,
        };
        Ok(ChangeSetView {
            approved_by: self.approver(actor, &change_set).await?,
            change_set,
            account,
        })
    }

    async fn approver(&self, actor: &Actor, change_set: &ChangeSet) -> Result<Option<Authorship>> {
        match change_set.approval {
            Some(approval) => self.authorship(actor, approval.by).await.map(Some),
            None => Ok(None),
        }
    }

    /// The audit chain, newest first.
    pub async fn list_audit(&self, actor: &Actor, page: &PageRequest) -> Result<Page<AuditEntry>> {
        Ok(self.store().list_audit(actor.organization(), page).await?)
    }
}
