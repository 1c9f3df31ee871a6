//! Pages of lists. Every list is paged; a cursor is opaque to whoever gets it.

use serde::{Deserialize, Serialize};

/// Where a list goes on. Opaque: only the store that made it reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cursor(pub String);

/// The most items a page may have.
pub const LARGEST_PAGE: u32 = 1_000;

/// Which page is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageRequest {
    /// Behind which item to go on; the beginning without it.
    pub after: Option<Cursor>,
    limit: u32,
}

impl PageRequest {
    /// At most `limit` items (1 to [`LARGEST_PAGE`]; other values are moved to the nearer bound)
    /// behind `after`.
    pub fn new(after: Option<Cursor>, limit: u32) -> Self {
        Self {
            after,
            limit: limit.clamp(1, LARGEST_PAGE),
        }
    }

    /// The first `limit` items.
    pub fn first(limit: u32) -> Self {
        Self::new(None, limit)
    }

    /// The most items wanted, 1 to [`LARGEST_PAGE`].
    pub const fn limit(&self) -> u32 {
        self.limit
    }
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page<T> {
    /// The items, in the list's order.
    pub items: Vec<T>,
    /// Where the next page begins; `None` on the last one.
    pub next: Option<Cursor>,
}

impl<T> Page<T> {
    /// The page with every item turned into another by `change`.
    pub fn map<U>(self, change: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(change).collect(),
            next: self.next,
        }
    }
}
