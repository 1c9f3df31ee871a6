//! What a file would change, in words.

use std::collections::HashMap;

use counterpart_model::{ChangeLine, CrmUser, CrmUserId, Decision, Mapping, PersonId, Timestamp};
use serde::Serialize;

use super::difference::spoken;
use super::roster::Roster;

/// What happens to a mapping or a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// It is new.
    Add,
    /// It stays, with something else.
    Change,
    /// It is taken away.
    Remove,
}

impl Change {
    /// The sign in front of it, as in a diff.
    pub const fn sign(self) -> char {
        match self {
            Self::Add => '+',
            Self::Change => '~',
            Self::Remove => '-',
        }
    }

    /// Its name in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Change => "change",
            Self::Remove => "remove",
        }
    }
}

/// One change that a file would make.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlannedChange {
    /// What happens.
    pub change: Change,
    /// The line of the file that asks for it; `None` where its silence does.
    pub line: Option<u64>,
    /// In which connection, by name.
    pub connection: String,
    /// Of what: `mapping`, or the kind of decision.
    pub what: &'static str,
    /// About which person, by name.
    pub person: Option<String>,
    /// About which CRM user: its name there, if it is known.
    pub crm_user: Option<String>,
    /// The CRM's id of the user.
    pub crm_user_id: Option<String>,
    /// How it stands, in words.
    pub before: Option<String>,
    /// How it will stand, in words.
    pub after: Option<String>,
}

impl PlannedChange {
    /// The change in words, without its sign: `Sales: Ann Lee = Ann L. (17), always`.
    pub fn in_words(&self) -> String {
        let text = self.to_string();
        let sign = self.change.sign().len_utf8() + 1;
        text[sign..].to_owned()
    }
}

impl std::fmt::Display for PlannedChange {
    /// One line, as in a diff: `+ Sales: Ann Lee = Ann L. (17), always`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}: ", self.change.sign(), self.connection)?;
        if self.what != "mapping" {
            write!(f, "{}: ", self.what.replace('_', " "))?;
        }
        let user = self.crm_user_id.as_ref().map(|id| match &self.crm_user {
            Some(name) => format!("{name} ({id})"),
            None => id.clone(),
        });
        match (&self.person, user) {
            (Some(person), Some(user)) if self.what == "mapping" => {
                write!(f, "{person} = {user}")?;
            }
            (Some(person), Some(user)) => write!(f, "{person}, {user}")?,
            (Some(one), None) => f.write_str(one)?,
            (None, user) => f.write_str(&user.unwrap_or_default())?,
        }
        match (&self.before, &self.after) {
            (Some(before), Some(after)) => write!(f, ", {before} -> {after}"),
            (Some(one), None) | (None, Some(one)) => write!(f, ", {one}"),
            (None, None) => Ok(()),
        }
    }
}

/// The names of one connection.
pub(super) struct Spoken<'n> {
    pub(super) connection: &'n str,
    pub(super) roster: &'n Roster,
    pub(super) users: &'n HashMap<CrmUserId, CrmUser>,
}

impl Spoken<'_> {
    /// A line of a change set in words; `None` for lines that no file makes.
    pub(super) fn change(&self, line: u64, of: &ChangeLine) -> Option<PlannedChange> {
        let line = (line > 0).then_some(line);
        match of {
            ChangeLine::Mapping { before, after } => {
                let (before, after) = (before.as_deref(), after.as_deref());
                let subject = after.or(before)?;
                Some(PlannedChange {
                    change: kind(before, after),
                    line,
                    connection: self.connection.to_owned(),
                    what: "mapping",
                    person: Some(self.person(subject.person_id)),
                    crm_user: self.user(&subject.crm_user_id),
                    crm_user_id: Some(subject.crm_user_id.0.clone()),
                    before: before.map(mapping_in_words),
                    after: after.map(mapping_in_words),
                })
            }
            ChangeLine::Decision { before, after } => {
                let (before, after) = (before.as_deref(), after.as_deref());
                let subject = &after.or(before)?.kind;
                let user = subject.crm_user_id();
                Some(PlannedChange {
                    change: kind(before, after),
                    line,
                    connection: self.connection.to_owned(),
                    what: subject.as_str(),
                    person: subject.person_id().map(|id| self.person(id)),
                    crm_user: user.and_then(|id| self.user(id)),
                    crm_user_id: user.map(|id| id.0.clone()),
                    before: before.map(decision_in_words),
                    after: after.map(decision_in_words),
                })
            }
            ChangeLine::Person { .. }
            | ChangeLine::Identity { .. }
            | ChangeLine::MatchingSettings { .. } => None,
        }
    }

    fn person(&self, id: PersonId) -> String {
        self.roster.get(id).map_or_else(
            || id.to_string(),
            |person| person.profile.display_name.clone(),
        )
    }

    fn user(&self, id: &CrmUserId) -> Option<String> {
        let user = self.users.get(id)?;
        Some(user.profile.display_name.clone())
    }
}

fn kind<T>(before: Option<&T>, after: Option<&T>) -> Change {
    match (before, after) {
        (None, _) => Change::Add,
        (Some(_), Some(_)) => Change::Change,
        (Some(_), None) => Change::Remove,
    }
}

fn mapping_in_words(mapping: &Mapping) -> String {
    let mut words = spoken(mapping.period);
    if !mapping.person_exclusive {
        words.push_str(", beside others of the person");
    }
    if !mapping.crm_user_exclusive {
        words.push_str(", shared");
    }
    words.push_str(", by ");
    words.push_str(mapping.origin.as_str());
    words
}

fn decision_in_words(decision: &Decision) -> String {
    let until = match decision.expires_at {
        Timestamp::FOREVER => "for good".to_owned(),
        until => format!("until {until}"),
    };
    match &decision.reason {
        Some(reason) => format!("{until} ({reason})"),
        None => until,
    }
}
