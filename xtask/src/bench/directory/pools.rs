//! Names of the cultures, written from general knowledge.
//!
//! A pool is one text of names between spaces, the frequent ones first. A name is written
//!
//! ```text
//! Usual|Other_spelling|native:Short,Other_short
//! ```
//!
//! All but the first part may be missing; `_` stands for a space. The last spelling is the native
//! one when it is not in Latin script. *Starts* and *ends* are put together to the many rare names
//! that every real directory is full of.

mod asian;
mod east;
mod north;
mod south;

/// What the names of one culture are made of, and where its people work.
#[derive(Debug)]
pub(super) struct Pool {
    /// Short name of the culture.
    pub(super) culture: Culture,
    /// How many of 1000 companies have their home here.
    pub(super) companies: u32,
    pub(super) women: &'static str,
    pub(super) men: &'static str,
    pub(super) families: &'static str,
    /// How many of 1000 people have a family name put together of starts and ends.
    pub(super) rare: u32,
    pub(super) family_starts: &'static str,
    pub(super) family_ends: &'static str,
    /// How many of 1000 given names are put together of starts and ends.
    pub(super) built_given: u32,
    pub(super) given_starts: &'static str,
    pub(super) given_ends: &'static str,
    /// How many of 1000 people have a second family name.
    pub(super) second_family: u32,
    /// Country calling code.
    pub(super) calling_code: &'static str,
    /// Digits before an area code inside the country.
    pub(super) trunk: &'static str,
    pub(super) area_codes: &'static [&'static str],
    /// Digits after the area code.
    pub(super) subscriber_digits: usize,
    /// Cities as `English|local`.
    pub(super) cities: &'static str,
    /// Ends of company domains.
    pub(super) top_level: &'static [&'static str],
}

/// Where a name comes from; some rules of grammar and of writing depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Culture {
    English,
    Spanish,
    German,
    French,
    Polish,
    Italian,
    Portuguese,
    Dutch,
    Nordic,
    Indian,
    Vietnamese,
    Turkish,
    Russian,
    Chinese,
    Arabic,
    Hebrew,
    Japanese,
    Korean,
    Greek,
}

impl Culture {
    /// Whether the family name stands first where the native script is used, without a space.
    pub(super) fn joins_native_names(self) -> bool {
        matches!(self, Self::Chinese | Self::Japanese | Self::Korean)
    }

    /// Whether foreigners often take the family name for the given one.
    pub(super) fn puts_family_first(self) -> bool {
        self.joins_native_names() || self == Self::Vietnamese
    }

    /// Whether ä, ö and ü are spelled ae, oe and ue where they cannot be typed.
    pub(super) fn spells_out_umlauts(self) -> bool {
        matches!(self, Self::German | Self::Nordic)
    }
}

/// Every culture, in a fixed order.
pub(super) const POOLS: [&Pool; 19] = [
    &north::ENGLISH,
    &south::SPANISH,
    &north::GERMAN,
    &south::FRENCH,
    &east::POLISH,
    &south::ITALIAN,
    &south::PORTUGUESE,
    &north::DUTCH,
    &north::NORDIC,
    &asian::INDIAN,
    &asian::VIETNAMESE,
    &east::TURKISH,
    &east::RUSSIAN,
    &asian::CHINESE,
    &east::ARABIC,
    &east::HEBREW,
    &asian::JAPANESE,
    &asian::KOREAN,
    &east::GREEK,
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::POOLS;

    #[test]
    fn every_culture_is_there_once_and_has_enough_names() {
        let cultures: BTreeSet<_> = POOLS.iter().map(|pool| pool.culture).collect();
        assert_eq!(cultures.len(), POOLS.len());
        for pool in POOLS {
            for (what, names, least) in [
                ("women", pool.women, 15),
                ("men", pool.men, 15),
                ("families", pool.families, 15),
                ("cities", pool.cities, 3),
            ] {
                let names: Vec<&str> = names.split_whitespace().collect();
                let different: BTreeSet<_> = names.iter().collect();
                assert!(names.len() >= least, "{:?} {what}", pool.culture);
                assert_eq!(
                    different.len(),
                    names.len(),
                    "{:?} {what} repeats one",
                    pool.culture
                );
            }
        }
    }

    #[test]
    fn parts_of_built_names_have_as_many_spellings_as_each_other() {
        for pool in POOLS {
            for parts in [
                [pool.family_starts, pool.family_ends],
                [pool.given_starts, pool.given_ends],
            ] {
                let counts: BTreeSet<usize> = parts
                    .iter()
                    .flat_map(|part| part.split_whitespace())
                    .map(|part| part.split('|').count())
                    .collect();
                assert!(counts.len() <= 1, "{:?} {counts:?}", pool.culture);
            }
        }
    }

    #[test]
    fn companies_are_thousand_in_all() {
        assert_eq!(POOLS.iter().map(|pool| pool.companies).sum::<u32>(), 1000);
    }
}
