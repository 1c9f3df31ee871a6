//! How the pages of a list follow each other. Every list states it.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::Pointer;

/// How one page leads to the next.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Paging {
    /// The answer holds the address of the next page, absolute or from the root. It must lead
    /// to the same host; credentials go nowhere else.
    NextUrl {
        /// Where it stands; absent, `null` or empty on the last page.
        pointer: Pointer,
    },
    /// The answer's `Link` header names the next page (RFC 8288, `rel="next"`), on the same
    /// host.
    LinkHeader {},
    /// Pages are numbered; `{page}` is the number.
    Page {
        /// The number of the first.
        #[serde(default = "one")]
        first: u64,
        /// How the last page is known.
        end: End,
        /// Where an answer may hold a mark. Once it does, the next request has `{cursor}` and
        /// no `{page}`: for vendors who number the first pages only.
        #[serde(default)]
        mark: Option<Pointer>,
    },
    /// The answer holds a mark, `{cursor}` of the next request.
    Cursor {
        /// Where it stands; absent, `null` or empty on the last page.
        pointer: Pointer,
        /// Where the answer says whether there are more, for vendors whose last page has a mark
        /// as well.
        #[serde(default)]
        more: Option<Pointer>,
    },
    /// The next request says how many rows were read, `{offset}`.
    Offset {
        /// How the last page is known.
        end: End,
    },
    /// The next request asks for ids above the last one read, `{last}`. Rows come in the order
    /// of their ids: of whole numbers by their value, of texts byte by byte.
    Keyset {
        /// What `{last}` is on the first page: below every id.
        #[serde(default)]
        first: Below,
        /// How the last page is known.
        end: End,
    },
    /// There is only one page.
    None {
        /// Why that is certain.
        because: String,
    },
}

const fn one() -> u64 {
    1
}

/// How the last page of a list is known.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// It holds fewer rows than were asked for.
    ShortPage,
    /// It is empty: costs one more request, and is right even where pages may be short.
    EmptyPage,
    /// Something is absent, `null`, empty or `false` at this place on it.
    Without(Pointer),
    /// It says at this place, truth value or text, that there are no more. An answer that says
    /// nothing there is an error: silence must not cut a list short.
    More(Pointer),
    /// It says at this place that it is, with the truth value true.
    Last(Pointer),
}

/// A value below every id.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Below {
    /// Where ids are whole numbers.
    Number(i64),
    /// Where ids are text.
    Text(String),
}

impl Default for Below {
    fn default() -> Self {
        Self::Number(0)
    }
}

impl Paging {
    /// The input it offers to its list's requests.
    pub const fn input(&self) -> Option<&'static str> {
        match self {
            Self::Page { .. } => Some("page"),
            Self::Cursor { .. } => Some("cursor"),
            Self::Offset { .. } => Some("offset"),
            Self::Keyset { .. } => Some("last"),
            Self::NextUrl { .. } | Self::LinkHeader {} | Self::None { .. } => None,
        }
    }
}
