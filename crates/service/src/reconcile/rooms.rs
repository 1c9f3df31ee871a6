//! One room for each connection: where its evaluations wait for each other, and where the last look
//! at everybody is kept.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use counterpart_matching::NameJudge;
use counterpart_model::ConnectionId;
use tokio::sync::Mutex as Turn;

use super::memory::Memory;

/// Records that are kept in all: about 1 KB each.
const MOST_RECORDS: usize = 250_000;

/// What is known of a connection beside the database.
#[derive(Debug, Default)]
pub(super) struct Room {
    /// Held by whoever looks at everybody.
    pub(super) whole: Turn<()>,
    /// Held by whoever looks at some, and by whoever looked at everybody while it is written down.
    pub(super) memory: Turn<Option<Memory>>,
    records: AtomicUsize,
    used: AtomicU64,
}

impl Room {
    /// Keeps what was remembered, or forgets.
    fn keep(&self, memory: &mut Option<Memory>, new: Option<Memory>) {
        let records = new.as_ref().map_or(0, Memory::records);
        self.records.store(records, Ordering::Relaxed);
        *memory = new;
    }
}

/// The rooms of all connections that were evaluated since the process began.
#[derive(Default)]
pub(crate) struct Rooms {
    all: Mutex<HashMap<ConnectionId, Arc<Room>>>,
    uses: AtomicU64,
    judge: OnceLock<Arc<NameJudge>>,
}

impl Rooms {
    /// The judge of names: costly to build, and good for any number.
    pub(crate) fn judge(&self) -> Arc<NameJudge> {
        Arc::clone(self.judge.get_or_init(|| Arc::new(NameJudge::new())))
    }

    /// The room of a connection.
    pub(super) fn of(&self, connection: ConnectionId) -> Arc<Room> {
        // A panic elsewhere leaves a map of rooms as good as any.
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        let room = Arc::clone(all.entry(connection).or_default());
        let use_ = self.uses.fetch_add(1, Ordering::Relaxed);
        room.used.store(use_, Ordering::Relaxed);
        room
    }

    /// Keeps what was remembered in a room whose memory is held, and forgets what was not used for
    /// longest where it becomes too much.
    pub(super) fn keep(&self, room: &Room, memory: &mut Option<Memory>, new: Option<Memory>) {
        let new = new.filter(|new| new.records() <= MOST_RECORDS);
        room.keep(memory, new);
        let all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        let mut rooms: Vec<&Arc<Room>> = all.values().collect();
        rooms.sort_by_key(|room| room.used.load(Ordering::Relaxed));
        let records = |room: &&Arc<Room>| room.records.load(Ordering::Relaxed);
        let mut total: usize = rooms.iter().map(records).sum();
        for oldest in rooms {
            if total <= MOST_RECORDS {
                return;
            }
            // Whose memory is held is being used, or is the one that is kept just now.
            if let Ok(mut held) = oldest.memory.try_lock() {
                total -= oldest.records.load(Ordering::Relaxed);
                oldest.keep(&mut held, None);
            }
        }
    }
}
