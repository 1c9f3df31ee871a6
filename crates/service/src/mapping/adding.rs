//! One more mapping, from either side: what it would mean, and putting it into the draft.

use counterpart_model::{
    Connection, ConnectionId, CrmUser, CrmUserId, DraftEdit, Person, PersonId, Role,
};
use counterpart_store::mappings::MappingQuery;

use super::{CellEdit, MappingView};
use crate::{Actor, Result, Service};

/// A pair that somebody wants, with what stands in its place now.
#[derive(Debug, Clone)]
pub struct PairCheck {
    /// In which connection.
    pub connection: Connection,
    /// Who.
    pub person: Person,
    /// Is to be whom.
    pub crm_user: CrmUser,
    /// Whether it is so already.
    pub is_there: bool,
    /// Whom the person is there now, and would be no longer.
    pub replaced: Vec<MappingView>,
    /// Who is the CRM user now: it has to be moved away from them.
    pub holders: Vec<MappingView>,
}

impl PairCheck {
    /// Whether it can be wanted as it is, without moving anything.
    pub fn is_free(&self) -> bool {
        self.holders.is_empty() && !self.is_there
    }
}

impl Service {
    /// What stands in the place of a pair. Nobody stands there who shares it: a shared seat, or a
    /// connection in which several may be one.
    pub async fn check_pair(
        &self,
        actor: &Actor,
        connection: ConnectionId,
        person: PersonId,
        crm_user: &CrmUserId,
    ) -> Result<PairCheck> {
        let connection = self.connection(actor, connection).await?;
        let person = self.person(actor, person).await?;
        let crm_user = self.crm_user(actor, connection.id, crm_user).await?;
        let own = self
            .standing_now(actor, connection.id, Some(person.id), None)
            .await?;
        let shared = !connection.cardinality.crm_user_exclusive()
            || self
                .shared_seat(actor, connection.id, &crm_user.id)
                .await?
                .is_some();
        let holders = if shared {
            Vec::new()
        } else {
            let held = self
                .standing_now(actor, connection.id, None, Some(&crm_user.id))
                .await?;
            held.into_iter()
                .filter(|view| view.mapping.person_id != person.id)
                .collect()
        };
        let is_there = own
            .iter()
            .any(|view| view.mapping.crm_user_id == crm_user.id);
        let replaced = if is_there || !connection.cardinality.person_exclusive() {
            Vec::new()
        } else {
            own
        };
        Ok(PairCheck {
            connection,
            person,
            crm_user,
            is_there,
            replaced,
            holders,
        })
    }

    /// Puts a pair into the actor's draft. Whoever holds the CRM user is unmapped in the same
    /// draft where `move_here` says so; else saving would name the clash.
    pub async fn draft_pair(
        &self,
        actor: &Actor,
        connection: ConnectionId,
        person: PersonId,
        crm_user: &CrmUserId,
        move_here: bool,
    ) -> Result<()> {
        actor.require(Role::Admin)?;
        let checked = self.check_pair(actor, connection, person, crm_user).await?;
        let map = DraftEdit::Map {
            crm_user_id: checked.crm_user.id,
            accepted: false,
        };
        let mut edits = vec![CellEdit::new(connection, person, map)];
        if move_here {
            edits.extend(
                checked.holders.iter().map(|view| {
                    CellEdit::new(connection, view.mapping.person_id, DraftEdit::Unmap)
                }),
            );
        }
        self.draft_all(actor, edits).await
    }

    /// The mappings that hold now, of a person or to a CRM user of a connection.
    async fn standing_now(
        &self,
        actor: &Actor,
        connection: ConnectionId,
        person: Option<PersonId>,
        crm_user: Option<&CrmUserId>,
    ) -> Result<Vec<MappingView>> {
        let query = MappingQuery {
            connection_id: Some(connection),
            person_id: person,
            crm_user_id: crm_user.cloned(),
            at: Some(self.now()),
        };
        let page = counterpart_model::PageRequest::first(100);
        Ok(self.list_mappings(actor, &query, &page).await?.items)
    }
}
