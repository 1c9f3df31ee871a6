//! What a file of mappings says, before anybody has looked whether it can be.

use counterpart_model::{MappingOrigin, Period, Person, PersonId, Timestamp, folding};

/// A file of mappings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Document {
    /// What it is the whole truth of.
    pub(super) scope: Scope,
    /// Whether a spreadsheet may have had its hands on it.
    pub(super) from_table: bool,
    /// What it says of each connection.
    pub(super) sections: Vec<Section>,
}

/// What a file is the whole truth of: of that, what it leaves out is taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// Of the connections that it names.
    Connections,
    /// Of the mappings of the people that it names, connection by connection.
    People,
    /// Of whom the people that it names are from this instant on; what ended before stays.
    PeopleSince(Timestamp),
}

/// What a file says of one connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Section {
    /// The line that names it.
    pub(super) line: u64,
    /// The connection's name.
    pub(super) name: String,
    /// The mappings.
    pub(super) mappings: Vec<Entry>,
    /// The decisions; `None` when the file says nothing of them.
    pub(super) decisions: Option<Vec<Ruling>>,
}

/// A mapping as a file says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    /// Its line.
    pub(super) line: u64,
    /// Who.
    pub(super) person: PersonRef,
    /// Is whom.
    pub(super) crm_user: String,
    /// When.
    pub(super) period: Period,
    /// Whether the person may have others meanwhile; `None` as the connection has it.
    pub(super) person_shared: Option<bool>,
    /// Whether the CRM user may have others meanwhile; `None` as the connection has it.
    pub(super) crm_user_shared: Option<bool>,
    /// How it came to be; `None` as it stands, and a file's for a new one.
    pub(super) origin: Option<MappingOrigin>,
}

/// A decision as a file says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ruling {
    /// Its line.
    pub(super) line: u64,
    /// What is decided.
    pub(super) verdict: Verdict,
    /// Why.
    pub(super) reason: Option<String>,
    /// Until when it holds.
    pub(super) until: Timestamp,
}

/// What a file decides, about whom.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Verdict {
    /// This person is not that CRM user.
    NotThisPair(PersonRef, String),
    /// This person has no account.
    NoAccount(PersonRef),
    /// This CRM user is no human being.
    NotAPerson(String),
    /// Several people use this CRM user.
    SharedSeat(String),
}

impl Verdict {
    /// Its name in files, that of the decision's kind.
    pub(super) const fn word(&self) -> &'static str {
        match self {
            Self::NotThisPair(..) => "not_this_pair",
            Self::NoAccount(_) => "no_account",
            Self::NotAPerson(_) => "not_a_person",
            Self::SharedSeat(_) => "shared_seat",
        }
    }

    pub(super) const fn person(&self) -> Option<&PersonRef> {
        match self {
            Self::NotThisPair(person, _) | Self::NoAccount(person) => Some(person),
            Self::NotAPerson(_) | Self::SharedSeat(_) => None,
        }
    }

    pub(super) const fn crm_user(&self) -> Option<&String> {
        match self {
            Self::NotThisPair(_, user) | Self::NotAPerson(user) | Self::SharedSeat(user) => {
                Some(user)
            }
            Self::NoAccount(_) => None,
        }
    }
}

/// By what a file names a person. In the order in which they are preferred and sorted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum PersonRef {
    /// By the id of the platform or an HR system.
    ExternalId(String),
    /// By an e-mail address that is nobody else's.
    Email(String),
    /// By our own id.
    Id(PersonId),
}

impl std::fmt::Display for PersonRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::ExternalId(id) => write!(f, "external id {id}"),
            Self::Email(email) => write!(f, "e-mail {email}"),
            Self::Id(id) => write!(f, "id {id}"),
        }
    }
}

/// The folded addresses of a person, each once.
pub(super) fn addresses(person: &Person) -> Vec<String> {
    let mut folded: Vec<String> = person
        .profile
        .emails
        .iter()
        .filter_map(|email| folding::fold_email(email))
        .collect();
    folded.sort_unstable();
    folded.dedup();
    folded
}

/// What is wrong with a file, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileProblem {
    /// The line, from 1; `None` when it is about the file as a whole.
    pub line: Option<u64>,
    /// What is wrong and what to do.
    pub message: String,
}

impl FileProblem {
    pub(super) fn new(line: u64, message: impl Into<String>) -> Self {
        Self {
            line: (line > 0).then_some(line),
            message: message.into(),
        }
    }
}

impl std::fmt::Display for FileProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.line {
            Some(line) => write!(f, "line {line}: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}
