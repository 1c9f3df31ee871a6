//! Titles, departments, towns, streets: words that may be abbreviated or mistyped.

use std::ops::Range;

use strsim::jaro_winkler;

use super::Comparer;
use super::rarity::Reuse;
use crate::corpus::strings::{NONE, Strings, TextId};
use crate::weigh::fields::{UNKNOWN, level};

/// Longest list of values whose closeness is computed beforehand.
const LISTED: u32 = 160;

/// What is computed once about the values of a column, whose texts would otherwise be compared a
/// hundred thousand times.
#[derive(Debug)]
pub(super) enum Closeness {
    /// Of a short column (titles, departments): which are close.
    Known { values: u32, close: Vec<bool> },
    /// Of a long one: the letters that each value's words begin with.
    Initials(Vec<u64>),
}

impl Closeness {
    pub(super) fn of(strings: &Strings<'_>) -> Self {
        let values = strings.len();
        if values > LISTED {
            return Self::Initials((0..values).map(|id| initials(strings.get(id))).collect());
        }
        let close = (0..values)
            .flat_map(|one| (0..values).map(move |other| (one, other)))
            .map(|(one, other)| is_close(strings.get(one), strings.get(other)))
            .collect();
        Self::Known { values, close }
    }

    /// Whether two values are close, as far as that is known without their texts.
    fn find(&self, one: TextId, other: TextId) -> Option<bool> {
        match self {
            Self::Known { values, close } => {
                let known = one < *values && other < *values;
                known.then(|| close[one as usize * *values as usize + other as usize])
            }
            Self::Initials(initials) => {
                let (one, other) = (initials.get(one as usize)?, initials.get(other as usize)?);
                (one & other == 0).then_some(false)
            }
        }
    }
}

impl Comparer<'_> {
    pub(super) fn compare_text(
        &self,
        column: usize,
        values: &Strings<'_>,
        one: TextId,
        other: TextId,
    ) -> (u8, f32) {
        if one == NONE || other == NONE {
            return (UNKNOWN, 0.0);
        }
        if one == other {
            return (level::SAME, self.value_bits(values, one, Reuse::Common));
        }
        let listed = self.measures.closeness[column].find(one, other);
        let close = listed.unwrap_or_else(|| is_close(values.get(one), values.get(other)));
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

/// Mistyped, abbreviated word by word ("Mgr, Sales"), an acronym ("CSM"), or the same but for
/// some words.
fn is_close(one: &str, other: &str) -> bool {
    let (short, long) = if (one.len(), one) <= (other.len(), other) {
        (one, other)
    } else {
        (other, one)
    };
    if initials(short) & initials(long) == 0 {
        return false;
    }
    if short.len() >= 4 && jaro_winkler(short, long) >= 0.9 {
        return true;
    }
    if short.bytes().all(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let (short_words, long_words) = (words_of(short), words_of(long));
    let mut explained = vec![false; long_words.len()];
    let mut understood = 0;
    for word in &short_words {
        let places = places_of(word, &long_words);
        understood += usize::from(!places.is_empty());
        explained[places].fill(true);
    }
    // Half of all words of the longer text, and most of the shorter one.
    let explained = explained.into_iter().filter(|place| *place).count();
    explained * 2 >= long_words.len() && understood * 3 >= short_words.len() * 2
}

/// The letters that the words of a text begin with, as a set of bits. Texts that share none are
/// taken for different, which is quick to see; a slip in the only initial is missed by it.
fn initials(text: &str) -> u64 {
    let mut before = b' ';
    text.bytes().fold(0, |found, byte| {
        let starts = before == b' ';
        before = byte;
        found | (u64::from(starts) << (byte & 63))
    })
}

fn words_of(text: &str) -> Vec<&str> {
    text.split(' ').filter(|word| *word != "of").collect()
}

/// Which words of a text another word stands for: one that it abbreviates or that abbreviates it,
/// or several whose initials it is.
fn places_of(word: &str, words: &[&str]) -> Range<usize> {
    let initials = |from: &[&str]| {
        let mut pairs = from.iter().zip(word.chars());
        pairs.all(|(whole, letter)| whole.starts_with(letter))
    };
    if word.len() > 1
        && let Some(place) = words.windows(word.len()).position(initials)
    {
        return place..place + word.len();
    }
    let short_form = |whole: &&str| abbreviates(word, whole) || abbreviates(whole, word);
    words
        .iter()
        .position(short_form)
        .map_or(0..0, |place| place..place + 1)
}

/// Whether a word is a short form of another: the same first letter, all letters in order.
fn abbreviates(short: &str, long: &str) -> bool {
    if short.len() < 2 || short.len() > long.len() || short.as_bytes()[0] != long.as_bytes()[0] {
        return false;
    }
    let mut letters = long.bytes();
    short
        .bytes()
        .all(|letter| letters.any(|other| other == letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn abbreviations_and_slips_are_close() {
        for (one, other) in [
            ("sales manager", "mgr sales"),
            ("customer success manager", "csm"),
            ("regional director", "dir regional"),
            ("vice president sales", "vp sales"),
            ("contact center agent", "contact centre agent"),
            ("birmingham", "bimingham"),
        ] {
            assert!(is_close(one, other), "{one} {other}");
            assert!(is_close(other, one), "{other} {one}");
        }
        for (one, other) in [
            ("sales", "support"),
            ("12", "123"),
            ("painter", "politician"),
        ] {
            assert!(!is_close(one, other), "{one} {other}");
        }
    }
}
