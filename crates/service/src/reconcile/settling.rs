//! What a change set brings with it: in its own transaction what is true no longer goes, right
//! behind it whom it concerns is looked at.

use std::collections::BTreeSet;

use counterpart_model::{
    ChangeLine, Connection, ConnectionId, CrmUserId, OrganizationId, PersonId, Timestamp,
};
use counterpart_store::UnitOfWork;
use counterpart_store::crm_users::CrmUserCount;
use counterpart_store::unit_of_work::Concerning;

use super::Concerned;
use super::full::Wanted;
use crate::{Result, Service};

/// People among whom nobody is looked for one by one.
const MANY: usize = 2_000;

/// Whom a change set concerns, and where.
pub(crate) struct Change {
    concerned: Concerned,
    /// The connections with something to evaluate that it concerns.
    connections: Vec<Connection>,
}

impl Service {
    /// Whom some lines concern, and in which connections.
    pub(crate) async fn change_of(
        &self,
        organization: OrganizationId,
        lines: &[ChangeLine],
    ) -> Result<Change> {
        let concerned = Concerned::by(lines);
        let mut connections = self.evaluable(organization).await?;
        connections.retain(|connection| !concerned.within(connection.id).is_empty());
        Ok(Change {
            concerned,
            connections,
        })
    }

    /// In the transaction of a change set: nothing stays proposed that cannot be accepted any
    /// more, the situations of those concerned are derived anew, and the change is noted, so that
    /// it is evaluated even if the process ends here.
    pub(crate) async fn make_room(
        &self,
        work: &mut dyn UnitOfWork,
        change: &Change,
        now: Timestamp,
    ) -> Result<()> {
        let mut everywhere = change.concerned.people.clone();
        for connection in &change.connections {
            let sides = change.concerned.within(connection.id);
            let people: Vec<PersonId> = sides.people.iter().copied().collect();
            let crm_users: Vec<CrmUserId> = sides.crm_users.into_iter().collect();
            let concerning = Concerning {
                people: &people,
                crm_users: &crm_users,
            };
            let withdrawn = work
                .withdraw_proposals(connection.id, Some(concerning), now)
                .await?;
            let here = here(&change.concerned, connection.id, withdrawn);
            refresh(work, Some(connection.id), &here, now).await?;
        }
        // Connections that were never synced have situations, too.
        let evaluated = |id: &ConnectionId| change.connections.iter().any(|it| it.id == *id);
        let others = change.concerned.connections.iter();
        for (_, sides) in others.filter(|(id, _)| !evaluated(id)) {
            everywhere.extend(&sides.people);
        }
        refresh(work, None, &everywhere, now).await?;
        let ids: Vec<ConnectionId> = change.connections.iter().map(|it| it.id).collect();
        Ok(work.note_change(&ids, now).await?)
    }

    /// Looks at whom a change set concerns, right behind it. At everybody of a connection where
    /// that is quick; where it is not and nothing is kept of the last time, in the background:
    /// until then nothing counts as certain there that may be so no more.
    pub(crate) async fn reconcile(
        &self,
        organization: OrganizationId,
        change: &Change,
    ) -> Result<()> {
        for connection in &change.connections {
            if self.settle(organization, connection).await? {
                continue;
            }
            if change.concerned.within(connection.id).frees {
                self.doubt(organization, connection.id).await?;
            }
            self.reconciling.notify_one();
        }
        Ok(())
    }

    /// Looks at whatever has changed in a connection, if that is quick; whether it was.
    async fn settle(&self, organization: OrganizationId, connection: &Connection) -> Result<bool> {
        let room = self.rooms.of(connection.id);
        {
            let mut memory = room.memory.lock().await;
            if memory.is_some()
                && Box::pin(self.catch_up(organization, connection, &mut memory)).await?
            {
                return Ok(true);
            }
        }
        if !self.is_quick(organization, connection.id).await? {
            return Ok(false);
        }
        self.evaluate_fully(organization, connection, Wanted::IfStale)
            .await?;
        Ok(true)
    }

    /// Whether everybody of a connection can be looked at while somebody waits.
    async fn is_quick(
        &self,
        organization: OrganizationId,
        connection: ConnectionId,
    ) -> Result<bool> {
        let people = self.store().count_people(organization).await?.active;
        let CrmUserCount { present, .. } = self
            .store()
            .count_crm_users(organization, connection)
            .await?;
        Ok(people.saturating_mul(present) <= self.settled_at_once)
    }

    /// Lets nothing be certain in a connection until everybody is looked at.
    async fn doubt(&self, organization: OrganizationId, connection: ConnectionId) -> Result<()> {
        let now = self.now();
        let mut work = self.store().begin(organization).await?;
        let doubted = work.doubt_proposals(connection).await?;
        let doubted = doubted.into_iter().collect();
        refresh(work.as_mut(), Some(connection), &doubted, now).await?;
        Ok(work.commit().await?)
    }
}

/// Whose situations may be others in one connection and are derived for it alone.
fn here(
    concerned: &Concerned,
    connection: ConnectionId,
    withdrawn: Vec<PersonId>,
) -> BTreeSet<PersonId> {
    let tied = concerned.connections.get(&connection);
    let tied = tied.into_iter().flat_map(|sides| &sides.people).copied();
    let elsewhere = &concerned.people;
    let all = tied.chain(withdrawn);
    all.filter(|person| !elsewhere.contains(person)).collect()
}

/// Derives the situations of some people, or of everybody where they are very many.
async fn refresh(
    work: &mut dyn UnitOfWork,
    connection: Option<ConnectionId>,
    people: &BTreeSet<PersonId>,
    now: Timestamp,
) -> Result<()> {
    if people.is_empty() {
        return Ok(());
    }
    let people: Vec<PersonId> = people.iter().copied().collect();
    let some = (people.len() <= MANY).then_some(people.as_slice());
    Ok(work.refresh_situations(connection, some, now).await?)
}
