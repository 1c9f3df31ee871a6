//! What clients wrote: calls, notes, tasks, tickets, time entries, each in the vendor's fields.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

/// A record that a client wrote.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Record {
    /// What the vendor calls such a record: `Task`, `calls`, `TicketNote`.
    pub kind: String,
    /// The vendor's id.
    pub id: String,
    /// The id of the user it is under; none where the vendor left it to nobody.
    pub owner: Option<String>,
    /// The record as the vendor answers with it.
    pub fields: Value,
    /// When it was written.
    pub created: Timestamp,
    /// When it was last changed.
    pub modified: Timestamp,
}

/// All records that were written, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Records {
    shown: Vec<Record>,
    hidden: Vec<Record>,
}

impl Records {
    pub(crate) fn all(&self) -> &[Record] {
        &self.shown
    }

    /// Those of a kind, oldest first.
    pub(crate) fn of(&self, kind: &str) -> impl Iterator<Item = &Record> {
        self.shown.iter().filter(move |record| record.kind == kind)
    }

    /// How many of a kind there are: the number of the next one.
    pub(crate) fn count(&self, kind: &str) -> usize {
        self.of(kind).count()
    }

    pub(crate) fn find(&self, kind: &str, id: &str) -> Option<&Record> {
        self.of(kind).find(|record| record.id == id)
    }

    pub(crate) fn find_mut(&mut self, kind: &str, id: &str) -> Option<&mut Record> {
        let mut all = self.shown.iter_mut();
        all.find(|record| record.kind == kind && record.id == id)
    }

    pub(crate) fn add(&mut self, record: Record) {
        self.shown.push(record);
    }

    /// Those that were taken out of sight, oldest first.
    pub(crate) fn hidden(&self) -> &[Record] {
        &self.hidden
    }

    /// Takes one out of sight, for vendors who keep what was deleted; whether it was there.
    pub(crate) fn hide(&mut self, kind: &str, id: &str, change: impl FnOnce(&mut Record)) -> bool {
        let mut all = self.shown.iter();
        let Some(at) = all.position(|record| record.kind == kind && record.id == id) else {
            return false;
        };
        let mut record = self.shown.remove(at);
        change(&mut record);
        self.hidden.push(record);
        true
    }

    /// Removes one; whether it was there.
    pub(crate) fn remove(&mut self, kind: &str, id: &str) -> bool {
        let before = self.shown.len();
        self.shown
            .retain(|record| !(record.kind == kind && record.id == id));
        self.shown.len() < before
    }
}
