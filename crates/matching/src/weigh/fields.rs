//! The fields that are compared, the levels of agreement of each, and what is expected of them
//! before any data has been seen.
//!
//! For every level stand two chances: `m`, that two records *of one human* agree in this way, and
//! `u`, that two records of *different* humans do. The logarithm of their ratio is the weight of
//! the evidence (Fellegi and Sunter 1969). The figures here are starting points, which
//! [`learn`](crate::weigh::learn) moves towards the data at hand.

use crate::corpus::TEXT_COLUMNS;

/// Where the chance `u` of a level comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Chance {
    /// From the frequency of the value itself: a shared rare surname is worth more than Smith.
    Frequency,
    /// Learned from random pairs.
    Learned,
    /// Depends on another field (an address made from the name, given the same name), so that
    /// random pairs would mislead.
    Fixed,
}

/// One way in which two values can agree or differ.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Level {
    pub(crate) m: f64,
    pub(crate) u: f64,
    pub(crate) chance: Chance,
}

const fn frequency(m: f64) -> Level {
    Level {
        m,
        u: 1.0,
        chance: Chance::Frequency,
    }
}

const fn learned(m: f64, u: f64) -> Level {
    Level {
        m,
        u,
        chance: Chance::Learned,
    }
}

const fn fixed(m: f64, u: f64) -> Level {
    Level {
        m,
        u,
        chance: Chance::Fixed,
    }
}

pub(crate) const GIVEN: usize = 0;
pub(crate) const FAMILY: usize = 1;
pub(crate) const MIDDLE: usize = 2;
pub(crate) const ORDER: usize = 3;
pub(crate) const EMAIL: usize = 4;
pub(crate) const DOMAIN: usize = 5;
pub(crate) const USERNAME: usize = 6;
pub(crate) const PHONE: usize = 7;
pub(crate) const EXTENSION: usize = 8;
pub(crate) const ID: usize = 9;
pub(crate) const BIRTH: usize = 10;
pub(crate) const POSTCODE: usize = 11;
pub(crate) const STATUS: usize = 12;
/// The first of the text columns.
pub(crate) const TEXT: usize = 13;
/// Number of fields.
pub(crate) const FIELDS: usize = TEXT + TEXT_COLUMNS;

/// Level 0 of every field: unknown on a side, no evidence either way.
pub(crate) const UNKNOWN: u8 = 0;

/// Levels of given and family names.
pub(crate) mod name_level {
    pub(crate) const SAME: u8 = 1;
    pub(crate) const VARIANT: u8 = 2;
    pub(crate) const SHORT: u8 = 3;
    pub(crate) const PART: u8 = 4;
    pub(crate) const SIMILAR: u8 = 5;
    pub(crate) const INITIAL: u8 = 6;
    pub(crate) const DIFFERENT: u8 = 7;
}

/// Levels of e-mail addresses.
pub(crate) mod email_level {
    pub(crate) const SAME: u8 = 1;
    /// Equal local part that the names do not explain.
    pub(crate) const LOCAL: u8 = 2;
    /// Equal local part made from the name: little news once the names agree.
    pub(crate) const LOCAL_FROM_NAME: u8 = 3;
    pub(crate) const SIMILAR: u8 = 4;
    /// One private address: says nothing.
    pub(crate) const PRIVATE: u8 = 5;
    /// Both made from the name by different patterns.
    pub(crate) const PATTERN: u8 = 6;
    /// Equal but for a number behind, at one domain: how namesakes are told apart.
    pub(crate) const NUMBER: u8 = 7;
    pub(crate) const DIFFERENT: u8 = 8;
    /// A slip in a local part that the names explain but for the slip, at one domain.
    pub(crate) const SIMILAR_FROM_NAME: u8 = 9;
    /// At one domain and by one pattern, each made from its own name: two people's.
    pub(crate) const OWN_NAMES: u8 = 10;
}

/// Further levels of user names and ids.
pub(crate) mod key_level {
    /// The same user name, made from the name: little news once the names agree.
    pub(crate) const FROM_NAME: u8 = 4;
    /// The same id, but plainly another human: a seat that was handed on.
    pub(crate) const HANDED_ON: u8 = 4;
}

/// Levels of mail domains.
pub(crate) mod domain_level {
    pub(crate) const SAME: u8 = 1;
    pub(crate) const SIMILAR: u8 = 2;
    /// Different, but the data shows that the two belong together (a merger).
    pub(crate) const PAIRED: u8 = 3;
    pub(crate) const PUBLIC: u8 = 4;
    pub(crate) const DIFFERENT: u8 = 5;
}

/// Levels of the account's state.
pub(crate) mod status_level {
    pub(crate) const SAME: u8 = 1;
    pub(crate) const DIFFERENT: u8 = 2;
    /// Deactivated, while an active record of what seems the same human is there.
    pub(crate) const SUPERSEDED: u8 = 3;
}

/// Levels of everything else: equal, close, different.
pub(crate) mod level {
    pub(crate) const SAME: u8 = 1;
    pub(crate) const CLOSE: u8 = 2;
    pub(crate) const DIFFERENT: u8 = 3;
    /// Dates only: the same year.
    pub(crate) const SAME_YEAR: u8 = 4;
    /// Dates only: both are a first of January (a year without a day) of years a digit apart.
    pub(crate) const NEAR_YEAR: u8 = 5;
}

const GIVEN_LEVELS: [Level; 7] = [
    frequency(0.72),
    learned(0.07, 0.003),
    learned(0.06, 0.006),
    learned(0.03, 0.005),
    learned(0.04, 0.008),
    learned(0.03, 0.04),
    learned(0.05, 0.93),
];
const FAMILY_LEVELS: [Level; 7] = [
    frequency(0.80),
    learned(0.05, 0.002),
    learned(0.002, 0.003),
    learned(0.03, 0.003),
    learned(0.05, 0.005),
    learned(0.008, 0.02),
    learned(0.06, 0.96),
];
const MIDDLE_LEVELS: [Level; 2] = [learned(0.92, 0.08), learned(0.08, 0.92)];
const ORDER_LEVELS: [Level; 2] = [fixed(0.97, 1.0), fixed(0.03, 1.0)];
const EMAIL_LEVELS: [Level; 10] = [
    frequency(0.60),
    frequency(0.05),
    fixed(0.12, 0.25),
    learned(0.05, 0.0005),
    fixed(0.04, 0.05),
    fixed(0.06, 0.20),
    fixed(0.01, 0.08),
    fixed(0.06, 0.42),
    fixed(0.02, 0.01),
    fixed(0.005, 0.30),
];
const DOMAIN_LEVELS: [Level; 5] = [
    frequency(0.70),
    learned(0.03, 0.001),
    frequency(0.15),
    fixed(0.05, 0.05),
    learned(0.08, 0.90),
];
const USERNAME_LEVELS: [Level; 4] = [
    frequency(0.50),
    learned(0.10, 0.003),
    learned(0.20, 0.99),
    fixed(0.20, 0.10),
];
const PHONE_LEVELS: [Level; 3] = [frequency(0.75), learned(0.03, 0.0005), learned(0.22, 1.0)];
const EXTENSION_LEVELS: [Level; 3] = [frequency(0.80), learned(0.01, 0.01), learned(0.19, 0.99)];
const ID_LEVELS: [Level; 4] = [
    frequency(0.92),
    learned(0.02, 0.0005),
    learned(0.06, 1.0),
    fixed(0.002, 0.05),
];
const BIRTH_LEVELS: [Level; 5] = [
    frequency(0.80),
    learned(0.10, 0.002),
    learned(0.04, 0.98),
    learned(0.03, 0.015),
    learned(0.03, 0.02),
];
const POSTCODE_LEVELS: [Level; 3] = [frequency(0.75), learned(0.10, 0.01), learned(0.15, 0.99)];
const STATUS_LEVELS: [Level; 3] = [learned(0.93, 0.88), learned(0.07, 0.12), fixed(0.0005, 1.0)];
const TEXT_LEVELS: [Level; 3] = [frequency(0.65), learned(0.15, 0.03), learned(0.20, 0.90)];

/// The levels of a field, from level 1 on.
pub(crate) fn levels_of(field: usize) -> &'static [Level] {
    match field {
        GIVEN => &GIVEN_LEVELS,
        FAMILY => &FAMILY_LEVELS,
        MIDDLE => &MIDDLE_LEVELS,
        ORDER => &ORDER_LEVELS,
        EMAIL => &EMAIL_LEVELS,
        DOMAIN => &DOMAIN_LEVELS,
        USERNAME => &USERNAME_LEVELS,
        PHONE => &PHONE_LEVELS,
        EXTENSION => &EXTENSION_LEVELS,
        ID => &ID_LEVELS,
        BIRTH => &BIRTH_LEVELS,
        POSTCODE => &POSTCODE_LEVELS,
        STATUS => &STATUS_LEVELS,
        _ => &TEXT_LEVELS,
    }
}

/// Most levels a field has, the unknown one included.
pub(crate) const LEVELS: usize = 11;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chances_of_one_human_sum_to_one() {
        for field in 0..FIELDS {
            let sum: f64 = levels_of(field).iter().map(|level| level.m).sum();
            assert!((sum - 1.0).abs() < 0.02, "field {field}: {sum}");
            assert!(levels_of(field).len() < LEVELS);
        }
    }
}
