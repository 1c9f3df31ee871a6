//! The tables of Chinese characters and syllables, ready for look-ups.

use rustc_hash::FxHashMap;

use super::han;

/// What is known of single characters and syllables.
#[derive(Debug)]
pub(super) struct Characters {
    pub(super) families: FxHashMap<&'static str, &'static str>,
    pub(super) compound: Vec<&'static str>,
    pub(super) simplified: FxHashMap<char, char>,
    pub(super) korean: FxHashMap<char, &'static str>,
    pub(super) cantonese: FxHashMap<&'static str, &'static str>,
}

impl Characters {
    pub(super) fn new() -> Self {
        let traditional: Vec<char> = han::TRADITIONAL
            .chars()
            .filter(|letter| !letter.is_whitespace())
            .collect();
        let korean: Vec<&'static str> = han::KOREAN.split_whitespace().collect();
        Self {
            families: han::FAMILY_READINGS.iter().copied().collect(),
            compound: han::COMPOUND.split_whitespace().collect(),
            simplified: traditional
                .chunks_exact(2)
                .map(|pair| (pair[0], pair[1]))
                .filter(|(from, to)| from != to)
                .collect(),
            korean: korean
                .chunks_exact(2)
                .filter_map(|pair| Some((pair[0].chars().next()?, pair[1])))
                .collect(),
            cantonese: han::CANTONESE
                .split(',')
                .filter_map(|pair| pair.trim().split_once(' '))
                .collect(),
        }
    }
}
