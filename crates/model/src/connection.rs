//! Connections: the connected systems of an organization.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Code, ConnectionId, Policy, Timestamp};

/// The provider name of the built-in connection that every organization has: people kept by
/// hand or by file.
pub const DIRECTORY: &str = "directory";

/// What a connection's users are to the organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Its users are CRM users, to be mapped to people.
    Crm,
    /// Its users are the organization's people.
    Platform,
    /// Both.
    Both,
}

impl Side {
    /// Its name in databases, files and the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Crm => "crm",
            Self::Platform => "platform",
            Self::Both => "both",
        }
    }
}

/// Whether the connected system is for real.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Environment {
    /// The system people work in.
    #[default]
    Production,
    /// The CRM's own test environment.
    Sandbox,
}

impl Environment {
    /// Its name in databases, files and the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Production => "production",
            Self::Sandbox => "sandbox",
        }
    }
}

/// Which sides of a connection may be mapped more than once at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cardinality {
    /// A person has one CRM user and a CRM user one person, in every moment.
    #[default]
    OneToOne,
    /// Several people may share a CRM user.
    PeopleShareCrmUser,
    /// A person may have several CRM users.
    PersonHasCrmUsers,
}

impl Cardinality {
    /// Its name in databases, files and the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OneToOne => "one_to_one",
            Self::PeopleShareCrmUser => "people_share_crm_user",
            Self::PersonHasCrmUsers => "person_has_crm_users",
        }
    }

    /// Whether a person may have at most one mapping at a time.
    pub const fn person_exclusive(self) -> bool {
        !matches!(self, Self::PersonHasCrmUsers)
    }

    /// Whether a CRM user may have at most one mapping at a time.
    pub const fn crm_user_exclusive(self) -> bool {
        !matches!(self, Self::PeopleShareCrmUser)
    }
}

/// How a connection is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConnectionState {
    /// Saved, not tried yet.
    New,
    /// The last call worked.
    Healthy,
    /// The last run stopped for a passing reason; it will be tried again.
    Troubled,
    /// Nothing will work until somebody mends it.
    Broken,
    /// A brake stopped a run, which waits for somebody's word.
    Held,
    /// Switched off by somebody.
    Paused,
}

impl ConnectionState {
    /// Every state.
    pub const ALL: [Self; 6] = [
        Self::New,
        Self::Healthy,
        Self::Troubled,
        Self::Broken,
        Self::Held,
        Self::Paused,
    ];

    /// Its name in databases, files and the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Healthy => "healthy",
            Self::Troubled => "troubled",
            Self::Broken => "broken",
            Self::Held => "held",
            Self::Paused => "paused",
        }
    }
}

/// How a connection is, since when, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    /// The state.
    pub state: ConnectionState,
    /// Since when it has been in it.
    pub since: Timestamp,
    /// Why, as a code that can be looked up; `None` while all is well.
    pub code: Option<Code>,
    /// Why, in words: what happened, to which thing. Never holds a secret.
    pub detail: Option<String>,
    /// What is known of failures in a row, while it fails.
    #[serde(default)]
    pub retry: Option<Retry>,
}

impl Health {
    /// All is well since `since`.
    pub const fn healthy(since: Timestamp) -> Self {
        Self::plain(ConnectionState::Healthy, since)
    }

    /// In a state that needs no explanation.
    pub const fn plain(state: ConnectionState, since: Timestamp) -> Self {
        Self {
            state,
            since,
            code: None,
            detail: None,
            retry: None,
        }
    }

    /// In a state for a reason.
    pub const fn because(
        state: ConnectionState,
        since: Timestamp,
        code: Code,
        detail: String,
    ) -> Self {
        Self {
            state,
            since,
            code: Some(code),
            detail: Some(detail),
            retry: None,
        }
    }

    /// From when on the schedule may try a failing connection again; `None` when it works, or
    /// when it is not tried before somebody mends it.
    pub fn next_try(&self) -> Option<Timestamp> {
        self.retry.and_then(|retry| retry.next)
    }
}

/// Syncs of a connection that failed in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retry {
    /// How many; a sync that somebody asks for begins to count anew.
    pub failures: u32,
    /// Since when, whatever the reasons.
    pub since: Timestamp,
    /// When the schedule tries again; `None` when somebody has to mend it first.
    pub next: Option<Timestamp>,
}

/// One connected system of an organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    /// Its id.
    pub id: ConnectionId,
    /// What it is called; unique in the organization.
    pub name: String,
    /// Which connector speaks to it.
    pub provider: String,
    /// What its users are.
    pub side: Side,
    /// Whether it is for real.
    pub environment: Environment,
    /// Settings that are no secrets, by the names of the connector's manifest.
    pub settings: BTreeMap<String, String>,
    /// Which of its credentials are stored, by name.
    pub credentials: Vec<String>,
    /// Who may be mapped more than once.
    pub cardinality: Cardinality,
    /// How careful it is.
    pub policy: Policy,
    /// How it is.
    pub health: Health,
    /// Which organization of the vendor it leads to, kept from the first time it worked.
    pub remote_org: Option<RemoteOrg>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When its users were last pulled to the end.
    pub synced_at: Option<Timestamp>,
    /// From when on to ask for changes: the beginning of the last complete pull, by the CRM's
    /// clock.
    pub changed_since: Option<Timestamp>,
    /// Grows by one with every change of its settings.
    pub version: u64,
}

/// The vendor's organization behind a connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoteOrg {
    /// The vendor's id of it.
    pub id: String,
    /// Its name there.
    pub name: Option<String>,
}
