//! Looking at everybody of a connection: who else fits decides how certain a pair is.

use std::sync::Arc;

use counterpart_matching::{Board, MatchResult, Side as Records, Tied, match_records};
use counterpart_model::{
    Connection, ConnectionId, CrmUserId, OrganizationId, PageRequest, PersonId,
};
use counterpart_store::evaluations::{Evaluated, Evaluation};

use super::has_crm_users;
use super::memory::{Kept, Memory};
use super::proposals::proposals;
use super::sides::Sides;
use crate::drift::Seen;
use crate::{Error, Result, Service};

/// For how long no other process looks at everybody of a connection, in seconds: longer than it
/// takes for a million.
const LEASE_SECONDS: i64 = 5 * 60;

/// When a look at everybody is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// In any case: something changed that is no change set.
    Now,
    /// Unless whoever was before us has looked at all that changed.
    IfStale,
}

impl Service {
    /// Looks at everybody of some connections, or of all, replaces what is proposed there and what
    /// is known of drift, and waits for it. For what no change set tells of: a run, another
    /// setting.
    pub(crate) async fn evaluate(
        &self,
        organization: OrganizationId,
        connections: Option<&[ConnectionId]>,
    ) -> Result<()> {
        let all = self.evaluable(organization).await?;
        let wanted: Vec<Connection> = all
            .into_iter()
            .filter(|connection| connections.is_none_or(|ids| ids.contains(&connection.id)))
            .collect();
        if wanted.is_empty() {
            let mut work = self.store().begin(organization).await?;
            work.refresh_situations(None, None, self.now()).await?;
            return Ok(work.commit().await?);
        }
        for connection in &wanted {
            self.evaluate_fully(organization, connection, Wanted::Now)
                .await?;
        }
        Ok(())
    }

    /// The connections of which there is something to evaluate.
    pub(super) async fn evaluable(&self, organization: OrganizationId) -> Result<Vec<Connection>> {
        let all = self.store().list_connections(organization).await?;
        let is_evaluable =
            |connection: &Connection| has_crm_users(connection) && connection.synced_at.is_some();
        Ok(all.into_iter().filter(is_evaluable).collect())
    }

    /// Looks at everybody of a connection, alone: whoever comes meanwhile waits, and has nothing
    /// to do then if everything that changed was seen. While another process does it, what is
    /// wanted is left to the schedule.
    pub(super) async fn evaluate_fully(
        &self,
        organization: OrganizationId,
        connection: &Connection,
        wanted: Wanted,
    ) -> Result<()> {
        let room = self.rooms.of(connection.id);
        let _turn = room.whole.lock().await;
        let before = self.evaluation(organization, connection.id).await?;
        if wanted == Wanted::IfStale && before.open_changes == 0 {
            return Ok(());
        }
        let name = format!("evaluate:{}", connection.id);
        let now = self.now();
        let until = now.plus_seconds(LEASE_SECONDS);
        let is_ours = self
            .store()
            .take_lease(organization, &name, &self.holder, now, until)
            .await?;
        if !is_ours {
            // What made it stale is noted already.
            if wanted == Wanted::Now {
                let mut work = self.store().begin(organization).await?;
                work.note_change(&[connection.id], now).await?;
                work.commit().await?;
            }
            return Ok(());
        }
        // Boxed, because whoever pulls or changes something carries this with it.
        let done = Box::pin(self.look_at_everybody(organization, connection, before)).await;
        self.store()
            .release_lease(organization, &name, &self.holder)
            .await?;
        done
    }

    async fn look_at_everybody(
        &self,
        organization: OrganizationId,
        connection: &Connection,
        before: Evaluation,
    ) -> Result<()> {
        let began = self.now();
        // Read before anything else, so that nothing is taken for seen that was not.
        let number = self.newest_change_set(organization).await?;
        let options = self.matching_options(organization, connection).await?;
        let staff = Arc::new(self.staff(organization).await?);
        let sides = self.sides(organization, connection, &staff).await?;
        let pairs = sides.left.len() as u64 * sides.right.len() as u64;
        let remembering = pairs > self.settled_at_once;
        let people: Vec<PersonId> = staff.people.iter().map(|person| person.id).collect();
        let users: Vec<CrmUserId> = sides.users.iter().map(|user| user.id.clone()).collect();
        let tied = Tied {
            left: sides.options.taken_left.iter().copied().collect(),
            right: sides.options.taken_right.iter().copied().collect(),
        };
        let (matched, sides) =
            tokio::task::spawn_blocking(move || (matched(&sides, remembering), sides))
                .await
                .map_err(Error::internal)?;
        let (result, board) = matched;
        let proposals = proposals(connection.id, &people, &users, &result);
        let seen = Seen {
            users: sides.users,
            mappings: sides.mappings,
            decisions: sides.decisions,
        };
        let found = self
            .find_drift(organization, connection, staff, seen, remembering)
            .await?;
        let room = self.rooms.of(connection.id);
        let mut memory = room.memory.lock().await;
        let now = self.now();
        let mut work = self.store().begin(organization).await?;
        work.replace_proposals(connection.id, None, &proposals)
            .await?;
        // Somebody may have been quicker.
        work.withdraw_proposals(connection.id, None, now).await?;
        work.replace_drift(connection.id, None, &found.drift)
            .await?;
        work.refresh_situations(Some(connection.id), None, now)
            .await?;
        let done = Evaluated {
            changes: before.open_changes,
            everybody_at: Some(began),
        };
        work.note_evaluation(connection.id, done).await?;
        work.commit().await?;
        self.look_for_inconsistencies(organization, connection.id, None)
            .await?;
        let kept = board.map(|board| {
            let kept = Kept {
                board,
                people,
                users,
                tied,
                acquaintances: found.acquaintances,
                options,
                evaluated_at: began,
                number,
            };
            Memory::new(connection, kept)
        });
        self.rooms.keep(&room, &mut memory, kept);
        self.catch_up(organization, connection, &mut memory).await?;
        Ok(())
    }

    /// How far what is proposed in a connection follows what is true.
    pub(super) async fn evaluation(
        &self,
        organization: OrganizationId,
        connection: ConnectionId,
    ) -> Result<Evaluation> {
        let all = self.store().list_evaluations(organization).await?;
        let mut all = all.into_iter();
        let found = all.find(|evaluation| evaluation.connection_id == connection);
        Ok(found.unwrap_or(Evaluation::none(connection)))
    }

    /// The number of the newest change set; 0 when there is none.
    async fn newest_change_set(&self, organization: OrganizationId) -> Result<u64> {
        let newest = PageRequest::first(1);
        let page = self.store().list_change_sets(organization, &newest).await?;
        Ok(page.items.first().map_or(0, |set| set.number))
    }
}

/// What the matcher finds, and what it has learned where that is to be kept.
fn matched(sides: &Sides, remembering: bool) -> (MatchResult, Option<Box<Board>>) {
    if !remembering {
        let result = match_records(&sides.left, &sides.right, &sides.options);
        return (result, None);
    }
    let board = Board::new(
        Records::of(&sides.left),
        Records::of(&sides.right),
        &sides.options,
    );
    (board.decide_all(&sides.options), Some(Box::new(board)))
}
