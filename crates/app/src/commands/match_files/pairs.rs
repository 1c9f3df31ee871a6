//! Files of pairs: which columns hold the two ids.

use std::path::Path;

use counterpart_model::Code;
use counterpart_tabular::header_words;

use super::error::MatchError;
use super::ids::Ids;

/// The ids of both files.
#[derive(Debug, Clone, Copy)]
pub(super) struct BothIds<'a> {
    pub(super) left: &'a Ids,
    pub(super) right: &'a Ids,
}

/// Where a file of pairs keeps its two ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PairColumns {
    pub(super) a: usize,
    pub(super) b: usize,
}

impl PairColumns {
    /// The columns `a_id` and `b_id`, else the first two.
    pub(super) fn find(path: &Path, headers: &[String]) -> Result<Self, MatchError> {
        let a = column(headers, "a id").unwrap_or(0);
        let b = column(headers, "b id").unwrap_or(1);
        if headers.len() < 2 || a == b {
            return Err(MatchError::content(
                Code::FileHeader,
                path,
                Some(1),
                "pairs need two columns",
                "name them a_id and b_id",
            ));
        }
        Ok(Self { a, b })
    }
}

/// The column of a header, in any spelling of it.
pub(super) fn column(headers: &[String], words: &str) -> Option<usize> {
    headers
        .iter()
        .position(|header| header_words(header) == words)
}
