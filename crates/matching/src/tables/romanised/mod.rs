//! Romanisations and spellings of one name that the sound skeleton cannot bring together.

mod arabic;
mod chinese;
mod korean;
mod slavic;
mod western;

/// Groups of spellings, one a line, their names folded and separated by a space.
pub(super) const SPELLED: [&str; 5] = [
    chinese::GIVEN,
    korean::GROUPS,
    arabic::GROUPS,
    slavic::GROUPS,
    western::GROUPS,
];

/// The same for Chinese family names; the first of a group is its pinyin.
pub(super) const CHINESE_FAMILIES: &str = chinese::FAMILIES;
