//! The words and tones of situations and states, the same on every page.

use std::fmt::Display;

use counterpart_model::drift::{Repair, Severity};
use counterpart_model::{
    ConnectionState, CrmUserKind, CrmUserState, DriftCause, DriftPolicy, RunState, Situation,
};
use counterpart_store::runs::RunChangeKind;

/// What a colour means: done, proposed, look, broken; or nothing. Also the name of its class.
pub(crate) type Tone = &'static str;

/// The word of a situation on tabs and in lists.
pub(crate) const fn situation(situation: Situation) -> &'static str {
    match situation {
        Situation::Mapped => "Mapped",
        Situation::Proposed => "Proposed",
        Situation::Ambiguous => "Several fit",
        Situation::Unmapped => "Unmapped",
        Situation::Drifted => "Drift",
        Situation::Held => "Held",
        Situation::Ignored => "Ignored",
    }
}

/// Why a mapping may be true no longer, in a few words.
pub(crate) const fn drift_cause(cause: DriftCause) -> &'static str {
    match cause {
        DriftCause::OtherOrg => "another organization",
        DriftCause::WrongIdKind => "wrong kind of id",
        DriftCause::SeatRepurposed => "somebody else’s now",
        DriftCause::PersonLeft => "the person left",
        DriftCause::AnotherActiveUser => "another account in use",
        DriftCause::CrmUserDeleted => "gone there",
        DriftCause::CrmUserDeactivated => "deactivated there",
        DriftCause::NotAPerson => "not a person",
        DriftCause::LicenceLost => "without licence",
        DriftCause::NameChanged => "another name",
        DriftCause::ExtensionMoved => "extension moved",
        DriftCause::DuplicateEmail => "address twice",
        DriftCause::EmailChanged => "another address",
    }
}

/// What happens at a drift.
pub(crate) const fn drift_policy(policy: DriftPolicy) -> &'static str {
    match policy {
        DriftPolicy::Propose => "show it",
        DriftPolicy::Act => "put it right",
        DriftPolicy::Ignore => "do not look",
    }
}

/// The tone of a drift.
pub(crate) const fn drift_tone(severity: Severity) -> Tone {
    match severity {
        Severity::Broken => "broken",
        Severity::Look => "look",
        Severity::Note => "proposed",
    }
}

/// What a repair's button says.
pub(crate) const fn repair(repair: Repair) -> &'static str {
    match repair {
        Repair::HandOver => "Somebody else’s from",
        Repair::End => "End the mapping",
        Repair::Move => "Move to the other one",
        Repair::Confirm => "All right as it is",
        Repair::Remove => "Never was right",
        Repair::NoAccount => "Has no account",
        Repair::SharedSeat => "Shared seat",
        Repair::NotAPerson => "Not a person",
    }
}

/// How a connection is, in a word and its tone.
pub(crate) const fn connection(state: ConnectionState) -> (&'static str, Tone) {
    match state {
        ConnectionState::New => ("not synced yet", "calm"),
        ConnectionState::Healthy => ("working", "done"),
        ConnectionState::Troubled => ("trying again", "look"),
        ConnectionState::Broken => ("broken", "broken"),
        ConnectionState::Held => ("waits for you", "look"),
        ConnectionState::Paused => ("paused", "calm"),
    }
}

/// How a run is, in a word and its tone.
pub(crate) const fn run(state: RunState) -> (&'static str, Tone) {
    match state {
        RunState::Pulling => ("running", "proposed"),
        RunState::Held => ("waits for you", "look"),
        RunState::Complete => ("complete", "done"),
        RunState::Failed => ("failed", "broken"),
        RunState::Rejected => ("rejected", "calm"),
    }
}

/// What a run means for a CRM user.
pub(crate) const fn run_change(kind: RunChangeKind) -> (&'static str, Tone) {
    match kind {
        RunChangeKind::New => ("new", "done"),
        RunChangeKind::Changed => ("changed", "proposed"),
        RunChangeKind::Deactivated => ("deactivated", "look"),
        RunChangeKind::Gone => ("gone", "broken"),
        RunChangeKind::Returned => ("returned", "done"),
        RunChangeKind::Missing => ("missing", "look"),
    }
}

/// How a CRM user is, where it is not simply active.
pub(crate) const fn crm_user_state(state: CrmUserState, gone: bool) -> Option<&'static str> {
    match (gone, state) {
        (true, _) => Some("gone there"),
        (false, CrmUserState::Active) => None,
        (false, CrmUserState::Inactive) => Some("deactivated there"),
        (false, CrmUserState::Invited) => Some("invited"),
        (false, CrmUserState::Deleted) => Some("deleted there"),
    }
}

/// What a CRM user is, where it is no human being's.
pub(crate) const fn crm_user_kind(kind: CrmUserKind) -> Option<&'static str> {
    match kind {
        CrmUserKind::Person => None,
        CrmUserKind::Api => Some("API user"),
        CrmUserKind::Queue => Some("queue"),
        CrmUserKind::Portal => Some("portal user"),
        CrmUserKind::Shared => Some("shared"),
    }
}

/// The first letters of a name's first and last word.
pub(crate) fn initials(name: &str) -> String {
    let mut words = name.split_whitespace();
    let first = words.next().and_then(|word| word.chars().next());
    let last = words.next_back().and_then(|word| word.chars().next());
    first
        .into_iter()
        .chain(last)
        .flat_map(char::to_uppercase)
        .collect()
}

/// A probability as whole percents that never claim certainty: 1 to 99.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the value is between 1 and 99"
)]
pub(crate) fn percent(score: f64) -> u8 {
    (score * 100.0).round().clamp(1.0, 99.0) as u8
}

/// A share in whole percents, rounded down so that only the whole is a hundred; `–` of nothing.
pub(crate) fn share(part: u64, whole: u64) -> String {
    match u128::from(part) * 100 / u128::from(whole).max(1) {
        _ if whole == 0 => "–".to_owned(),
        percent => format!("{percent} %"),
    }
}

/// `1 person`, `2 people`.
pub(crate) fn count(number: impl Display, one: &str, several: &str) -> String {
    let number = grouped(number);
    let word = if number == "1" { one } else { several };
    format!("{number} {word}")
}

/// A whole number with its thousands set apart. Templates hand it over by whatever reference.
pub(crate) fn grouped(number: impl Display) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `text` with its first letter large, as a sentence of its own begins.
pub(crate) fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// `text` with its first letter small, as it stands inside a sentence.
pub(crate) fn inside(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(letters).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_come_from_any_script() {
        assert_eq!(initials("Małgorzata Ostrowska"), "MO");
        assert_eq!(initials("加藤 愛子"), "加愛");
        assert_eq!(initials("Cher"), "C");
        assert_eq!(initials(" "), "");
    }

    #[test]
    fn nothing_is_ever_a_hundred_percent_likely() {
        assert_eq!(percent(0.9999), 99);
        assert_eq!(percent(0.0), 1);
        assert_eq!(percent(0.944), 94);
    }

    #[test]
    fn only_the_whole_is_a_hundred_percent() {
        assert_eq!(share(999, 1_000), "99 %");
        assert_eq!(share(3, 3), "100 %");
        assert_eq!(share(0, 0), "–");
    }

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(grouped(10_000_u64), "10,000");
        assert_eq!(grouped(999_u64), "999");
        assert_eq!(grouped(1_234_567_u64), "1,234,567");
    }
}
