//! What no algorithm knows: short forms of given names, romanisations that share no letters, and
//! how scripts that do not spell sounds write names. Written for this crate; every entry is folded.

mod characters;
mod familiar;
mod frequent;
mod han;
mod hangul;
mod native;
mod nicknames;
mod romanised;
pub(crate) mod titles;

use rustc_hash::{FxHashMap, FxHashSet};

use self::characters::Characters;
use crate::normalise::sound::skeleton;

pub(crate) use han::{pinyin_syllables, wade_giles};
pub(crate) use hangul::{STYLES, syllable};

/// Bits of surprise at a name by how common it is; see [`NameTables::rarity`].
const VERY_COMMON_BITS: f32 = 6.0;
const COMMON_BITS: f32 = 8.0;
const KNOWN_BITS: f32 = 9.5;
const RARE_BITS: f32 = 11.5;

/// The tables, ready for look-ups. Built once per match (one to two milliseconds).
#[derive(Debug)]
pub(crate) struct NameTables {
    /// Groups whose names the skeleton does not bring together anyway.
    groups: FxHashMap<&'static str, Vec<u16>>,
    /// All groups.
    all_groups: FxHashMap<&'static str, Vec<u16>>,
    native: FxHashMap<&'static str, &'static str>,
    first_romanised: u16,
    first_chinese: u16,
    characters: Characters,
    /// Bits of the names that are more than rare.
    bits: FxHashMap<&'static str, f32>,
    familiar: FxHashSet<&'static str>,
    titles: FxHashSet<&'static str>,
}

impl NameTables {
    pub(crate) fn new() -> Self {
        let mut groups: FxHashMap<&'static str, Vec<u16>> = FxHashMap::default();
        let mut number = 0_u16;
        let mut add = |lines: &'static str| {
            for line in lines.lines().filter(|line| !line.is_empty()) {
                for name in line.split(' ') {
                    let entry = groups.entry(name).or_default();
                    if !entry.contains(&number) {
                        entry.push(number);
                    }
                }
                number += 1;
            }
            number
        };
        let first_romanised = nicknames::FAMILIES
            .into_iter()
            .map(&mut add)
            .last()
            .unwrap_or(0);
        let first_chinese = romanised::SPELLED
            .into_iter()
            .map(&mut add)
            .last()
            .unwrap_or(0);
        add(romanised::CHINESE_FAMILIES);
        let native = native::PAIRS
            .into_iter()
            .chain([hangul::FAMILIES])
            .flat_map(str::lines)
            .filter_map(|line| line.split_once(' '))
            .collect();
        let bits = bits_of(&groups, first_romanised);
        Self {
            groups: beyond_sound(&groups),
            all_groups: groups,
            native,
            first_romanised,
            first_chinese,
            characters: Characters::new(),
            bits,
            familiar: familiar::NAMES.split_whitespace().collect(),
            titles: titles::plain().collect(),
        }
    }

    /// Numbers of the groups that a folded name token belongs to, ascending; without those whose
    /// names share one skeleton, which would only say the same again.
    pub(crate) fn groups_of(&self, token: &str) -> &[u16] {
        self.groups.get(token).map_or(&[], Vec::as_slice)
    }

    /// Numbers of all groups that a folded name token belongs to, ascending.
    pub(crate) fn all_groups_of(&self, token: &str) -> &[u16] {
        self.all_groups.get(token).map_or(&[], Vec::as_slice)
    }

    /// All names that have groups, with them.
    pub(crate) fn grouped(&self) -> impl Iterator<Item = (&'static str, &[u16])> {
        self.all_groups
            .iter()
            .map(|(name, groups)| (*name, groups.as_slice()))
    }

    /// Whether a group holds spellings of one name rather than short forms of it.
    pub(crate) fn is_spelling(&self, group: u16) -> bool {
        group >= self.first_romanised
    }

    /// The usual romanisation of a name in its own script.
    pub(crate) fn romanised(&self, native: &str) -> Option<&'static str> {
        self.native.get(native).copied()
    }

    /// Whether a folded word is a title or a generation and hardly ever a name.
    pub(crate) fn is_title(&self, token: &str) -> bool {
        self.titles.contains(token)
    }

    /// Whether any table has this folded name.
    pub(crate) fn is_known(&self, token: &str) -> bool {
        self.bits.contains_key(token)
    }

    /// Whether this folded name is listed for itself: two such names that are not of one group are
    /// two names, however near they are.
    pub(crate) fn is_familiar(&self, token: &str) -> bool {
        self.familiar.contains(token)
    }

    /// Whether a group is one of Chinese family names, whose readings in other languages meet those
    /// of other families.
    pub(crate) fn is_chinese_group(&self, group: u16) -> bool {
        group >= self.first_chinese
    }

    /// Bits of surprise at meeting a folded name: about 6 for a very common one, 11.5 for one that
    /// no table has, less for a very short one.
    pub(crate) fn rarity(&self, token: &str) -> f32 {
        self.bits
            .get(token)
            .copied()
            .unwrap_or(if token.len() <= 3 {
                KNOWN_BITS
            } else {
                RARE_BITS
            })
    }

    /// Whether a folded name is a romanised Chinese family name.
    pub(crate) fn is_chinese_family(&self, token: &str) -> bool {
        self.all_groups_of(token)
            .iter()
            .any(|group| self.is_chinese_group(*group))
    }

    /// Whether two characters are one Chinese family name.
    pub(crate) fn is_compound_family(&self, characters: &str) -> bool {
        self.characters.compound.contains(&characters)
    }

    /// The pinyin of a family name that is read in another way than its characters usually are.
    pub(crate) fn family_reading(&self, characters: &str) -> Option<&'static str> {
        self.characters.families.get(characters).copied()
    }

    /// Characters with traditional forms made simplified.
    pub(crate) fn simplified(&self, characters: &str) -> String {
        characters
            .chars()
            .map(|letter| {
                self.characters
                    .simplified
                    .get(&letter)
                    .copied()
                    .unwrap_or(letter)
            })
            .collect()
    }

    /// A character's Korean reading.
    pub(crate) fn korean_reading(&self, character: char) -> Option<&'static str> {
        self.characters.korean.get(&character).copied()
    }

    /// How Hong Kong writes what pinyin writes so.
    pub(crate) fn cantonese(&self, pinyin: &str) -> Option<&'static str> {
        self.characters.cantonese.get(pinyin).copied()
    }
}

/// The groups that hold more than one skeleton.
fn beyond_sound(groups: &FxHashMap<&'static str, Vec<u16>>) -> FxHashMap<&'static str, Vec<u16>> {
    let mut skeletons: FxHashMap<u16, String> = FxHashMap::default();
    let mut several: FxHashSet<u16> = FxHashSet::default();
    for (name, of) in groups {
        let own = skeleton(name);
        for group in of {
            let first = skeletons.entry(*group).or_insert_with(|| own.clone());
            if *first != own {
                several.insert(*group);
            }
        }
    }
    groups
        .iter()
        .map(|(name, of)| {
            let kept = of
                .iter()
                .copied()
                .filter(|group| several.contains(group))
                .collect();
            (*name, kept)
        })
        .filter(|(_, of): &(&str, Vec<u16>)| !of.is_empty())
        .collect()
}

/// The bits of every name that a table has. A spelling of a common name is nearly as common.
fn bits_of(
    groups: &FxHashMap<&'static str, Vec<u16>>,
    first_romanised: u16,
) -> FxHashMap<&'static str, f32> {
    let mut bits: FxHashMap<&'static str, f32> = familiar::NAMES
        .split_whitespace()
        .chain(groups.keys().copied())
        .map(|name| (name, KNOWN_BITS))
        .collect();
    let mut by_group: FxHashMap<u16, f32> = FxHashMap::default();
    let classes = [
        (frequent::COMMON, COMMON_BITS),
        (frequent::VERY_COMMON, VERY_COMMON_BITS),
    ];
    for (names, class) in classes {
        for name in names.split_whitespace() {
            bits.insert(name, class);
            for group in groups
                .get(name)
                .into_iter()
                .flatten()
                .filter(|group| **group >= first_romanised)
            {
                by_group.insert(*group, class);
            }
        }
    }
    for (name, of) in groups {
        for group in of {
            if let (Some(class), Some(known)) = (by_group.get(group), bits.get_mut(name)) {
                *known = known.min(class + 1.0);
            }
        }
    }
    bits
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalise::fold::fold;

    fn share(tables: &NameTables, one: &str, other: &str) -> bool {
        tables
            .groups_of(one)
            .iter()
            .any(|group| tables.groups_of(other).contains(group))
    }

    fn all_groups() -> impl Iterator<Item = &'static str> {
        nicknames::FAMILIES
            .into_iter()
            .chain(romanised::SPELLED)
            .chain([romanised::CHINESE_FAMILIES])
    }

    #[test]
    fn short_forms_share_a_group_with_their_name() {
        let tables = NameTables::new();
        for (one, other) in [
            ("robert", "bob"),
            ("elizabeth", "liz"),
            ("jose", "pepe"),
            ("katarzyna", "kasia"),
            ("dmitry", "dima"),
            ("giuseppe", "beppe"),
            ("friedrich", "fritz"),
            ("zhang", "cheung"),
            ("istvan", "pista"),
            ("konstantinos", "kostas"),
            ("venkatesh", "venky"),
        ] {
            assert!(share(&tables, one, other), "{one} {other}");
        }
        for (one, other) in [("robert", "william"), ("maria", "jose"), ("karl", "heinz")] {
            assert!(!share(&tables, one, other), "{one} {other}");
        }
    }

    #[test]
    fn groups_of_one_skeleton_are_left_to_the_skeleton() {
        let tables = NameTables::new();
        let all = tables.all_groups_of("khalid");
        assert!(
            all.iter()
                .any(|group| tables.all_groups_of("khaled").contains(group))
        );
        assert!(!share(&tables, "khalid", "khaled"));
    }

    #[test]
    fn entries_are_folded_and_stand_once_in_their_group() {
        for lines in all_groups() {
            for name in lines.split_whitespace() {
                assert_eq!(fold(name), name);
            }
            for line in lines.lines() {
                assert!(!line.contains("  ") && line.trim() == line, "{line}");
                let names: Vec<&str> = line.split(' ').collect();
                for (place, name) in names.iter().enumerate() {
                    assert!(!names[..place].contains(name), "{line}");
                }
            }
        }
    }

    #[test]
    fn no_full_name_heads_two_groups_of_one_file() {
        for lines in nicknames::FAMILIES {
            let heads: Vec<&str> = lines
                .lines()
                .filter_map(|line| line.split(' ').next())
                .collect();
            assert!(heads.is_sorted_by(|a, b| a < b));
        }
    }

    #[test]
    fn native_names_have_one_romanisation_that_is_folded() {
        let tables = NameTables::new();
        assert_eq!(tables.romanised("佐藤"), Some("sato"));
        assert_eq!(tables.romanised("محمد"), Some("muhammad"));
        assert_eq!(tables.romanised("名無し"), None);
        for lines in native::PAIRS {
            let mut seen: Vec<&str> = Vec::new();
            for line in lines.lines() {
                let (native, romanised) = line.split_once(' ').unwrap();
                assert_eq!(fold(romanised), romanised);
                assert!(!seen.contains(&native), "{native}");
                seen.push(native);
            }
        }
    }

    #[test]
    fn common_names_are_told_from_rare_ones() {
        let tables = NameTables::new();
        assert!(tables.rarity("mohamed") < tables.rarity("lovelace"));
        assert!(tables.rarity("smith") < tables.rarity("smythe"));
        assert!(tables.is_known("pista") && !tables.is_known("lovelace"));
    }
}
