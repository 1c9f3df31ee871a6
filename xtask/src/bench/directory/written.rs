//! How two systems write one human's name.

use super::{
    human::Human,
    letters::{mistype, spell_out, strip_diacritics},
    names::{Name, NameSource},
    random::Random,
    shares,
    tags::{Tag, Tags},
};

/// A name as one system has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) given: String,
    pub(super) family: String,
    pub(super) full: String,
    is_native: bool,
    /// The native script puts the family name first and no space between.
    is_joined: bool,
}

impl Written {
    /// As the human would write it in an English form.
    pub(super) fn plain(human: &Human) -> Self {
        let family = match &human.second_family {
            Some(second) => format!("{} {}", human.family.usual(), second.usual()),
            None => human.family.usual().to_owned(),
        };
        let mut written = Self {
            given: human.given.usual().to_owned(),
            family,
            full: String::new(),
            is_native: false,
            is_joined: false,
        };
        written.join();
        written
    }

    fn join(&mut self) {
        self.full = if self.is_joined {
            format!("{}{}", self.family, self.given)
        } else {
            format!("{} {}", self.given, self.family)
        };
    }
}

/// The two records of one name, and what was done to them.
struct Writing<'a> {
    human: &'a Human,
    source: &'a NameSource,
    platform: Written,
    crm: Written,
    tags: &'a mut Tags,
    random: &'a mut Random,
}

/// Writes the name for the platform and for the CRM.
pub(super) fn write_names(
    human: &Human,
    sources: &[NameSource],
    tags: &mut Tags,
    random: &mut Random,
) -> (Written, Written) {
    let plain = Written::plain(human);
    let mut writing = Writing {
        human,
        source: &sources[human.source],
        platform: plain.clone(),
        crm: plain,
        tags,
        random,
    };
    writing.change_names();
    writing.change_writing();
    writing.platform.join();
    writing.crm.join();
    writing.change_full_names();
    (writing.platform, writing.crm)
}

impl Writing<'_> {
    /// The side that differs: mostly the CRM, which somebody typed into.
    fn side(&mut self) -> &mut Written {
        if self.random.chance(720) {
            &mut self.crm
        } else {
            &mut self.platform
        }
    }

    /// Which of several forms of the name is used.
    fn change_names(&mut self) {
        if self.human.is_woman && self.random.chance(shares::MARRIED) {
            let other = self.source.draw_family(true, self.random);
            if other != self.human.family {
                let is_double = self.random.chance(350);
                let side = self.side();
                side.family = if is_double {
                    format!("{}-{}", side.family, other.usual())
                } else {
                    other.usual().to_owned()
                };
                self.tags.add(Tag::Married);
            }
        }
        if self.human.second_family.is_some() && self.random.chance(shares::SECOND_FAMILY) {
            let first = self.human.family.usual().to_owned();
            if !self.tags.has(Tag::Married) {
                self.side().family = first;
                self.tags.add(Tag::SecondFamily);
            }
        }
        if !self.human.given.short.is_empty() && self.random.chance(shares::NICKNAME) {
            let short = self.random.pick(&self.human.given.short).clone();
            self.side().given = short;
            self.tags.add(Tag::Nickname);
        }
        self.change_script_or_spelling();
    }

    fn change_script_or_spelling(&mut self) {
        let (given, family) = (&self.human.given, &self.human.family);
        let is_plain = !self.tags.has(Tag::Nickname) && !self.tags.has(Tag::Married);
        if let (Some(native_given), Some(native_family)) = (&given.native, &family.native) {
            if is_plain && self.random.chance(shares::SCRIPT) {
                let is_joined = self.human.culture.joins_native_names();
                let side = self.side();
                side.given.clone_from(native_given);
                side.family.clone_from(native_family);
                side.is_native = true;
                side.is_joined = is_joined;
                self.tags.add(Tag::Script);
            } else if is_plain && self.random.chance(shares::ROMANISATION) {
                let other_given = other_spelling(given, self.random);
                let other_family = other_spelling(family, self.random);
                self.respell(&other_given, &other_family, Tag::Romanisation);
            }
        } else if is_plain && self.random.chance(shares::SPELLING) {
            let other_given = other_spelling(given, self.random);
            self.respell(&other_given, family.usual(), Tag::Spelling);
        } else if is_plain
            && self.human.second_family.is_none()
            && self.random.chance(shares::SPELLING)
        {
            let other_family = other_spelling(family, self.random);
            self.respell(given.usual(), &other_family, Tag::Spelling);
        }
    }

    fn respell(&mut self, given: &str, family: &str, tag: Tag) {
        let is_same_family = family == self.human.family.usual();
        if given == self.human.given.usual() && is_same_family {
            return;
        }
        let side = self.side();
        given.clone_into(&mut side.given);
        if !is_same_family {
            family.clone_into(&mut side.family);
        }
        self.tags.add(tag);
    }

    /// How the chosen form is typed.
    fn change_writing(&mut self) {
        let german = self.human.culture.spells_out_umlauts();
        if self.random.chance(shares::DIACRITICS) {
            let spells_out = german && self.random.chance(500);
            let side = self.side();
            let plain = if spells_out {
                spell_out
            } else {
                strip_diacritics
            };
            let (given, family) = (plain(&side.given), plain(&side.family));
            if !side.is_native && (given != side.given || family != side.family) {
                (side.given, side.family) = (given, family);
                self.tags.add(Tag::Diacritics);
            }
        }
        if self.random.chance(shares::TYPO) {
            self.mistype();
        }
        let latin = !self.tags.has(Tag::Script);
        if latin && self.random.chance(shares::INITIAL) {
            let dot = if self.random.chance(600) { "." } else { "" };
            let side = self.side();
            side.given = format!("{}{dot}", side.given.chars().next().unwrap_or('X'));
            self.tags.add(Tag::Initial);
        }
        if let Some(middle) = self.human.middle.as_ref().filter(|_| latin)
            && self.random.chance(shares::MIDDLE)
        {
            let initial = middle.usual().chars().next().unwrap_or('X');
            let middle = match self.random.below(3) {
                0 => middle.usual().to_owned(),
                1 => format!("{initial}."),
                _ => initial.to_string(),
            };
            let side = self.side();
            side.given = format!("{} {middle}", side.given);
            self.tags.add(Tag::Middle);
        }
        let swapped = if self.human.culture.puts_family_first() {
            shares::SWAPPED_WHERE_FAMILY_FIRST
        } else {
            shares::SWAPPED
        };
        if latin && self.random.chance(swapped) {
            let side = self.side();
            std::mem::swap(&mut side.given, &mut side.family);
            self.tags.add(Tag::Swapped);
        }
    }

    fn mistype(&mut self) {
        let hits_given = self.random.chance(450);
        let written = if hits_given {
            &self.crm.given
        } else {
            &self.crm.family
        };
        let mistyped = mistype(written, self.random);
        if mistyped == *written {
            return;
        }
        if hits_given {
            self.crm.given = mistyped;
        } else {
            self.crm.family = mistyped;
        }
        self.tags.add(Tag::Typo);
    }

    /// What is done to the whole of it.
    fn change_full_names(&mut self) {
        if self.random.chance(shares::COMMA) {
            let side = self.side();
            side.full = format!("{}, {}", side.family, side.given);
            self.tags.add(Tag::Comma);
        }
        if self.random.chance(shares::HONORIFIC) {
            let decoration = self.random.below(5);
            let side = self.side();
            side.full = match decoration {
                0 => format!("Dr. {}", side.full),
                1 => format!("{}, PhD", side.full),
                2 => format!("Ing. {}", side.full),
                3 => format!("{} MBA", side.full),
                _ => format!("Prof. Dr. {}", side.full),
            };
            self.tags.add(Tag::Honorific);
        }
        if self.random.chance(shares::CAPITALS) {
            let side = self.side();
            side.family = side.family.to_uppercase();
            side.given = side.given.to_uppercase();
            side.full = side.full.to_uppercase();
            self.tags.add(Tag::Capitals);
        }
    }
}

/// A spelling other than the usual one, or that one when there is no other.
fn other_spelling(name: &Name, random: &mut Random) -> String {
    match name.spellings.len() {
        0 | 1 => name.usual().to_owned(),
        count => name.spellings[1 + random.index(count - 1)].clone(),
    }
}
