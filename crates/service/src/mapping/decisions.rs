//! Decisions about CRM users, and withdrawing decisions of any kind.

use std::collections::HashSet;

use counterpart_model::{
    ChangeLine, ChangeSet, Code, ConnectionId, CrmUserId, Decision, DecisionId, DecisionKind, Page,
    PageRequest, Role, Timestamp, paging::LARGEST_PAGE,
};

use crate::{Actor, Error, Result, Service};

impl Service {
    /// Records that a CRM user is no human being, so that it is proposed to nobody.
    pub async fn decide_not_a_person(
        &self,
        actor: &Actor,
        connection: ConnectionId,
        crm_user: &CrmUserId,
        reason: Option<String>,
    ) -> Result<ChangeSet> {
        let one = std::slice::from_ref(crm_user);
        self.decide_not_people(actor, connection, one, reason).await
    }

    /// Records that some CRM users are no human beings, as one change set. Those of whom it is
    /// known already make no line.
    pub async fn decide_not_people(
        &self,
        actor: &Actor,
        connection: ConnectionId,
        crm_users: &[CrmUserId],
        reason: Option<String>,
    ) -> Result<ChangeSet> {
        actor.require(Role::Admin)?;
        let known = self.all_decisions(actor, Some(connection)).await?;
        let mut decided: HashSet<CrmUserId> = known
            .into_iter()
            .filter_map(|decision| match decision.kind {
                DecisionKind::NotAPerson { crm_user_id } => Some(crm_user_id),
                _ => None,
            })
            .collect();
        let mut lines = Vec::new();
        for crm_user in crm_users {
            let crm_user_id = self.crm_user(actor, connection, crm_user).await?.id;
            if !decided.insert(crm_user_id.clone()) {
                continue;
            }
            lines.push(ChangeLine::Decision {
                before: None,
                after: Some(Box::new(Decision {
                    id: DecisionId::generate(self.clock(), self.entropy()),
                    connection_id: connection,
                    kind: DecisionKind::NotAPerson { crm_user_id },
                    reason: reason.clone(),
                    expires_at: Timestamp::FOREVER,
                    created_at: self.now(),
                    version: 1,
                })),
            });
        }
        self.apply(actor, lines, None, false).await
    }

    /// Withdraws a decision. A shared seat is withdrawn only when at most one person is mapped to
    /// it at any time.
    pub async fn withdraw_decision(&self, actor: &Actor, id: DecisionId) -> Result<ChangeSet> {
        actor.require(Role::Admin)?;
        let known = self.all_decisions(actor, None).await?;
        let decision = known
            .into_iter()
            .find(|decision| decision.id == id)
            .ok_or_else(|| {
                Error::new(Code::RequestNotFound, format!("there is no decision {id}"))
            })?;
        let lines = self.lines_to_unshare(actor, decision).await?;
        self.apply(actor, lines, None, false).await
    }

    /// The decisions of a connection, or of all, expired ones included.
    pub async fn list_decisions(
        &self,
        actor: &Actor,
        connection: Option<ConnectionId>,
        page: &PageRequest,
    ) -> Result<Page<Decision>> {
        Ok(self
            .store()
            .list_decisions(actor.organization(), connection, page)
            .await?)
    }

    /// Every decision of a connection, or of all, over all pages.
    pub(crate) async fn all_decisions(
        &self,
        actor: &Actor,
        connection: Option<ConnectionId>,
    ) -> Result<Vec<Decision>> {
        let mut all = Vec::new();
        let mut request = PageRequest::first(LARGEST_PAGE);
        loop {
            let page = self.list_decisions(actor, connection, &request).await?;
            all.extend(page.items);
            match page.next {
                Some(next) => request = PageRequest::new(Some(next), LARGEST_PAGE),
                None => return Ok(all),
            }
        }
    }
}
