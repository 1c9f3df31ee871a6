//! Decisions about CRM users, and withdrawing decisions of any kind.

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
        actor.require(Role::Admin)?;
        let crm_user = self.crm_user(actor, connection, crm_user).await?;
        let decision = Decision {
            id: DecisionId::generate(self.clock(), self.entropy()),
            connection_id: connection,
            kind: DecisionKind::NotAPerson {
                crm_user_id: crm_user.id,
            },
            reason,
            expires_at: Timestamp::FOREVER,
            created_at: self.now(),
            version: 1,
        };
        let known = self.all_decisions(actor, Some(connection)).await?;
        if known.iter().any(|known| known.kind == decision.kind) {
            return self.apply(actor, Vec::new(), None, false).await;
        }
        let line = ChangeLine::Decision {
            before: None,
            after: Some(Box::new(decision)),
        };
        self.apply(actor, vec![line], None, false).await
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
