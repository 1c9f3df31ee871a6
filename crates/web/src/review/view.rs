//! A case as its page shows it.

use counterpart_model::Situation;
use counterpart_model::drift::Repair;
use counterpart_service::drift::DriftView;
use counterpart_service::review::{Advice, Lesson, ReviewCandidate, ReviewCase, Tally};

use super::facts::{self, Change, Fact};
use crate::mapping::{Lines, lines};
use crate::providers::Provider;
use crate::request::address;
use crate::session::Portal;
use crate::times::Moment;
use crate::words::{self, Tone, count, percent, sentence};

/// A case.
pub(super) struct Case {
    pub(super) person: String,
    pub(super) person_path: String,
    pub(super) connection: String,
    pub(super) provider: Provider,
    pub(super) word: &'static str,
    pub(super) tone: Tone,
    /// Where its verbs are sent.
    pub(super) path: String,
    /// Where somebody else is chosen.
    pub(super) choose: String,
    pub(super) facts: Vec<Fact>,
    pub(super) candidates: Vec<Candidate>,
    pub(super) drift: Option<Drifted>,
}

/// A CRM user that could be the person's.
pub(super) struct Candidate {
    /// The key that chooses it.
    pub(super) key: usize,
    pub(super) name: String,
    pub(super) crm_id: String,
    pub(super) likely: u8,
    pub(super) facts: Vec<Fact>,
    pub(super) lines: Lines,
    pub(super) similar: Vec<String>,
}

/// A mapping that may be true no longer.
pub(super) struct Drifted {
    pub(super) user: String,
    pub(super) crm_id: String,
    pub(super) cause: &'static str,
    pub(super) tone: Tone,
    pub(super) detail: String,
    pub(super) since: Moment,
    pub(super) changes: Vec<Change>,
    pub(super) has_then: bool,
    pub(super) mapping: String,
    pub(super) version: u64,
    pub(super) repairs: Vec<Button>,
    /// Whether one of them asks for a day.
    pub(super) dated: bool,
}

/// One repair.
pub(super) struct Button {
    pub(super) repair: &'static str,
    pub(super) word: String,
    /// The keys that press it.
    pub(super) keys: String,
    pub(super) number: usize,
}

/// A rule that decisions suggest.
pub(super) struct Offer {
    pub(super) words: String,
    pub(super) path: String,
}

impl Case {
    pub(super) fn of(portal: &Portal, case: &ReviewCase) -> Self {
        let (connection, person) = (&case.connection, &case.person);
        let tone = match case.situation {
            Situation::Drifted => "broken",
            Situation::Ambiguous => "look",
            _ => "proposed",
        };
        let known = facts::of_person(person);
        Self {
            person: person.profile.display_name.clone(),
            person_path: portal.path(&format!("/people/{}", person.id)),
            connection: connection.name.clone(),
            provider: Provider::named(&portal.service, &connection.provider),
            word: words::situation(case.situation),
            tone,
            path: portal.path(&format!("/review/{}/{}", connection.id, person.id)),
            choose: portal.path(&format!("/mapping/{}/{}/choose", connection.id, person.id)),
            candidates: (1..)
                .zip(&case.candidates)
                .map(|(key, candidate)| Candidate::of(key, candidate, &known))
                .collect(),
            drift: case.drift.as_ref().map(|view| Drifted::of(portal, view)),
            facts: known,
        }
    }
}

impl Candidate {
    fn of(key: usize, candidate: &ReviewCandidate, person: &[Fact]) -> Self {
        let user = &candidate.crm_user;
        Self {
            key,
            name: user.profile.display_name.clone(),
            crm_id: user.id.0.clone(),
            likely: percent(candidate.score),
            facts: facts::of_user(user, person),
            lines: lines(&candidate.evidence),
            similar: candidate.similar.iter().map(similar).collect(),
        }
    }
}

/// How similar cases ended, in a sentence without its full stop.
fn similar(tally: &Tally) -> String {
    let accepted = match tally.accepted {
        0 => "none was accepted".to_owned(),
        1 => "1 pair was accepted".to_owned(),
        number => format!("{} were accepted", count(number, "pair", "pairs")),
    };
    let rejected = match tally.rejected {
        0 => "none rejected".to_owned(),
        number => format!("{number} rejected"),
    };
    format!("With {}, lately {accepted}, {rejected}", tally.likeness)
}

impl Drifted {
    fn of(portal: &Portal, view: &DriftView) -> Self {
        let (drift, mapping) = (&view.drift, &view.mapping);
        let repairs = view.repairs();
        let seen = mapping.witness.as_deref().map(|witness| &witness.crm_user);
        let confirm = repairs.iter().position(|it| *it == Repair::Confirm);
        Self {
            user: view.crm_user.as_ref().map_or_else(
                || "unknown user".to_owned(),
                |user| user.profile.display_name.clone(),
            ),
            crm_id: mapping.crm_user_id.0.clone(),
            cause: words::drift_cause(drift.cause),
            tone: words::drift_tone(drift.cause.severity()),
            detail: sentence(&drift.detail),
            since: portal.times.moment(drift.since),
            changes: facts::then_and_now(seen, view.crm_user.as_ref()),
            has_then: seen.is_some(),
            mapping: mapping.id.to_string(),
            version: mapping.version,
            dated: repairs
                .iter()
                .any(|repair| matches!(repair, Repair::HandOver | Repair::End)),
            repairs: repairs
                .iter()
                .enumerate()
                .map(|(place, repair)| Button {
                    repair: repair.as_str(),
                    word: repair_word(*repair, view),
                    keys: keys_of(place, confirm),
                    number: place + 1,
                })
                .collect(),
        }
    }
}

/// The keys of a repair: its number; *accept* for the likeliest; *reject* for the one that says
/// that nothing is wrong.
fn keys_of(place: usize, confirm: Option<usize>) -> String {
    let mut keys = (place + 1).to_string();
    if place == 0 {
        keys.push_str(" accept");
    } else if confirm == Some(place) {
        keys.push_str(" reject");
    }
    keys
}

fn repair_word(repair: Repair, view: &DriftView) -> String {
    match (repair, &view.other) {
        (Repair::Move, Some(other)) => {
            format!("Move to {} ({})", other.profile.display_name, other.id)
        }
        _ => words::repair(repair).to_owned(),
    }
}

impl Offer {
    /// The offer of a rule, with where its effect is shown; `names` knows the connection's.
    pub(super) fn of(portal: &Portal, advice: &Advice, connection: &str) -> Self {
        let settings = portal.path(&format!("/connections/{}/matching", advice.connection_id));
        let pairs = count(advice.accepted, "pair", "pairs");
        let (field, pair, words) = match &advice.lesson {
            Lesson::EquivalentDomains(pair) => (
                "domains",
                pair,
                format!(
                    "{pairs} in {connection} were accepted whose addresses differ in {} and {} \
                     alone, and none was rejected. Treat both as one domain?",
                    pair.one, pair.other
                ),
            ),
            Lesson::Alias(pair) => (
                "alias",
                pair,
                format!(
                    "{pairs} in {connection} were accepted with the given names {} and {}, and \
                     none was rejected. Treat both as one name?",
                    pair.one, pair.other
                ),
            ),
        };
        let pair = format!("{} = {}", pair.one, pair.other);
        Self {
            words,
            path: address(&settings, &[(field, &pair)]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use counterpart_service::review::Likeness;

    #[test]
    fn the_likeliest_repair_is_accepted_and_all_right_rejects() {
        assert_eq!(keys_of(0, Some(1)), "1 accept");
        assert_eq!(keys_of(1, Some(1)), "2 reject");
        assert_eq!(keys_of(2, Some(1)), "3");
        assert_eq!(keys_of(0, Some(0)), "1 accept");
    }

    #[test]
    fn similar_cases_are_told_in_words() {
        let tally = |accepted, rejected| Tally {
            likeness: Likeness::SameName,
            accepted,
            rejected,
        };
        assert_eq!(
            similar(&tally(3, 1)),
            "With the same name, lately 3 pairs were accepted, 1 rejected"
        );
        assert_eq!(
            similar(&tally(1, 0)),
            "With the same name, lately 1 pair was accepted, none rejected"
        );
    }
}
