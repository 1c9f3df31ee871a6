//! Who is whom: what is answered, against the books.

use std::collections::{BTreeMap, BTreeSet};

use counterpart_model::{CrmUserId, Person, PersonId, Timestamp};
use counterpart_service::resolve::{Outcome, Question, Resolution, Subject};

use super::books::{Books, NO_ACCOUNT, NOT_A_PERSON, Places};
use super::operation::Place;
use super::pulls::Pulls;

/// The most instants that are asked about in a step.
const INSTANTS: usize = 12;
/// So many ids of CRM users there are, known or not.
pub(super) const USERS: usize = 14;

/// The id of the CRM user of a number.
pub(super) fn user_id(number: usize) -> String {
    format!("U{:02}", number % USERS)
}

/// What is known when somebody asks.
pub(super) struct Asked<'a> {
    pub(super) now: Timestamp,
    pub(super) places: &'a Places,
    pub(super) books: &'a Books,
    pub(super) pulls: &'a [Pulls; 2],
    pub(super) people: &'a [Person],
    /// For whom several fit, as the matcher finds.
    pub(super) ambiguous: &'a BTreeSet<(Place, PersonId)>,
}

/// An answer in short.
#[derive(Debug, PartialEq, Eq)]
struct Short {
    outcome: &'static str,
    /// The CRM users of a person, or the people of a CRM user.
    who: Vec<String>,
}

impl Asked<'_> {
    /// The instants at which something begins or ends, just before and just behind it, and some
    /// far away; of many every so manyth, others each step.
    fn instants(&self, step: usize) -> Vec<Timestamp> {
        let ties = self.books.ties.iter().flat_map(|tie| [tie.from, tie.to]);
        let rulings = self
            .books
            .rulings
            .iter()
            .flat_map(|it| [it.since, it.until]);
        let held = self.pulls.iter().filter_map(|pulls| pulls.held_since);
        let turns = ties.chain(rulings).chain(held).chain([self.now]);
        let near = turns.filter(|at| at.to_jiff().is_some()).flat_map(|at| {
            let micros = at.as_micros();
            [micros - 1, micros, micros + 1].map(Timestamp::from_micros)
        });
        let all: BTreeSet<Timestamp> = near.collect();
        let every = all.len().div_ceil(INSTANTS);
        let some = all.into_iter().skip(step % every).step_by(every);
        let year = 365 * 24 * 60 * 60;
        some.chain([-year, 0, year].map(|by| self.now.plus_seconds(by)))
            .collect()
    }

    pub(super) fn questions(&self, step: usize) -> Vec<Question> {
        let mut questions = Vec::new();
        for at in self.instants(step) {
            for place in self.places {
                let mut ask = |subject| {
                    questions.push(Question {
                        connection: Some(place.to_string()),
                        subject,
                        at: Some(at),
                    });
                };
                self.people
                    .iter()
                    .for_each(|person| ask(Subject::Person(person.id)));
                (0..USERS).for_each(|it| ask(Subject::CrmUser(CrmUserId(user_id(it)))));
            }
        }
        questions
    }

    /// The first answer that is not what the books say.
    pub(super) fn wrong(
        &self,
        questions: &[Question],
        answers: &[Resolution],
    ) -> Result<(), String> {
        for (question, answer) in questions.iter().zip(answers) {
            let at = question.at.expect("asked for");
            let text = question.connection.as_deref().unwrap_or_default();
            let mut places = self.places.iter();
            let place = places.position(|place| place.to_string() == text);
            let place = place.expect("one of the two");
            let expected = match &question.subject {
                Subject::Person(person) => self.of_person(place, *person, at),
                Subject::CrmUser(user) => self.of_user(place, &user.0, at),
                _ => unreachable!("not asked"),
            };
            let given = short(&question.subject, &answer.outcome);
            if given != expected {
                return Err(format!(
                    "{:?} in place {place} at {at}: answered {given:?} instead of {expected:?}",
                    question.subject
                ));
            }
        }
        Ok(())
    }

    fn of_person(&self, place: Place, person: PersonId, at: Timestamp) -> Short {
        let users = self.books.users_of(place, person, at);
        let who = (Some(person), None);
        let is_ambiguous = at >= self.now && self.ambiguous.contains(&(place, person));
        let outcome = if !users.is_empty() {
            "mapped"
        } else if self.books.is_ignored(place, NO_ACCOUNT, who, at) {
            "ignored"
        } else if self.is_held(place, at) {
            "held"
        } else if is_ambiguous {
            "ambiguous"
        } else {
            "unmapped"
        };
        Short {
            outcome,
            who: users.into_iter().map(str::to_owned).collect(),
        }
    }

    fn of_user(&self, place: Place, user: &str, at: Timestamp) -> Short {
        let people = self.books.people_of(place, user, at);
        let outcome = if !people.is_empty() {
            "mapped"
        } else if self
            .books
            .is_ignored(place, NOT_A_PERSON, (None, Some(user)), at)
        {
            "ignored"
        } else if self.is_held(place, at) {
            "held"
        } else if self.pulls[place].known.contains_key(user) {
            "unmapped"
        } else {
            "unknown"
        };
        Short {
            outcome,
            who: people.iter().map(PersonId::to_string).collect(),
        }
    }

    fn is_held(&self, place: Place, at: Timestamp) -> bool {
        self.pulls[place]
            .held_since
            .is_some_and(|since| since <= at)
    }
}

fn short(subject: &Subject, outcome: &Outcome) -> Short {
    let mut who: Vec<String> = match outcome {
        Outcome::Mapped(found) => found
            .iter()
            .map(|view| match subject {
                Subject::CrmUser(_) => view.mapping.person_id.to_string(),
                _ => view.mapping.crm_user_id.0.clone(),
            })
            .collect(),
        _ => Vec::new(),
    };
    who.sort();
    Short {
        outcome: outcome.as_str(),
        who,
    }
}

/// How often each operation was done, and how often it was refused.
pub(super) type Tally = BTreeMap<String, (u32, u32)>;
