//! Drift: how a mapping that holds stops being true.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{ConnectionId, CrmUserId, MappingId, PersonId, Timestamp};

/// Why a mapping that holds now may be true no longer. The order is that of
/// [`DriftCause::ALL`]: of several causes the first is the primary one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DriftCause {
    /// The connection leads to another organization of the vendor than when the pair was
    /// confirmed.
    OtherOrg,
    /// The mapped id is another kind of id of a CRM user, such as an owner's id where users' ids
    /// belong.
    WrongIdKind,
    /// Name and address are another human being's now.
    SeatRepurposed,
    /// The person left the platform, and the mapping goes on.
    PersonLeft,
    /// The CRM user cannot be used, or lost its address, and another usable one has the address.
    AnotherActiveUser,
    /// Complete runs no longer find the CRM user, or the CRM calls it deleted.
    CrmUserDeleted,
    /// The CRM user is deactivated, frozen or archived; no CRM user's state tells these apart.
    CrmUserDeactivated,
    /// The mapped account is an integration's, a queue's, a customer's or a shared one.
    NotAPerson,
    /// The CRM user had a licence and has none.
    LicenceLost,
    /// Another name; something else says that it is the same human being.
    NameChanged,
    /// The CRM user's extension is another person's on the platform.
    ExtensionMoved,
    /// Another usable CRM user has the same address.
    DuplicateEmail,
    /// Another address, the same name.
    EmailChanged,
}

/// How bad a drift is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// What is written now goes to the wrong place, or nowhere.
    Broken,
    /// Somebody should look.
    Look,
    /// Worth knowing.
    Note,
}

impl Severity {
    /// Every severity, the worst first.
    pub const ALL: [Self; 3] = [Self::Broken, Self::Look, Self::Note];

    /// Its name in files and the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Broken => "broken",
            Self::Look => "look",
            Self::Note => "note",
        }
    }
}

/// What puts a drift right. Each is one change set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Repair {
    /// The mapping ends on a date, and the CRM user is somebody else's from then on.
    HandOver,
    /// The mapping ends on a date.
    End,
    /// The person is the other CRM user.
    Move,
    /// It is still the same human being, or all right as it is.
    Confirm,
    /// The mapping never was right.
    Remove,
    /// The person has no account there.
    NoAccount,
    /// Several people use the CRM user.
    SharedSeat,
    /// The CRM user is no human being.
    NotAPerson,
}

impl Repair {
    /// Every repair.
    pub const ALL: [Self; 8] = [
        Self::HandOver,
        Self::End,
        Self::Move,
        Self::Confirm,
        Self::Remove,
        Self::NoAccount,
        Self::SharedSeat,
        Self::NotAPerson,
    ];

    /// Its name in files and the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::HandOver => "hand_over",
            Self::End => "end",
            Self::Move => "move",
            Self::Confirm => "confirm",
            Self::Remove => "remove",
            Self::NoAccount => "no_account",
            Self::SharedSeat => "shared_seat",
            Self::NotAPerson => "not_a_person",
        }
    }
}

impl DriftCause {
    /// Every cause, the most specific first: what explains the others stands before them.
    pub const ALL: [Self; 13] = [
        Self::OtherOrg,
        Self::WrongIdKind,
        Self::SeatRepurposed,
        Self::PersonLeft,
        Self::AnotherActiveUser,
        Self::CrmUserDeleted,
        Self::CrmUserDeactivated,
        Self::NotAPerson,
        Self::LicenceLost,
        Self::NameChanged,
        Self::ExtensionMoved,
        Self::DuplicateEmail,
        Self::EmailChanged,
    ];

    /// Its name in databases, files and the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OtherOrg => "other_org",
            Self::WrongIdKind => "wrong_id_kind",
            Self::SeatRepurposed => "seat_repurposed",
            Self::PersonLeft => "person_left",
            Self::AnotherActiveUser => "another_active_user",
            Self::CrmUserDeleted => "crm_user_deleted",
            Self::CrmUserDeactivated => "crm_user_deactivated",
            Self::NotAPerson => "not_a_person",
            Self::LicenceLost => "licence_lost",
            Self::NameChanged => "name_changed",
            Self::ExtensionMoved => "extension_moved",
            Self::DuplicateEmail => "duplicate_email",
            Self::EmailChanged => "email_changed",
        }
    }

    /// How bad it is.
    pub const fn severity(self) -> Severity {
        match self {
            Self::OtherOrg
            | Self::WrongIdKind
            | Self::SeatRepurposed
            | Self::CrmUserDeleted
            | Self::CrmUserDeactivated
            | Self::NotAPerson => Severity::Broken,
            Self::PersonLeft
            | Self::AnotherActiveUser
            | Self::LicenceLost
            | Self::NameChanged
            | Self::ExtensionMoved
            | Self::DuplicateEmail => Severity::Look,
            Self::EmailChanged => Severity::Note,
        }
    }

    /// Whether it is a difference from the mapping's witness, so that a new witness ends it. The
    /// others are states, which somebody can only accept.
    pub const fn is_change(self) -> bool {
        matches!(
            self,
            Self::OtherOrg
                | Self::SeatRepurposed
                | Self::NameChanged
                | Self::EmailChanged
                | Self::ExtensionMoved
                | Self::LicenceLost
        )
    }

    /// What puts it right, the likeliest first.
    pub const fn repairs(self) -> &'static [Repair] {
        match self {
            Self::SeatRepurposed => &[
                Repair::HandOver,
                Repair::Confirm,
                Repair::NoAccount,
                Repair::SharedSeat,
                Repair::Remove,
            ],
            Self::WrongIdKind => &[Repair::Move, Repair::Remove, Repair::Confirm],
            Self::AnotherActiveUser => &[
                Repair::Move,
                Repair::End,
                Repair::Confirm,
                Repair::NoAccount,
            ],
            Self::PersonLeft => &[Repair::End, Repair::HandOver, Repair::Confirm],
            Self::CrmUserDeleted | Self::CrmUserDeactivated | Self::LicenceLost => &[
                Repair::End,
                Repair::NoAccount,
                Repair::Confirm,
                Repair::Remove,
            ],
            Self::NotAPerson => &[
                Repair::NotAPerson,
                Repair::SharedSeat,
                Repair::Confirm,
                Repair::Remove,
            ],
            Self::NameChanged => &[
                Repair::Confirm,
                Repair::HandOver,
                Repair::SharedSeat,
                Repair::Remove,
            ],
            Self::DuplicateEmail => &[Repair::Confirm, Repair::Move, Repair::Remove],
            Self::ExtensionMoved | Self::EmailChanged => {
                &[Repair::Confirm, Repair::HandOver, Repair::Remove]
            }
            Self::OtherOrg => &[Repair::Remove, Repair::Confirm],
        }
    }

    /// The likeliest repair.
    pub const fn primary_repair(self) -> Repair {
        match self {
            Self::SeatRepurposed => Repair::HandOver,
            Self::WrongIdKind | Self::AnotherActiveUser => Repair::Move,
            Self::PersonLeft
            | Self::CrmUserDeleted
            | Self::CrmUserDeactivated
            | Self::LicenceLost => Repair::End,
            Self::NotAPerson => Repair::NotAPerson,
            Self::NameChanged
            | Self::ExtensionMoved
            | Self::DuplicateEmail
            | Self::EmailChanged => Repair::Confirm,
            Self::OtherOrg => Repair::Remove,
        }
    }

    /// Whether the primary repair may be applied without anybody's word. Never where it would be
    /// a guess.
    pub const fn may_act(self) -> bool {
        matches!(
            self,
            Self::WrongIdKind
                | Self::PersonLeft
                | Self::AnotherActiveUser
                | Self::CrmUserDeleted
                | Self::CrmUserDeactivated
                | Self::NotAPerson
                | Self::EmailChanged
        )
    }
}

impl fmt::Display for DriftCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text names no cause of drift.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a cause of drift; the list of drifts names those there are")]
pub struct ParseCauseError(pub String);

impl FromStr for DriftCause {
    type Err = ParseCauseError;

    fn from_str(text: &str) -> Result<Self, ParseCauseError> {
        Self::ALL
            .into_iter()
            .find(|cause| cause.as_str() == text)
            .ok_or_else(|| ParseCauseError(text.to_owned()))
    }
}

/// The text names no repair.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a repair; choose hand_over, end, move, confirm, remove, no_account, shared_seat or not_a_person"
)]
pub struct ParseRepairError(pub String);

impl FromStr for Repair {
    type Err = ParseRepairError;

    fn from_str(text: &str) -> Result<Self, ParseRepairError> {
        Self::ALL
            .into_iter()
            .find(|repair| repair.as_str() == text)
            .ok_or_else(|| ParseRepairError(text.to_owned()))
    }
}

/// One cause for which one mapping may be true no longer. Derived at every evaluation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drift {
    /// In which connection.
    pub connection_id: ConnectionId,
    /// Of which mapping.
    pub mapping_id: MappingId,
    /// Whose mapping that is.
    pub person_id: PersonId,
    /// Why.
    pub cause: DriftCause,
    /// Whether it is the most specific of the mapping's causes.
    pub primary: bool,
    /// Since when it is known.
    pub since: Timestamp,
    /// What was seen, in words.
    pub detail: String,
    /// The other CRM user it is about, such as the one that has the address now.
    pub other: Option<CrmUserId>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cause_is_named_once_and_read_back() {
        for cause in DriftCause::ALL {
            assert_eq!(cause.as_str().parse(), Ok(cause));
        }
        assert!(DriftCause::ALL.is_sorted());
        for repair in Repair::ALL {
            assert_eq!(repair.as_str().parse(), Ok(repair));
        }
    }

    #[test]
    fn the_first_repair_is_the_primary_one() {
        for cause in DriftCause::ALL {
            assert_eq!(cause.repairs().first(), Some(&cause.primary_repair()));
        }
    }

    #[test]
    fn nothing_that_guesses_acts_by_itself() {
        for cause in [DriftCause::SeatRepurposed, DriftCause::NameChanged] {
            assert!(!cause.may_act());
        }
    }
}
