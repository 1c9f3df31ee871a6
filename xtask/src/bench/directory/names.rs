//! Names drawn from the pools, as often as real ones are.

use super::{
    pools::{Culture, POOLS, Pool},
    random::{Random, Zipf},
};

/// A name and the ways it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name {
    /// In Latin script, the usual one first; never empty.
    pub(super) spellings: Vec<String>,
    /// In the script of its language, when that is another.
    pub(super) native: Option<String>,
    /// What friends say.
    pub(super) short: Vec<String>,
}

impl Name {
    /// Reads `Usual|Other|native:Short,Other`.
    fn parse(text: &str) -> Self {
        let text = text.replace('_', " ");
        let (spellings, short) = text.split_once(':').unwrap_or((&text, ""));
        let mut spellings: Vec<String> = spellings.split('|').map(str::to_owned).collect();
        let native = spellings.pop_if(|last| !is_latin(last));
        Self {
            spellings,
            native,
            short: short
                .split(',')
                .filter(|short| !short.is_empty())
                .map(str::to_owned)
                .collect(),
        }
    }

    /// A name with one spelling.
    pub(super) fn plain(text: &str) -> Self {
        Self {
            spellings: vec![text.to_owned()],
            native: None,
            short: Vec::new(),
        }
    }

    pub(super) fn usual(&self) -> &str {
        &self.spellings[0]
    }

    fn joined(start: &Self, end: &Self) -> Self {
        let spelling = |index: usize| {
            let start = start.spellings.get(index).unwrap_or(&start.spellings[0]);
            let end = end.spellings.get(index).unwrap_or(&end.spellings[0]);
            format!("{start}{end}")
        };
        let most = start.spellings.len().max(end.spellings.len());
        Self {
            spellings: (0..most).map(spelling).collect(),
            native: start
                .native
                .as_ref()
                .zip(end.native.as_ref())
                .map(|(start, end)| format!("{start}{end}")),
            short: Vec::new(),
        }
    }

    /// With other endings: the first that fits is exchanged, in every spelling.
    fn with_endings(mut self, endings: &[(&str, &str)]) -> Self {
        for written in self.spellings.iter_mut().chain(self.native.as_mut()) {
            for (from, to) in endings {
                if let Some(stem) = written.strip_suffix(from) {
                    *written = format!("{stem}{to}");
                    break;
                }
            }
        }
        self
    }
}

/// Whether a name is in Latin script, by its first letter.
fn is_latin(text: &str) -> bool {
    text.chars()
        .find(|letter| letter.is_alphabetic())
        .is_none_or(|letter| letter < '\u{370}' || ('\u{1e00}'..'\u{1f00}').contains(&letter))
}

/// Names with the frequency of their ranks.
#[derive(Debug)]
struct Ranked {
    names: Vec<Name>,
    zipf: Zipf,
}

impl Ranked {
    fn parse(text: &str) -> Self {
        let names: Vec<Name> = text.split_whitespace().map(Name::parse).collect();
        Self {
            zipf: Zipf::new(names.len().max(1)),
            names,
        }
    }

    fn draw(&self, random: &mut Random) -> &Name {
        &self.names[self.zipf.draw(random)]
    }
}

/// The pool of one culture, ready to draw from.
#[derive(Debug)]
pub(super) struct NameSource {
    pub(super) pool: &'static Pool,
    women: Ranked,
    men: Ranked,
    families: Ranked,
    family_starts: Vec<Name>,
    family_ends: Vec<Name>,
    given_starts: Vec<Name>,
    given_ends: Vec<Name>,
    /// English name first, then the local one where it differs.
    pub(super) cities: Vec<Vec<String>>,
}

impl NameSource {
    /// One for each culture, in the order of [`POOLS`].
    pub(super) fn all() -> Vec<Self> {
        POOLS.into_iter().map(Self::of).collect()
    }

    fn of(pool: &'static Pool) -> Self {
        let parts = |text: &str| text.split_whitespace().map(Name::parse).collect();
        let cities = |city: &str| {
            city.replace('_', " ")
                .split('|')
                .map(str::to_owned)
                .collect()
        };
        Self {
            pool,
            women: Ranked::parse(pool.women),
            men: Ranked::parse(pool.men),
            families: Ranked::parse(pool.families),
            family_starts: parts(pool.family_starts),
            family_ends: parts(pool.family_ends),
            given_starts: parts(pool.given_starts),
            given_ends: parts(pool.given_ends),
            cities: pool.cities.split_whitespace().map(cities).collect(),
        }
    }

    pub(super) fn draw_given(&self, is_woman: bool, random: &mut Random) -> Name {
        if random.chance(self.pool.built_given) {
            return Name::joined(
                random.pick(&self.given_starts),
                random.pick(&self.given_ends),
            );
        }
        let names = if is_woman { &self.women } else { &self.men };
        names.draw(random).clone()
    }

    pub(super) fn draw_family(&self, is_woman: bool, random: &mut Random) -> Name {
        let name = if random.chance(self.pool.rare) {
            Name::joined(
                random.pick(&self.family_starts),
                random.pick(&self.family_ends),
            )
        } else {
            self.families.draw(random).clone()
        };
        if is_woman {
            self.womans_form(name)
        } else {
            name
        }
    }

    /// Family names that have a form for women: Kowalska, Ivanova, Papadopoulou.
    fn womans_form(&self, name: Name) -> Name {
        match self.pool.culture {
            Culture::Polish => {
                name.with_endings(&[("ski", "ska"), ("cki", "cka"), ("ński", "ńska")])
            }
            Culture::Russian => name.with_endings(&[
                ("ов", "ова"),
                ("ев", "ева"),
                ("ёв", "ёва"),
                ("ин", "ина"),
                ("цын", "цына"),
                ("ский", "ская"),
                ("skiy", "skaya"),
                ("skii", "skaia"),
                ("skij", "skaja"),
                ("sky", "skaya"),
                ("ff", "va"),
                ("v", "va"),
                ("w", "wa"),
                ("in", "ina"),
                ("ine", "ina"),
                ("yn", "yna"),
            ]),
            Culture::Greek => name.with_endings(&[
                ("όπουλος", "οπούλου"),
                ("poulos", "poulou"),
                ("pulos", "pulu"),
                ("ίδης", "ίδου"),
                ("idis", "idou"),
                ("ides", "idou"),
                ("άκης", "άκη"),
                ("akis", "aki"),
            ]),
            _ => name,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Name, NameSource};
    use crate::bench::directory::{pools::Culture, random::Random};

    #[test]
    fn a_name_is_read_with_its_spellings_script_and_short_forms() {
        let name = Name::parse("Yuri|Juri|Юрий:Yura,Yurik");
        assert_eq!(name.spellings, ["Yuri", "Juri"]);
        assert_eq!(name.native.as_deref(), Some("Юрий"));
        assert_eq!(name.short, ["Yura", "Yurik"]);
        assert_eq!(Name::parse("de_Vries").usual(), "de Vries");
        assert_eq!(Name::parse("Nguyễn").native, None);
    }

    #[test]
    fn a_womans_family_name_has_its_ending_in_every_spelling() {
        let sources = NameSource::all();
        let russian = sources
            .iter()
            .find(|source| source.pool.culture == Culture::Russian)
            .expect("is one of the cultures");
        let name = russian.womans_form(Name::parse("Petrov|Petroff|Петров"));
        assert_eq!(name.spellings, ["Petrova", "Petrova"]);
        assert_eq!(name.native.as_deref(), Some("Петрова"));
    }

    #[test]
    fn every_culture_gives_names_that_can_be_written_in_an_address() {
        let mut random = Random::new(1);
        for source in NameSource::all() {
            for turn in 0..300 {
                let given = source.draw_given(turn % 2 == 0, &mut random);
                let family = source.draw_family(turn % 2 == 0, &mut random);
                for name in [given, family] {
                    let letters = super::super::letters::address_letters(name.usual());
                    assert!(!letters.is_empty(), "{name:?}");
                }
            }
        }
    }

    #[test]
    fn rare_family_names_make_a_long_tail() {
        let mut random = Random::new(1);
        let sources = NameSource::all();
        let drawn: std::collections::BTreeSet<String> = (0..5000)
            .map(|_| {
                sources[0]
                    .draw_family(false, &mut random)
                    .usual()
                    .to_owned()
            })
            .collect();
        assert!(drawn.len() > 900, "{}", drawn.len());
    }
}
