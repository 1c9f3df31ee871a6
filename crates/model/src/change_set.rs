//! Change sets: what was changed together, by whom, when and why.

use serde::{Deserialize, Serialize};

use crate::{
    AccountId, Approval, Decision, Identity, Mapping, MatchingSettings, Person, Timestamp,
};

/// Where a change came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeSetOrigin {
    /// The portal.
    Portal,
    /// The REST API.
    Api,
    /// The command line.
    Cli,
    /// A file.
    Import,
    /// The demo's own set-up.
    Demo,
    /// A policy of a connection, applied by the service itself.
    Policy,
}

impl ChangeSetOrigin {
    /// Its name in databases, files and the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Portal => "portal",
            Self::Api => "api",
            Self::Cli => "cli",
            Self::Import => "import",
            Self::Demo => "demo",
            Self::Policy => "policy",
        }
    }
}

/// One thing before and after. `before` is what the writer saw: when something else stands there
/// at the moment of applying, the whole change set is refused. Nothing before is a creation,
/// nothing after a removal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "entity")]
pub enum ChangeLine {
    /// A person.
    Person {
        /// As it was.
        before: Option<Box<Person>>,
        /// As it is then.
        after: Option<Box<Person>>,
    },
    /// An identity of a person.
    Identity {
        /// As it was.
        before: Option<Box<Identity>>,
        /// As it is then.
        after: Option<Box<Identity>>,
    },
    /// A mapping.
    Mapping {
        /// As it was.
        before: Option<Box<Mapping>>,
        /// As it is then.
        after: Option<Box<Mapping>>,
    },
    /// A decision.
    Decision {
        /// As it was.
        before: Option<Box<Decision>>,
        /// As it is then.
        after: Option<Box<Decision>>,
    },
    /// The matching settings of the organization, or of a connection.
    MatchingSettings {
        /// As they were.
        before: Option<Box<MatchingSettings>>,
        /// As they are then.
        after: Option<Box<MatchingSettings>>,
    },
}

impl ChangeLine {
    /// The line that adds `mapping`.
    pub fn add_mapping(mapping: Mapping) -> Self {
        Self::Mapping {
            before: None,
            after: Some(Box::new(mapping)),
        }
    }

    /// The line that takes `mapping` away.
    pub fn remove_mapping(mapping: Mapping) -> Self {
        Self::Mapping {
            before: Some(Box::new(mapping)),
            after: None,
        }
    }

    /// The line that undoes this one.
    #[must_use]
    pub fn reversed(self) -> Self {
        match self {
            Self::Person { before, after } => Self::Person {
                before: after,
                after: before,
            },
            Self::Identity { before, after } => Self::Identity {
                before: after,
                after: before,
            },
            Self::Mapping { before, after } => Self::Mapping {
                before: after,
                after: before,
            },
            Self::Decision { before, after } => Self::Decision {
                before: after,
                after: before,
            },
            Self::MatchingSettings { before, after } => Self::MatchingSettings {
                before: after,
                after: before,
            },
        }
    }
}

/// A change set about to be applied.
#[derive(Debug, Clone, PartialEq)]
pub struct NewChangeSet {
    /// Who wants it; `None` for the service itself.
    pub account_id: Option<AccountId>,
    /// Where it came from.
    pub origin: ChangeSetOrigin,
    /// Why, in the maker's words.
    pub reason: Option<String>,
    /// What changes; never empty.
    pub lines: Vec<ChangeLine>,
    /// The change set that this one undoes.
    pub undoes: Option<u64>,
}

/// An applied change set. Immutable; undone by another one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChangeSet {
    /// Its number in the organization, from 1, without gaps.
    pub number: u64,
    /// Who applied it; `None` for the service itself.
    pub account_id: Option<AccountId>,
    /// Where it came from.
    pub origin: ChangeSetOrigin,
    /// Why.
    pub reason: Option<String>,
    /// When it was applied.
    pub applied_at: Timestamp,
    /// The change set that it undoes.
    pub undoes: Option<u64>,
    /// The newest change set that undoes it, in whole or in part, and is not undone itself: the
    /// only thing about a change set that changes later.
    pub undone_by: Option<u64>,
    /// That a second person approved it before, where one had to.
    pub approval: Option<Approval>,
    /// How many lines it has.
    pub line_count: u64,
}
