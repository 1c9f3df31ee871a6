//! What no algorithm knows: short forms of given names, romanisations that share no letters, and
//! how frequent scripts write frequent names. Written for this crate; every entry is folded.

mod native;
mod nicknames;
mod romanised;

use rustc_hash::FxHashMap;

/// The tables, ready for look-ups. Built once per match (about a tenth of a millisecond).
#[derive(Debug)]
pub(crate) struct NameTables {
    groups: FxHashMap<&'static str, Vec<u16>>,
    native: FxHashMap<&'static str, &'static str>,
    first_romanised: u16,
}

impl NameTables {
    pub(crate) fn new() -> Self {
        let mut groups: FxHashMap<&'static str, Vec<u16>> = FxHashMap::default();
        let mut number = 0_u16;
        let mut first_romanised = 0;
        for lines in [nicknames::GROUPS, romanised::GROUPS] {
            for line in lines.lines().filter(|line| !line.is_empty()) {
                for name in line.split(' ') {
                    let entry = groups.entry(name).or_default();
                    if !entry.contains(&number) {
                        entry.push(number);
                    }
                }
                number += 1;
            }
            if first_romanised == 0 {
                first_romanised = number;
            }
        }
        let native = native::PAIRS
            .lines()
            .filter_map(|line| line.split_once(' '))
            .collect();
        Self {
            groups,
            native,
            first_romanised,
        }
    }

    /// Numbers of the groups that a folded name token belongs to, ascending.
    pub(crate) fn groups_of(&self, token: &str) -> &[u16] {
        self.groups.get(token).map_or(&[], Vec::as_slice)
    }

    /// Whether a group holds spellings of one name rather than short forms of it.
    pub(crate) fn is_spelling(&self, group: u16) -> bool {
        group >= self.first_romanised
    }

    /// The usual romanisation of a name in its own script.
    pub(crate) fn romanised(&self, native: &str) -> Option<&'static str> {
        self.native.get(native).copied()
    }
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
        ] {
            assert!(share(&tables, one, other), "{one} {other}");
        }
        assert!(!share(&tables, "robert", "william"));
    }

    #[test]
    fn entries_are_folded() {
        for lines in [nicknames::GROUPS, romanised::GROUPS] {
            for name in lines.split_whitespace() {
                assert_eq!(fold(name), name);
            }
            for line in lines.lines() {
                assert!(!line.contains("  ") && line.trim() == line, "{line}");
            }
        }
    }

    #[test]
    fn native_names_have_a_romanisation() {
        let tables = NameTables::new();
        assert_eq!(tables.romanised("佐藤"), Some("sato"));
        assert_eq!(tables.romanised("محمد"), Some("muhammad"));
        assert_eq!(tables.romanised("名無し"), None);
    }
}
