//! Users as a CRM connection knows them.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{ConnectionId, Policy, RunId, Timestamp, folding, person::fold_all};

/// A CRM's immutable id of one of its users: opaque, compared byte by byte, never a number.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CrmUserId(pub String);

impl fmt::Display for CrmUserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether somebody can work with the account now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum CrmUserState {
    /// Can sign in and own records.
    #[default]
    Active,
    /// Deactivated, disabled, frozen or archived.
    Inactive,
    /// Invited, has not accepted yet.
    Invited,
    /// Deleted in the CRM, which still reports it.
    Deleted,
}

impl CrmUserState {
    /// Its name in databases, files and the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Inactive => "inactive",
            Self::Invited => "invited",
            Self::Deleted => "deleted",
        }
    }
}

/// Whether the account is a human's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum CrmUserKind {
    /// A human being.
    #[default]
    Person,
    /// An integration, API or system user.
    Api,
    /// A queue, team or round-robin owner.
    Queue,
    /// A customer's or partner's login.
    Portal,
    /// A mailbox or login that several people use.
    Shared,
}

impl CrmUserKind {
    /// Its name in databases, files and the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Api => "api",
            Self::Queue => "queue",
            Self::Portal => "portal",
            Self::Shared => "shared",
        }
    }
}

/// Another id of the same user in the same CRM, for example the employee's id where work
/// belongs to employees.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OtherId {
    /// Which kind, in the connector's words.
    pub kind: String,
    /// The id.
    pub value: String,
}

/// What a CRM says of one of its users. Lists are in order of preference.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CrmUserProfile {
    /// The name as the CRM shows it.
    pub display_name: String,
    /// Given name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given_name: Option<String>,
    /// Family name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family_name: Option<String>,
    /// E-mail addresses, the main one first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub emails: Vec<String>,
    /// The name the user signs in with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// Phone numbers as the CRM has them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub phones: Vec<String>,
    /// Extension of the phone system, where the CRM keeps one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extension: Option<String>,
    /// Number of the employee, or the id of an identity provider.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub employee_number: Option<String>,
    /// Job title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Department.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
    /// Role or profile in the CRM.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// Licence in the CRM.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub licence: Option<String>,
    /// Other ids of the same user.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub other_ids: Vec<OtherId>,
    /// Whether the account can be worked with.
    pub state: CrmUserState,
    /// Whether the account is a human's.
    pub kind: CrmUserKind,
    /// When the user last signed in, where the CRM tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_login_at: Option<Timestamp>,
}

/// A user of one CRM connection, as of the last complete run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CrmUser {
    /// In which connection.
    pub connection_id: ConnectionId,
    /// The CRM's id of it.
    pub id: CrmUserId,
    /// What the CRM says of it.
    pub profile: CrmUserProfile,
    /// When it was first seen.
    pub first_seen_at: Timestamp,
    /// The run that last saw it.
    pub last_run_id: RunId,
    /// Since when full runs no longer find it; `None` while it is there. Its mappings go on.
    pub missing_since: Option<Timestamp>,
    /// Since when it counts as gone, because it stayed away for as long as its connection's
    /// policy waits.
    pub gone_since: Option<Timestamp>,
}

impl CrmUser {
    /// From when on it will count as gone, if it stays away; `None` for one that is there, or
    /// gone already.
    pub fn counts_as_gone_at(&self, policy: &Policy) -> Option<Timestamp> {
        let since = self.missing_since.filter(|_| self.gone_since.is_none())?;
        Some(since.plus_seconds(policy.grace_seconds()))
    }

    /// Whether it can be chosen for the present: there, active and not removed.
    pub fn is_usable(&self) -> bool {
        self.gone_since.is_none()
            && matches!(
                self.profile.state,
                CrmUserState::Active | CrmUserState::Invited
            )
    }
}

impl CrmUserProfile {
    /// The folded name by which lists are sorted.
    pub fn sort_key(&self) -> String {
        folding::fold(&self.display_name)
    }

    /// Everything by which the user is searched, folded. A shorter form of an id that is a
    /// prefix of the long one is found too, because search looks for parts of words.
    pub fn search_text(&self, id: &CrmUserId) -> String {
        let words = [&self.display_name, &id.0]
            .into_iter()
            .chain(&self.given_name)
            .chain(&self.family_name)
            // Often an e-mail address with something behind it, which then need not be repeated.
            .chain(&self.username)
            .chain(&self.emails)
            .chain(&self.extension)
            .chain(&self.employee_number)
            .chain(&self.phones)
            .chain(self.other_ids.iter().map(|other| &other.value));
        fold_all(words)
    }
}
