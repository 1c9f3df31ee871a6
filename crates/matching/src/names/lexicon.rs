//! The tables, asked about names that they do not have in exactly this spelling.

use rustc_hash::FxHashMap;

use super::sounds::{SPELLING, Vowels, relative_distance, sounds};
use crate::normalise::sound::skeleton;
use crate::tables::NameTables;

/// The tables with their names by skeleton.
#[derive(Debug)]
pub(super) struct Lexicon {
    pub(super) tables: NameTables,
    by_skeleton: FxHashMap<String, Vec<&'static str>>,
    /// The groups of short forms that the members of a group of spellings belong to.
    short_forms: FxHashMap<u16, Vec<u16>>,
}

impl Lexicon {
    pub(super) fn new() -> Self {
        let tables = NameTables::new();
        let mut by_skeleton: FxHashMap<String, Vec<&'static str>> = FxHashMap::default();
        let mut short_forms: FxHashMap<u16, Vec<u16>> = FxHashMap::default();
        for (name, groups) in tables.grouped() {
            if name.len() > 3 {
                by_skeleton.entry(skeleton(name)).or_default().push(name);
            }
            let is_spelling =
                |group: &&u16| tables.is_spelling(**group) && !tables.is_chinese_group(**group);
            for spelling in groups.iter().filter(is_spelling) {
                let of_member = groups.iter().filter(|group| !tables.is_spelling(**group));
                short_forms.entry(*spelling).or_default().extend(of_member);
            }
        }
        Self {
            tables,
            by_skeleton,
            short_forms,
        }
    }

    /// The groups of a word by any of its romanisations, ascending. A spelling that no table has
    /// (`Dmitriy`) takes the groups of those that sound the same, and all spellings of a name have
    /// its short forms.
    pub(super) fn groups_of(&self, forms: &[String]) -> Vec<u16> {
        let mut out = self.listed_groups_of(forms);
        if out.is_empty() {
            for form in forms
                .iter()
                .filter(|form| form.len() > 3 && !self.tables.is_known(form))
            {
                let own = sounds(form);
                let near = self.by_skeleton.get(&skeleton(form));
                for name in near.into_iter().flatten() {
                    if relative_distance(&own, &sounds(name), Vowels::Written) <= SPELLING {
                        out.extend(self.tables.all_groups_of(name));
                    }
                }
            }
        }
        let short: Vec<u16> = out
            .iter()
            .filter_map(|group| self.short_forms.get(group))
            .flatten()
            .copied()
            .collect();
        out.extend(short);
        out.sort_unstable();
        out.dedup();
        out
    }

    /// The groups that hold one of these very spellings.
    pub(super) fn listed_groups_of(&self, forms: &[String]) -> Vec<u16> {
        let mut out: Vec<u16> = Vec::new();
        for form in forms {
            out.extend(self.tables.all_groups_of(form));
        }
        out.sort_unstable();
        out.dedup();
        out
    }
}
