//! Where a pull is: an opaque text that survives a restart, and the memory by which a list that
//! leads back to itself is recognised.

use std::collections::BTreeMap;

use counterpart_model::{Code, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{ConnectorError, ErrorClass, ListScope};

/// The version of the cursor's form.
const VERSION: u8 = 1;
/// How many of the last pages are remembered one by one.
const REMEMBERED: usize = 16;
/// More pages than any provider has users for: a list that is longer has no end.
const MOST_PAGES: u64 = 500_000;

/// Where a page begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Position {
    /// At this address.
    Url(String),
    /// At the page of this number.
    Page(u64),
    /// At a mark that the provider gave.
    Mark(String),
    /// Behind so many rows.
    Offset(u64),
    /// Behind this id, a number.
    Last(i64),
    /// Behind this id, a text.
    LastText(String),
}

/// Tables that were looked up: by name, from key to text.
pub(super) type Tables = BTreeMap<String, BTreeMap<String, String>>;

/// Where a pull is.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Cursor {
    #[serde(rename = "v")]
    version: u8,
    /// Since when changes are asked for; `None`: every user.
    since: Option<Timestamp>,
    /// Which of the list's requests is being read.
    pub(super) request: usize,
    /// Where its next page begins; `None`: at its first.
    pub(super) position: Option<Position>,
    /// What the server's clock said at the beginning.
    pub(super) server_time: Option<Timestamp>,
    /// How many users the requests so far announced.
    pub(super) total: Option<u64>,
    /// Tables, where they are small enough to be carried along.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) tables: Option<Tables>,
    /// What the pages so far were.
    pub(super) trail: Trail,
}

impl Cursor {
    /// The beginning of a pull.
    pub(super) fn start(scope: ListScope) -> Self {
        Self {
            version: VERSION,
            since: since(scope),
            request: 0,
            position: None,
            server_time: None,
            total: None,
            tables: None,
            trail: Trail::default(),
        }
    }

    /// Reads a cursor, which must belong to a pull of the same scope.
    pub(super) fn parse(text: &str, scope: ListScope) -> Result<Self, ConnectorError> {
        serde_json::from_str::<Self>(text)
            .ok()
            .filter(|cursor| cursor.version == VERSION && cursor.since == since(scope))
            .ok_or_else(|| {
                ConnectorError::with_code(
                    ErrorClass::Conflict,
                    Code::ConnectionUnavailable,
                    "the pull cannot go on where it stopped; it begins again",
                )
            })
    }

    /// The cursor as text.
    pub(super) fn to_text(&self) -> String {
        serde_json::json!(self).to_string()
    }
}

const fn since(scope: ListScope) -> Option<Timestamp> {
    match scope {
        ListScope::Full => None,
        ListScope::ChangedSince(since) => Some(since),
    }
}

/// The memory of the pages that were read, of bounded size: the last few one by one, and one
/// older page that is replaced at every power of two (Brent's cycle detection), so that a circle
/// of any length is noticed.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Trail {
    pages: u64,
    last: Vec<u64>,
    anchor: [u64; 2],
}

impl Trail {
    /// Notes a page by what stands on it and where the next one begins. Fails when either was
    /// there before. A page on which nothing stands says nothing: several such may follow each
    /// other where rows are hidden behind the page's limit.
    pub(super) fn note(
        &mut self,
        ids: &[impl AsRef<str>],
        next: Option<&Position>,
    ) -> Result<(), ConnectorError> {
        let Some(next) = next else {
            return Ok(());
        };
        let leads_to = hash(
            [serde_json::json!(next).to_string().as_bytes()].into_iter(),
            2,
        );
        let content = match ids {
            [] => leads_to,
            ids => hash(ids.iter().map(|id| id.as_ref().as_bytes()), 1),
        };
        for mark in [content, leads_to] {
            if self.last.contains(&mark) || (self.pages > 0 && self.anchor.contains(&mark)) {
                return Err(repeated(self.pages + 1));
            }
        }
        self.pages += 1;
        if self.pages.is_power_of_two() {
            self.anchor = [content, leads_to];
        }
        self.last.extend([content, leads_to]);
        let surplus = self.last.len().saturating_sub(2 * REMEMBERED);
        self.last.drain(..surplus);
        if self.pages >= MOST_PAGES {
            return Err(repeated(self.pages));
        }
        Ok(())
    }

    /// Forgets the pages, since another request may bring the same users again.
    pub(super) fn begin_request(&mut self) {
        self.last.clear();
        self.anchor = [0; 2];
        self.pages = 0;
    }
}

/// The error of a list without an end.
pub(super) fn repeated(page: u64) -> ConnectorError {
    ConnectorError::with_code(
        ErrorClass::Malformed,
        Code::ConnectionCursorRepeated,
        format!("page {page} of the list leads back to one that was read already"),
    )
}

/// FNV-1a, 64 bits: the same in every version, since cursors outlive a version.
fn hash<'a>(pieces: impl Iterator<Item = &'a [u8]>, kind: u64) -> u64 {
    const PRIME: u64 = 0x0000_0100_0000_01b3;
    let mut hash = 0xcbf2_9ce4_8422_2325_u64 ^ kind;
    for piece in pieces {
        for byte in piece.iter().copied().chain([0xff]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(PRIME);
        }
    }
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(page: u64) -> Vec<String> {
        vec![format!("u{page}")]
    }

    #[test]
    fn a_list_that_goes_on_is_no_circle() {
        let mut trail = Trail::default();
        for page in 0..5_000 {
            let next = Position::Page(page + 1);
            trail
                .note(&ids(page), Some(&next))
                .expect("all pages differ");
        }
    }

    #[test]
    fn a_circle_of_any_length_is_noticed() {
        for length in [1, 2, 3, 15, 17, 100, 1_000] {
            let mut trail = Trail::default();
            let noticed = (0..10_000_u64).find(|page| {
                let next = Position::Mark(format!("{}", (page + 1) % length));
                trail.note(&ids(page % length), Some(&next)).is_err()
            });
            assert!(
                noticed.is_some_and(|page| page <= 4 * length + 1),
                "{length}: {noticed:?}"
            );
        }
    }

    #[test]
    fn empty_pages_may_follow_each_other() {
        let mut trail = Trail::default();
        for page in 1..50 {
            trail
                .note(&[""; 0], Some(&Position::Page(page)))
                .expect("where they lead differs");
        }
        let error = trail.note(&[""; 0], Some(&Position::Page(49)));
        assert!(error.is_err(), "this one leads back");
    }

    #[test]
    fn the_same_page_under_a_new_number_is_noticed() {
        let mut trail = Trail::default();
        trail
            .note(&ids(1), Some(&Position::Page(2)))
            .expect("first");
        let error = trail
            .note(&ids(1), Some(&Position::Page(3)))
            .expect_err("the same users");
        assert_eq!(error.code(), Code::ConnectionCursorRepeated);
    }

    #[test]
    fn a_cursor_of_another_pull_is_refused() {
        let cursor = Cursor::start(ListScope::Full).to_text();
        assert!(Cursor::parse(&cursor, ListScope::Full).is_ok());
        let other = ListScope::ChangedSince(Timestamp::from_micros(1));
        assert!(Cursor::parse(&cursor, other).is_err());
        assert!(Cursor::parse("2", ListScope::Full).is_err());
    }
}
