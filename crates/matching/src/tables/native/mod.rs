//! Frequent names in scripts whose letters do not spell them: Chinese characters in their Japanese
//! reading, Arabic and Hebrew without vowels, Indian names by custom. Chinese names need no entry: their Mandarin reading
//! comes from the romanisation of characters.

mod arabic;
mod hebrew;
mod indic;
mod japanese_family;
mod japanese_given;

/// `native romanised`, one a line; a native name stands once in its file.
pub(super) const PAIRS: [&str; 5] = [
    japanese_family::PAIRS,
    japanese_given::PAIRS,
    arabic::PAIRS,
    hebrew::PAIRS,
    indic::PAIRS,
];
