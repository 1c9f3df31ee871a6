//! Addresses, and the values that are keys by themselves: user names, phones, ids, dates.

use super::memory::Memory;
use super::rarity::Reuse;
use super::{Comparer, Comparison};
use crate::corpus::people::{Mail, Person};
use crate::corpus::strings::{NONE, Strings, TextId};
use crate::normalise::birth::Birth;
use crate::normalise::email::Pattern;
use crate::normalise::{contact, email};
use crate::slips::slips_within;
use crate::weigh::fields::{
    BIRTH, DOMAIN, EMAIL, EXTENSION, FAMILY, GIVEN, ID, PHONE, POSTCODE, UNKNOWN, USERNAME,
    domain_level, email_level, key_level, level, name_level,
};

impl Comparer<'_> {
    /// Compares all addresses with each other and takes the pair that agrees best. The names must
    /// have been compared before: what they explain is no second evidence.
    pub(super) fn compare_mails(
        &self,
        memory: &mut Memory,
        left: &Person<'_>,
        right: &Person<'_>,
        outcome: &mut Comparison,
    ) {
        let names_agree = [GIVEN, FAMILY]
            .into_iter()
            .all(|part| !matches!(outcome.levels[part], UNKNOWN | name_level::DIFFERENT));
        // The addresses of a pair that agrees best; of equals the rarest, whatever their order.
        let mut best: Option<[(u8, f32); 2]> = None;
        for one in left.mails {
            for other in right.mails {
                let found = self.compare_mail(memory, one, other, names_agree);
                if best.is_none_or(|known| is_preferred(found, known)) {
                    best = Some(found);
                    outcome.undecorated = one.undecorated != other.undecorated;
                    outcome.by_equivalence = one.whole != other.whole;
                }
            }
        }
        if let Some([mail, domain]) = best {
            outcome.set(EMAIL, mail);
            outcome.set(DOMAIN, domain);
        }
    }

    /// Two addresses, and their domains unless the addresses are equal.
    fn compare_mail(
        &self,
        memory: &mut Memory,
        one: &Mail,
        other: &Mail,
        names_agree: bool,
    ) -> [(u8, f32); 2] {
        let corpus = self.corpus;
        if one.whole == other.whole {
            let bits = self.value_bits(&corpus.mails, one.whole, Reuse::Identifier);
            return [(email_level::SAME, bits), (UNKNOWN, 0.0)];
        }
        let explained = (one.is_from_name() && other.is_from_name())
            || (names_agree && (one.is_from_name() || other.is_from_name()));
        let domains = self.liken_domains(memory, one.domain, other.domain);
        if one.local == other.local && domains == domain_level::SAME {
            let bits = |mail| self.value_bits(&corpus.mails, mail, Reuse::Identifier);
            let rarer = bits(one.whole).min(bits(other.whole));
            return [(email_level::SAME, rarer), (UNKNOWN, 0.0)];
        }
        let mail = if one.local != other.local {
            (self.liken_locals(one, other, domains, explained), 0.0)
        } else if explained {
            (email_level::LOCAL_FROM_NAME, corpus.habits.news(one, other))
        } else {
            let bits = self.value_bits(&corpus.locals, one.local, Reuse::Local);
            (email_level::LOCAL, bits)
        };
        [mail, self.compare_domain(one, other, domains)]
    }

    /// Two local parts that are not equal.
    fn liken_locals(&self, one: &Mail, other: &Mail, domains: u8, explained: bool) -> u8 {
        // Most addresses are of different domains, and their texts need not be looked at.
        if domains != domain_level::DIFFERENT {
            let one_domain = domains != domain_level::SIMILAR;
            let locals = &self.corpus.locals;
            let (a, b) = (locals.get(one.local), locals.get(other.local));
            let ((stem, number), (other_stem, other_number)) =
                (email::split_number(a), email::split_number(b));
            // At an organization's own domain numbers tell namesakes apart, whatever their length.
            let of_organization = !one.public && stem == other_stem;
            let counted = number != other_number
                && (of_organization
                    || number.len() == other_number.len()
                    || number.len().min(other_number.len()) < 2);
            if counted && one_domain && (stem == other_stem || is_mistyped(stem, other_stem)) {
                return email_level::NUMBER;
            }
            if !counted && are_own_names(one, other, domains) {
                return email_level::OWN_NAMES;
            }
            if !counted && is_mistyped(a, b) {
                return if explained {
                    email_level::SIMILAR_FROM_NAME
                } else {
                    email_level::SIMILAR
                };
            }
        }
        if one.public != other.public {
            email_level::PRIVATE
        } else if explained {
            email_level::PATTERN
        } else {
            email_level::DIFFERENT
        }
    }

    /// How two domains belong together, whoever provides them.
    fn liken_domains(&self, memory: &mut Memory, one: TextId, other: TextId) -> u8 {
        if one == other || self.rules.equivalent.contains(&(one, other)) {
            return domain_level::SAME;
        }
        memory.domains.get_or_compute(one, other, || {
            let domains = &self.corpus.domains;
            let (a, b) = (domains.get(one), domains.get(other));
            if self
                .paired_domains
                .is_some_and(|pairs| pairs.contains(&(one, other)))
            {
                domain_level::PAIRED
            } else if a.len().min(b.len()) >= 6 && slips_within(a, b, 2).is_some() {
                domain_level::SIMILAR
            } else {
                domain_level::DIFFERENT
            }
        })
    }

    fn compare_domain(&self, one: &Mail, other: &Mail, level: u8) -> (u8, f32) {
        if one.public || other.public {
            return (domain_level::PUBLIC, 0.0);
        }
        let bits = |domain| self.value_bits(&self.corpus.domains, domain, Reuse::Common);
        let rarity = match level {
            domain_level::SAME | domain_level::PAIRED => bits(one.domain).min(bits(other.domain)),
            _ => 0.0,
        };
        (level, rarity)
    }

    pub(super) fn compare_keys(
        &self,
        left: &Person<'_>,
        right: &Person<'_>,
        outcome: &mut Comparison,
    ) {
        let corpus = self.corpus;
        outcome.set(USERNAME, self.compare_username(left, right));
        outcome.set(PHONE, self.compare_phones(left, right));
        outcome.set(
            EXTENSION,
            self.equal_or_not(&corpus.extensions, left.extension, right.extension),
        );
        let (id, rarity) = self.compare_ids(left, right);
        let names = [outcome.levels[GIVEN], outcome.levels[FAMILY]];
        outcome.set(
            ID,
            if id == level::SAME && names == [name_level::DIFFERENT; 2] {
                (key_level::HANDED_ON, 0.0)
            } else {
                (id, rarity)
            },
        );
        outcome.set(BIRTH, self.compare_birth(left.birth, right.birth));
        outcome.set(
            POSTCODE,
            self.compare_postcode(left.postcode, right.postcode),
        );
    }

    fn equal_or_not(&self, strings: &Strings<'_>, one: TextId, other: TextId) -> (u8, f32) {
        if one == NONE || other == NONE {
            (UNKNOWN, 0.0)
        } else if one == other {
            (level::SAME, self.value_bits(strings, one, Reuse::Common))
        } else {
            (level::DIFFERENT, 0.0)
        }
    }

    /// User names with each other, or one with the local part of the other side's address.
    fn compare_username(&self, left: &Person<'_>, right: &Person<'_>) -> (u8, f32) {
        let corpus = self.corpus;
        match (left.username, right.username) {
            (NONE, NONE) => (UNKNOWN, 0.0),
            (one, other) if one == other && left.plain_username && right.plain_username => {
                (key_level::FROM_NAME, 0.0)
            }
            (one, other) if one == other => (
                level::SAME,
                self.value_bits(&corpus.usernames, one, Reuse::Username),
            ),
            (NONE, name) => self.username_in_mail(name, left.mails),
            (name, NONE) => self.username_in_mail(name, right.mails),
            (one, other) => {
                let close = is_mistyped(corpus.usernames.get(one), corpus.usernames.get(other));
                (
                    if close {
                        level::CLOSE
                    } else {
                        level::DIFFERENT
                    },
                    0.0,
                )
            }
        }
    }

    fn username_in_mail(&self, name: TextId, mails: &[Mail]) -> (u8, f32) {
        let name = self.corpus.usernames.get(name);
        let found = mails
            .iter()
            .any(|mail| self.corpus.locals.get(mail.local) == name);
        (if found { level::CLOSE } else { UNKNOWN }, 0.0)
    }

    fn compare_phones(&self, left: &Person<'_>, right: &Person<'_>) -> (u8, f32) {
        if left.phones.is_empty() || right.phones.is_empty() {
            return (UNKNOWN, 0.0);
        }
        let tails = &self.corpus.phone_tails;
        let (mut same, mut close): (Option<f32>, bool) = (None, false);
        for one in left.phones {
            for other in right.phones {
                if contact::same_phone(one.digits, other.digits) {
                    let bits = self.value_bits(tails, one.tail, Reuse::Phone);
                    same = Some(same.map_or(bits, |known| known.max(bits)));
                } else {
                    close |= contact::close_phones(one.digits, other.digits);
                }
            }
        }
        match same {
            Some(bits) => (level::SAME, bits),
            None if close => (level::CLOSE, 0.0),
            None => (level::DIFFERENT, 0.0),
        }
    }

    fn compare_ids(&self, left: &Person<'_>, right: &Person<'_>) -> (u8, f32) {
        let ids = &self.corpus.ids;
        if left.ids.is_empty() || right.ids.is_empty() {
            return (UNKNOWN, 0.0);
        }
        let shared = left.ids.iter().filter(|id| right.ids.contains(id));
        if let Some(bits) = shared
            .map(|id| self.value_bits(ids, *id, Reuse::Identifier))
            .reduce(f32::max)
        {
            return (level::SAME, bits);
        }
        let close = left.ids.iter().any(|one| {
            let one = ids.get(*one);
            right
                .ids
                .iter()
                .any(|other| one.len() >= 5 && slips_within(one, ids.get(*other), 1).is_some())
        });
        (
            if close {
                level::CLOSE
            } else {
                level::DIFFERENT
            },
            0.0,
        )
    }

    fn compare_birth(&self, one: TextId, other: TextId) -> (u8, f32) {
        if one == NONE || other == NONE {
            return (UNKNOWN, 0.0);
        }
        let births = &self.corpus.births;
        if one == other {
            return (level::SAME, self.value_bits(births, one, Reuse::Common));
        }
        let date = |id| Birth::unpack(births.get(id).parse().unwrap_or(0));
        (liken_dates(date(one), date(other)), 0.0)
    }

    fn compare_postcode(&self, one: TextId, other: TextId) -> (u8, f32) {
        let postcodes = &self.corpus.postcodes;
        let equal = self.equal_or_not(postcodes, one, other);
        if equal.0 != level::DIFFERENT {
            return equal;
        }
        let (a, b) = (postcodes.get(one), postcodes.get(other));
        let area = |code: &str| {
            code.len()
                .saturating_sub(if code.len() > 5 { 3 } else { 2 })
        };
        let same_area = a.len() == b.len() && area(a) > 0 && a[..area(a)] == b[..area(b)];
        if same_area || slips_within(a, b, 1).is_some() {
            (level::CLOSE, 0.0)
        } else {
            equal
        }
    }
}

/// Whether two addresses of one domain follow one pattern that spells the whole name, each that
/// of its own person: then neither is a slip of the other.
fn are_own_names(one: &Mail, other: &Mail, domains: u8) -> bool {
    let is_full = |mail: &Mail| mail.pattern.is_some_and(Pattern::is_full);
    domains == domain_level::SAME && is_full(one) && one.pattern == other.pattern
}

/// Whether a pair of addresses agrees better than another.
fn is_preferred([mail, domain]: [(u8, f32); 2], [known, known_domain]: [(u8, f32); 2]) -> bool {
    let order = preference(mail.0).cmp(&preference(known.0));
    let order = order.then(domain.0.cmp(&known_domain.0));
    order
        .then((known.1 + known_domain.1).total_cmp(&(mail.1 + domain.1)))
        .is_lt()
}

/// Order in which the pairs of several addresses are preferred.
fn preference(level: u8) -> u8 {
    match level {
        email_level::SAME | email_level::LOCAL => level,
        email_level::SIMILAR => 3,
        email_level::LOCAL_FROM_NAME => 4,
        email_level::SIMILAR_FROM_NAME => 5,
        other => other + 5,
    }
}

/// Two dates that are not equal.
fn liken_dates(one: Birth, other: Birth) -> u8 {
    let only_year = |date: Birth| (date.month, date.day) == (1, 1) || date.month == 0;
    let years_close = slips_within(&one.year.to_string(), &other.year.to_string(), 1).is_some();
    if only_year(one) && only_year(other) {
        return match one.year == other.year {
            true => level::SAME_YEAR,
            false if years_close => level::NEAR_YEAR,
            false => level::DIFFERENT,
        };
    }
    let same = [
        one.year == other.year,
        one.month == other.month,
        one.day == other.day,
    ];
    let agreeing = same.into_iter().filter(|equal| *equal).count();
    let turned = one.year == other.year && one.month == other.day && one.day == other.month;
    if agreeing == 2 || turned {
        level::CLOSE
    } else if one.year == other.year {
        level::SAME_YEAR
    } else {
        level::DIFFERENT
    }
}

/// One slip in a word of five letters, two in one of eight.
fn is_mistyped(one: &str, other: &str) -> bool {
    let shorter = one.len().min(other.len());
    let most = if shorter >= 7 { 2 } else { 1 };
    shorter >= 4 && slips_within(one, other, most).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalise::birth::parse;

    #[test]
    fn dates_agree_in_part() {
        for (one, other, expected) in [
            ("1971-05-24", "1971-06-24", level::CLOSE),
            ("1994-02-01", "1994-01-02", level::CLOSE),
            ("1862-01-09", "1862-04-08", level::SAME_YEAR),
            ("1846-01-01", "1848-01-01", level::NEAR_YEAR),
            ("1846-01-01", "1918-01-01", level::DIFFERENT),
            ("1976-02-05", "1983-09-21", level::DIFFERENT),
        ] {
            let (one, other) = (parse(one).unwrap(), parse(other).unwrap());
            assert_eq!(liken_dates(one, other), expected);
            assert_eq!(liken_dates(other, one), expected);
        }
    }

    #[test]
    fn mistyped_local_parts_are_close() {
        assert!(is_mistyped("robert255", "roberta25"));
        assert!(!is_mistyped("rob", "bob"));
    }
}
