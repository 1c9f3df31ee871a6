//! Views of the mapping that somebody keeps: a name for a filter.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{AccountId, SavedViewId, Timestamp};

/// The most characters of a view's name.
pub const LONGEST_NAME: usize = 60;
/// The most characters of a view's query.
pub const LONGEST_QUERY: usize = 2_000;
/// The most views that one account keeps.
pub const MOST_VIEWS: usize = 100;

/// Which page a view is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ViewPage {
    /// A row for each person.
    #[default]
    People,
    /// A row for each CRM user of a connection.
    CrmUsers,
}

impl ViewPage {
    /// Every page.
    pub const ALL: [Self; 2] = [Self::People, Self::CrmUsers];

    /// Its name in databases and the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::People => "people",
            Self::CrmUsers => "crm_users",
        }
    }
}

/// The text names no page.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no page of the mapping; choose people or crm_users")]
pub struct ParsePageError(pub String);

impl FromStr for ViewPage {
    type Err = ParsePageError;

    fn from_str(text: &str) -> Result<Self, ParsePageError> {
        Self::ALL
            .into_iter()
            .find(|page| page.as_str() == text)
            .ok_or_else(|| ParsePageError(text.to_owned()))
    }
}

/// A filter of the mapping with a name, of one account or of everybody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedView {
    /// Its id.
    pub id: SavedViewId,
    /// Who made it; `None` for a token or the command line.
    pub account_id: Option<AccountId>,
    /// What it is called.
    pub name: String,
    /// Of which page.
    pub page: ViewPage,
    /// What the page is asked, as it stands behind the question mark of its address.
    pub query: String,
    /// Whether everybody in the organization sees it, or its maker alone.
    pub shared: bool,
    /// When it was made.
    pub created_at: Timestamp,
}

impl SavedView {
    /// Whether somebody sees it.
    pub fn is_seen_by(&self, account: Option<AccountId>) -> bool {
        self.shared || (self.account_id.is_some() && self.account_id == account)
    }
}
