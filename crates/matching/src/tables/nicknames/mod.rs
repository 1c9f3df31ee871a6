//! Given names with their short, pet and sister forms, a file for each family of languages.
//!
//! Two names share a group when somebody who bears the one is called the other. What sounds or
//! looks alike needs no entry: the skeleton and the sounds bring it together.

mod english;
mod further;
mod germanic;
mod romance;
mod slavic;

/// Groups, one a line, their names folded and separated by a space.
pub(super) const FAMILIES: [&str; 5] = [
    english::GROUPS,
    romance::GROUPS,
    germanic::GROUPS,
    slavic::GROUPS,
    further::GROUPS,
];
