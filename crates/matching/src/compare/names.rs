//! Given, family and middle names, in either order.

use strsim::jaro_winkler;

use super::memory::Memory;
use super::rarity::Reuse;
use super::{Comparer, Comparison};
use crate::corpus::people::{Mail, Person};
use crate::corpus::strings::{NONE, TextId};
use crate::normalise::email::Pattern;
use crate::normalise::sound;
use crate::slips::slips_within;
use crate::weigh::fields::{FAMILY, GIVEN, MIDDLE, ORDER, UNKNOWN, name_level as level};

/// One of the two parts of a name.
#[derive(Clone, Copy)]
struct Part<'a> {
    tokens: &'a [TextId],
    whole: TextId,
}

/// Which parts are compared, for how frequent their names are.
#[derive(Clone, Copy)]
enum Role {
    Given,
    Family,
    /// The given name of one side with the family name of the other.
    Crossed,
}

/// How far two parts agree, and how rare that is.
type Likeness = (u8, f32);

impl Comparer<'_> {
    pub(super) fn compare_names(
        &self,
        memory: &mut Memory,
        left: &Person<'_>,
        right: &Person<'_>,
        outcome: &mut Comparison,
    ) {
        let (left_given, left_family) = parts_of(left);
        let (right_given, right_family) = parts_of(right);
        let mut given = self.liken(memory, left_given, right_given, Role::Given);
        let mut family = self.liken(memory, left_family, right_family, Role::Family);
        let mut swapped = false;
        let straight = standing(given.0) + standing(family.0);
        if straight < 10 {
            let crossed_given = self.liken(memory, left_given, right_family, Role::Crossed);
            let crossed_family = self.liken(memory, left_family, right_given, Role::Crossed);
            if standing(crossed_given.0) + standing(crossed_family.0) > straight + 3 {
                // Which half is the given name is unknown now; the better one goes first, so that
                // exchanging the sides changes nothing.
                let (one, other) = (crossed_given, crossed_family);
                let in_order = one.0 < other.0 || (one.0 == other.0 && one.1 >= other.1);
                (given, family) = if in_order { (one, other) } else { (other, one) };
                swapped = true;
            }
        }
        let agrees = |level: u8| matches!(level, level::SAME | level::VARIANT);
        if agrees(given.0) && agrees(family.0) {
            family.1 -= self.namesake_bits(left, right, swapped);
        }
        if !swapped && addresses_contradict_a_slip(left, right) {
            for part in [&mut given, &mut family] {
                if part.0 == level::SIMILAR {
                    *part = (level::DIFFERENT, 0.0);
                }
            }
        }
        outcome.set(GIVEN, given);
        outcome.set(FAMILY, family);
        if given.0 != UNKNOWN || family.0 != UNKNOWN {
            outcome.set(ORDER, (if swapped { 2 } else { 1 }, 0.0));
        }
        if !swapped {
            outcome.set(MIDDLE, (self.compare_middle(left, right), 0.0));
        }
    }

    /// Bits by which the two halves of an agreeing name overstate it. Given and family names go
    /// together (Wei with Wang, Giulia with Rossi), so that there are more namesakes than the
    /// frequencies of the halves suggest; those that the data has are counted.
    fn namesake_bits(&self, left: &Person<'_>, right: &Person<'_>, swapped: bool) -> f32 {
        let namesakes = left.namesakes.max(right.namesakes);
        if namesakes == 0 {
            return 0.0;
        }
        let (one, other) = if swapped {
            (Role::Crossed, Role::Crossed)
        } else {
            (Role::Given, Role::Family)
        };
        let halves = |person: &Person<'_>| {
            self.name_bits(person.given_whole, one) + self.name_bits(person.family_whole, other)
        };
        let expected = f64::from(-halves(left).min(halves(right))).exp2();
        #[expect(
            clippy::cast_precision_loss,
            reason = "record counts stay far below 2^52"
        )]
        let total = self.corpus.totals.iter().sum::<usize>().max(1) as f64;
        let seen = f64::from(namesakes) / total;
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a few bits, to a hundredth"
        )]
        let bits = ((expected + seen) / expected).log2() as f32;
        bits
    }

    fn liken(&self, memory: &mut Memory, one: Part<'_>, other: Part<'_>, role: Role) -> Likeness {
        if one.whole == NONE || other.whole == NONE {
            return (UNKNOWN, 0.0);
        }
        if one.whole == other.whole {
            return (level::SAME, self.name_bits(one.whole, role));
        }
        let names = &self.corpus.names;
        let (a, b) = (names.get(one.whole), names.get(other.whole));
        if a.len() == 1 || b.len() == 1 {
            let same = a.as_bytes()[0] == b.as_bytes()[0];
            return (
                if same {
                    level::INITIAL
                } else {
                    level::DIFFERENT
                },
                0.0,
            );
        }
        let level = self.recalled(memory, one.whole, other.whole);
        if level != level::DIFFERENT && level != level::SIMILAR {
            return (level, self.relative_bits(one.whole, other.whole, role, 0.6));
        }
        let shared = one
            .tokens
            .iter()
            .filter(|token| other.tokens.contains(token) && names.get(**token).len() > 1)
            .map(|token| self.relative_bits(*token, *token, role, 0.8))
            .reduce(f32::max);
        if let Some(bits) = shared {
            return (level::PART, bits);
        }
        if one.tokens.len() + other.tokens.len() > 2
            && let (Some(&first), Some(&second)) = (one.tokens.first(), other.tokens.first())
            && matches!(
                self.recalled(memory, first, second),
                level::VARIANT | level::SHORT
            )
        {
            return (level::PART, self.relative_bits(first, second, role, 0.4));
        }
        match level {
            level::SIMILAR => (level, self.relative_bits(one.whole, other.whole, role, 0.4)),
            other => (other, 0.0),
        }
    }

    fn recalled(&self, memory: &mut Memory, one: TextId, other: TextId) -> u8 {
        memory
            .names
            .get_or_compute(one.min(other), one.max(other), || {
                self.liken_wholes(one, other)
            })
    }

    /// Two whole names that are not equal.
    fn liken_wholes(&self, one: TextId, other: TextId) -> u8 {
        let corpus = self.corpus;
        let (a, b) = (corpus.names.get(one), corpus.names.get(other));
        let (first, second) = (corpus.token(one), corpus.token(other));
        let mut shared = first
            .groups
            .iter()
            .filter(|group| second.groups.contains(group));
        let mut short = false;
        if shared.any(|group| {
            short = true;
            corpus.tables.is_spelling(*group)
        }) {
            return level::VARIANT;
        }
        if short {
            return level::SHORT;
        }
        let skeletons = (
            corpus.skeletons.get(first.skeleton),
            corpus.skeletons.get(second.skeleton),
        );
        if first.skeleton == second.skeleton && a.len().min(b.len()) > 2 {
            return level::VARIANT;
        }
        if (first.vowelless || second.vowelless)
            && skeletons.0.len().min(skeletons.1.len()) > 1
            && sound::consonants(skeletons.0) == sound::consonants(skeletons.1)
        {
            return level::VARIANT;
        }
        let (short, long) = if (a.len(), a) <= (b.len(), b) {
            (a, b)
        } else {
            (b, a)
        };
        if short.len() >= 3 && long.len() - short.len() >= 2 && long.starts_with(short) {
            return level::SHORT;
        }
        if is_similar(short, long) {
            level::SIMILAR
        } else {
            level::DIFFERENT
        }
    }

    fn compare_middle(&self, left: &Person<'_>, right: &Person<'_>) -> u8 {
        let (Some(one), Some(other)) = (left.given.get(1..), right.given.get(1..)) else {
            return UNKNOWN;
        };
        if one.is_empty() || other.is_empty() {
            return UNKNOWN;
        }
        let names = &self.corpus.names;
        let agree = one.iter().any(|a| {
            other.iter().any(|b| {
                let (a, b) = (names.get(*a), names.get(*b));
                a == b || ((a.len() == 1 || b.len() == 1) && a.as_bytes()[0] == b.as_bytes()[0])
            })
        });
        if agree { 1 } else { 2 }
    }

    fn name_bits(&self, id: TextId, role: Role) -> f32 {
        let bits = |family| {
            let counts = self.corpus.name_counts(id, family);
            self.measures.rarity.bits(counts, Reuse::Common)
        };
        match role {
            Role::Given => bits(false),
            Role::Family => bits(true),
            Role::Crossed => bits(false).midpoint(bits(true)),
        }
    }

    /// Bits by which this agreement is rarer than agreements of its level usually are.
    fn relative_bits(&self, one: TextId, other: TextId, role: Role, share: f32) -> f32 {
        let rarer = self.name_bits(one, role).min(self.name_bits(other, role));
        let usual = match role {
            Role::Given => self.measures.usual_given_bits,
            Role::Family => self.measures.usual_family_bits,
            Role::Crossed => self
                .measures
                .usual_given_bits
                .min(self.measures.usual_family_bits),
        };
        (share * (rarer - usual)).clamp(-4.0, 4.0)
    }
}

/// Whether each side has an address that spells its own whole name: a letter that differs in
/// both the name and the address is no slip.
fn addresses_contradict_a_slip(left: &Person<'_>, right: &Person<'_>) -> bool {
    let spells = |person: &Person<'_>| {
        let full = |mail: &Mail| mail.pattern.is_some_and(Pattern::is_full);
        person.mails.iter().any(full)
    };
    let shared = |one: &Mail| right.mails.iter().any(|other| one.local == other.local);
    spells(left) && spells(right) && !left.mails.iter().any(shared)
}

fn parts_of<'a>(person: &Person<'a>) -> (Part<'a>, Part<'a>) {
    (
        Part {
            tokens: person.given,
            whole: person.given_whole,
        },
        Part {
            tokens: person.family,
            whole: person.family_whole,
        },
    )
}

/// Rough worth of a level, to choose between the two orders of a name.
fn standing(level: u8) -> i32 {
    match level {
        level::SAME => 10,
        level::VARIANT => 8,
        level::SHORT => 6,
        level::PART | level::SIMILAR => 5,
        level::INITIAL => 2,
        level::DIFFERENT => -4,
        _ => 0,
    }
}

/// One slip of the pen, or two in a long word.
pub(super) fn is_similar(short: &str, long: &str) -> bool {
    if short.len() < 3 {
        return false;
    }
    match slips_within(short, long, 2) {
        Some(0 | 1) => long.len() >= 4,
        Some(_) => short.len() >= 5 && jaro_winkler(short, long) >= 0.85,
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_pen_is_similar() {
        for (one, other) in [
            ("john", "jlhn"),
            ("wright", "writhg"),
            ("armstrong", "arnmstrong"),
        ] {
            assert!(is_similar(one, other), "{one} {other}");
        }
        for (one, other) in [("jane", "mark"), ("lee", "li"), ("smith", "jones")] {
            assert!(!is_similar(one, other), "{one} {other}");
        }
    }
}
