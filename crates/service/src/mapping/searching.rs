//! Searches as people type them: an id in whatever form the vendor shows it.

use counterpart_model::{Connection, ConnectionId, CrmUserId};

use crate::{Actor, Result, Service};

impl Service {
    /// `search`, or the form in which a connection keeps the id that it is.
    pub(super) async fn canonical_search(
        &self,
        connection: ConnectionId,
        actor: &Actor,
        search: &str,
    ) -> Result<String> {
        if !is_one_word(search) {
            return Ok(search.to_owned());
        }
        let known = self.connection(actor, connection).await?;
        let found = self.typed_id(actor, &known, search.trim()).await?;
        Ok(found.map_or_else(|| search.to_owned(), |id| id.0))
    }

    /// The same over all connections, or one of them.
    pub(super) async fn canonical_search_in(
        &self,
        actor: &Actor,
        connections: Option<ConnectionId>,
        search: &str,
    ) -> Result<String> {
        if !is_one_word(search) {
            return Ok(search.to_owned());
        }
        let all = self.store().list_connections(actor.organization()).await?;
        for known in all {
            if connections.is_some_and(|only| only != known.id) {
                continue;
            }
            if let Some(id) = self.typed_id(actor, &known, search.trim()).await? {
                return Ok(id.0);
            }
        }
        Ok(search.to_owned())
    }

    /// The CRM user's id that was typed in another form than it is kept in. Forms in which it
    /// would be found anyway are left as they are, without asking the database.
    async fn typed_id(
        &self,
        actor: &Actor,
        connection: &Connection,
        typed: &str,
    ) -> Result<Option<CrmUserId>> {
        let canonical = self
            .connectors()
            .get(&connection.provider)
            .and_then(|connector| connector.normalise_id(typed));
        let Some(canonical) = canonical.filter(|id| !id.0.contains(typed)) else {
            return Ok(None);
        };
        Ok(self
            .store()
            .find_crm_user(actor.organization(), connection.id, &canonical)
            .await?
            .map(|user| user.id))
    }
}

fn is_one_word(search: &str) -> bool {
    search.split_whitespace().count() == 1
}
