//! What several decisions that point the same way teach. Pure.

use std::collections::{BTreeSet, HashMap};

use counterpart_matching::NameJudge;
use counterpart_model::matching_settings::Equivalence;
use counterpart_model::{ConnectionId, MatchingRules};

use super::likeness::{Likeness, Tally};
use super::verdicts::Verdict;

/// How many pairs that are alike must have been accepted, and none rejected, before a rule is
/// offered: two may be chance.
const ENOUGH: u64 = 3;

/// A rule that decisions suggest. It is offered, never made by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advice {
    /// In which connection it would hold.
    pub connection_id: ConnectionId,
    /// The rule.
    pub lesson: Lesson,
    /// How many accepted pairs suggest it.
    pub accepted: u64,
}

/// A rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lesson {
    /// Two mail domains count as one.
    EquivalentDomains(Equivalence),
    /// Two given names are used for each other.
    Alias(Equivalence),
}

impl Lesson {
    /// The rules with this one among them.
    #[must_use]
    pub fn added_to(&self, rules: &MatchingRules) -> MatchingRules {
        let mut rules = rules.clone();
        match self {
            Self::EquivalentDomains(pair) => rules.equivalent_domains.push(pair.clone()),
            Self::Alias(pair) => rules.aliases.push(pair.clone()),
        }
        rules.tidied()
    }

    fn is_in(&self, rules: &MatchingRules) -> bool {
        match self {
            Self::EquivalentDomains(pair) => rules.equivalent_domains.contains(pair),
            Self::Alias(pair) => rules.aliases.contains(pair),
        }
    }
}

/// How pairs that were alike in each of some ways ended in a connection; ways in which no earlier
/// pair was alike are left out.
pub(super) fn tallies<'a>(
    of: impl IntoIterator<Item = &'a Likeness>,
    connection: ConnectionId,
    verdicts: &[Verdict],
) -> Vec<Tally> {
    let mut found: Vec<Tally> = of
        .into_iter()
        .map(|likeness| count(likeness, connection, verdicts))
        .filter(|tally| tally.accepted + tally.rejected > 0)
        .collect();
    found.sort_by(|one, other| {
        let all = |tally: &Tally| tally.accepted + tally.rejected;
        all(other)
            .cmp(&all(one))
            .then(one.likeness.cmp(&other.likeness))
    });
    found
}

fn count(likeness: &Likeness, connection: ConnectionId, verdicts: &[Verdict]) -> Tally {
    let alike = |verdict: &&Verdict| {
        verdict.connection_id == connection && verdict.likenesses.contains(likeness)
    };
    let (mut accepted, mut rejected) = (0, 0);
    for verdict in verdicts.iter().filter(alike) {
        if verdict.accepted {
            accepted += 1;
        } else {
            rejected += 1;
        }
    }
    Tally {
        likeness: likeness.clone(),
        accepted,
        rejected,
    }
}

/// The rules that verdicts suggest and that do not hold yet, by connection. `rules` are those
/// that hold in each connection.
pub(super) fn advice(
    verdicts: &[Verdict],
    rules: &HashMap<ConnectionId, MatchingRules>,
) -> Vec<Advice> {
    let mut ways: BTreeSet<(ConnectionId, &Likeness)> = BTreeSet::new();
    for verdict in verdicts.iter().filter(|verdict| verdict.accepted) {
        for likeness in &verdict.likenesses {
            ways.insert((verdict.connection_id, likeness));
        }
    }
    let mut judge = None;
    let mut found: Vec<Advice> = Vec::new();
    for (connection_id, likeness) in ways {
        let Some(lesson) = lesson_of(likeness) else {
            continue;
        };
        let tally = count(likeness, connection_id, verdicts);
        if tally.accepted < ENOUGH || tally.rejected > 0 {
            continue;
        }
        if rules
            .get(&connection_id)
            .is_some_and(|rules| lesson.is_in(rules))
        {
            continue;
        }
        if let Lesson::Alias(pair) = &lesson
            && is_known(judge.get_or_insert_with(NameJudge::new), pair)
        {
            continue;
        }
        let advice = Advice {
            connection_id,
            lesson,
            accepted: tally.accepted,
        };
        // The other way round it is the same rule.
        let same = |it: &Advice| (it.connection_id, &it.lesson) == (connection_id, &advice.lesson);
        if !found.iter().any(same) {
            found.push(advice);
        }
    }
    found
}

fn lesson_of(likeness: &Likeness) -> Option<Lesson> {
    match likeness {
        Likeness::SameLocal { ours, theirs } => {
            Some(Lesson::EquivalentDomains(Equivalence::new(ours, theirs)))
        }
        Likeness::OtherGiven { ours, theirs } if ours.len() > 1 && theirs.len() > 1 => {
            Some(Lesson::Alias(Equivalence::new(ours, theirs)))
        }
        _ => None,
    }
}

/// Whether the matcher takes the two names for each other without being told.
fn is_known(judge: &NameJudge, pair: &Equivalence) -> bool {
    let [one, other] = [&pair.one, &pair.other].map(|name| format!("{name} Okonkwo"));
    judge.judge(&one, &other).score >= NameJudge::DEFAULT_THRESHOLD
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn connection() -> ConnectionId {
        Uuid::from_u128(7).into()
    }

    fn domains(accepted: bool) -> Verdict {
        Verdict {
            connection_id: connection(),
            accepted,
            likenesses: [Likeness::SameLocal {
                ours: "old.example".into(),
                theirs: "new.example".into(),
            }]
            .into(),
        }
    }

    fn given(ours: &str, theirs: &str) -> Verdict {
        Verdict {
            likenesses: [Likeness::OtherGiven {
                ours: ours.into(),
                theirs: theirs.into(),
            }]
            .into(),
            ..domains(true)
        }
    }

    #[test]
    fn three_that_agree_teach_and_one_that_does_not_forbids() {
        let mut verdicts = vec![domains(true), domains(true)];
        assert_eq!(advice(&verdicts, &HashMap::new()), []);
        verdicts.push(domains(true));
        let pair = Equivalence::new("new.example", "old.example");
        let expected = Advice {
            connection_id: connection(),
            lesson: Lesson::EquivalentDomains(pair.clone()),
            accepted: 3,
        };
        let found = advice(&verdicts, &HashMap::new());
        assert_eq!(found, std::slice::from_ref(&expected));
        let rules = expected.lesson.added_to(&MatchingRules::default());
        assert_eq!(rules.equivalent_domains, [pair]);
        assert_eq!(advice(&verdicts, &[(connection(), rules)].into()), []);
        verdicts.push(domains(false));
        assert_eq!(advice(&verdicts, &HashMap::new()), []);
    }

    #[test]
    fn names_that_the_matcher_knows_need_no_rule() {
        let known = vec![given("robert", "bob"); 3];
        assert_eq!(advice(&known, &HashMap::new()), []);
        let unknown = vec![given("wilbert", "skip"); 3];
        let lesson = Lesson::Alias(Equivalence::new("skip", "wilbert"));
        assert_eq!(advice(&unknown, &HashMap::new())[0].lesson, lesson);
    }

    #[test]
    fn earlier_cases_are_counted_in_the_same_connection() {
        let verdicts = [domains(true), domains(true), domains(false)];
        let likeness = verdicts[0].likenesses.first().expect("one");
        let [tally] = &tallies([likeness, &Likeness::SameName], connection(), &verdicts)[..] else {
            panic!("one tally");
        };
        assert_eq!((tally.accepted, tally.rejected), (2, 1));
        let elsewhere = Uuid::from_u128(8).into();
        assert_eq!(tallies([likeness], elsewhere, &verdicts), []);
    }
}
