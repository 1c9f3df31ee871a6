//! Pairs of full names alone: of one human as two systems write them, and of two humans whose
//! names are nearly alike.
//!
//! No pair is here whose names cannot tell: those of a human who married, and of two humans who
//! share a name in any of its forms.

use super::{
    company::Company,
    human::Human,
    letters::{spell_out, strip_diacritics},
    names::{Name, NameSource},
    random::Random,
    table::Table,
    tags::{Tag, Tags},
    written::write_names,
};

/// Columns of the file: `tags` says what was done to a pair of one human, or how two are alike.
const PAIRS: &[&str] = &["name1", "name2", "match", "tags"];

/// Pairs of one human, in permille; the others are near misses.
const MATCHES: u32 = 500;
/// Names that are drawn for another one that fits. Some names have none.
const MOST_DRAWS: usize = 200;

/// How two humans' names are alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum NearMiss {
    /// The family name is one, the given name another.
    SameFamily,
    /// The given name is one, and the first letter of the family name.
    SameGiven,
    /// The family name or the given name is another by one letter: Hansen and Jansen.
    OneLetter,
}

const NEAR_MISSES: &[(NearMiss, u32)] = &[
    (NearMiss::SameFamily, 350),
    (NearMiss::SameGiven, 300),
    (NearMiss::OneLetter, 350),
];

impl NearMiss {
    fn name(self) -> &'static str {
        match self {
            Self::SameFamily => "same_family",
            Self::SameGiven => "same_given",
            Self::OneLetter => "one_letter",
        }
    }

    /// Whether what was done to one of the names may have taken away what tells them apart.
    fn is_undone_by(self, tags: Tags) -> bool {
        match self {
            Self::SameFamily => tags.has(Tag::Initial),
            Self::SameGiven => false,
            Self::OneLetter => [Tag::Initial, Tag::Typo, Tag::Romanisation, Tag::Spelling]
                .into_iter()
                .any(|tag| tags.has(tag)),
        }
    }
}

struct Generator {
    random: Random,
    sources: Vec<NameSource>,
    companies: Vec<Company>,
}

/// So many pairs, about half of them of one human.
pub(super) fn generate(pairs: usize, seed: u64) -> Table {
    let mut random = Random::new(seed);
    let sources = NameSource::all();
    let companies = Company::draw_all(sources.len(), &sources, &mut random);
    let mut generator = Generator {
        random,
        sources,
        companies,
    };
    let mut table = Table::new(PAIRS);
    for _ in 0..pairs {
        if generator.random.chance(MATCHES) {
            let (name, other, tags) = generator.until(Generator::match_of_one);
            table.push(&[&name, &other, "true", &tags.to_string()]);
        } else {
            let kind = generator.random.weighted(NEAR_MISSES);
            let (name, other) = generator.until(|generator| generator.near_miss(kind));
            table.push(&[&name, &other, "false", kind.name()]);
        }
    }
    table
}

impl Generator {
    /// Draws until a pair is fit; about every second one is.
    fn until<T>(&mut self, draw: impl Fn(&mut Self) -> Option<T>) -> T {
        loop {
            if let Some(drawn) = draw(self) {
                return drawn;
            }
        }
    }

    fn draw_human(&mut self) -> Human {
        let company = self.random.index(self.companies.len());
        Human::draw(company, &self.companies, &self.sources, &mut self.random)
    }

    /// The names of one human on the platform and in the CRM, where they differ.
    fn match_of_one(&mut self) -> Option<(String, String, Tags)> {
        let human = self.draw_human();
        let mut tags = Tags::default();
        let (platform, crm) = write_names(&human, &self.sources, &mut tags, &mut self.random);
        let is_told = platform.full != crm.full && !tags.has(Tag::Married);
        is_told.then_some((platform.full, crm.full, tags))
    }

    /// The name of one human on the platform and of another in the CRM.
    fn near_miss(&mut self, kind: NearMiss) -> Option<(String, String)> {
        let human = self.draw_human();
        let other = self.draw_other(&human, kind)?;
        let (mut of_one, mut of_other) = (Tags::default(), Tags::default());
        let (name, _) = write_names(&human, &self.sources, &mut of_one, &mut self.random);
        let (_, other) = write_names(&other, &self.sources, &mut of_other, &mut self.random);
        let is_told = [of_one, of_other]
            .iter()
            .all(|tags| !tags.has(Tag::Married) && !kind.is_undone_by(*tags));
        (is_told && fold(&name.full) != fold(&other.full)).then_some((name.full, other.full))
    }

    /// Somebody whose name is like the human's. `None` when no such name was drawn.
    fn draw_other(&mut self, human: &Human, kind: NearMiss) -> Option<Human> {
        let mut other = human.clone();
        let is_given = match kind {
            NearMiss::SameFamily => true,
            NearMiss::SameGiven => false,
            NearMiss::OneLetter => self.random.chance(300),
        };
        let source = &self.sources[human.source];
        let (known, second) = if is_given {
            (&human.given, human.middle.as_ref())
        } else {
            (&human.family, human.second_family.as_ref())
        };
        let name = (0..MOST_DRAWS).find_map(|_| {
            let drawn = if is_given {
                source.draw_given(human.is_woman, &mut self.random)
            } else {
                source.draw_family(human.is_woman, &mut self.random)
            };
            let is_fit = is_near(&drawn, known, kind)
                && !share_a_form(&drawn, known)
                && second.is_none_or(|second| !share_a_form(&drawn, second));
            is_fit.then_some(drawn)
        })?;
        if is_given {
            other.given = name;
            // Two people with one middle name beside one family name are rarer than this.
            other.middle = None;
        } else {
            other.family = name;
            other.second_family = None;
        }
        Some(other)
    }
}

fn is_near(drawn: &Name, known: &Name, kind: NearMiss) -> bool {
    let (drawn, known) = (fold(drawn.usual()), fold(known.usual()));
    match kind {
        NearMiss::SameFamily => true,
        NearMiss::SameGiven => drawn.chars().next() == known.chars().next(),
        NearMiss::OneLetter => is_one_letter_apart(&drawn, &known),
    }
}

/// Whether two names can be written, spoken or shortened alike.
fn share_a_form(name: &Name, other: &Name) -> bool {
    let forms = forms(other);
    self::forms(name).iter().any(|form| forms.contains(form))
}

fn forms(name: &Name) -> Vec<String> {
    let written = name.spellings.iter().chain(&name.native).chain(&name.short);
    written
        .flat_map(|form| [fold(form), spell_out(&form.to_lowercase())])
        .collect()
}

fn fold(text: &str) -> String {
    strip_diacritics(&text.to_lowercase())
}

/// Whether one letter was exchanged, added or left out. Names of one or two letters are no near
/// misses: they differ by half.
fn is_one_letter_apart(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let (short, long) = if one.len() <= other.len() {
        (one, other)
    } else {
        (other, one)
    };
    if short.len() < 3 || long.len() - short.len() > 1 {
        return false;
    }
    let equal = short.iter().zip(&long).take_while(|(x, y)| x == y).count();
    if short.len() == long.len() {
        equal < short.len() && short[equal + 1..] == long[equal + 1..]
    } else {
        short[equal..] == long[equal + 1..]
    }
}

#[cfg(test)]
mod tests {
    use super::{generate, is_one_letter_apart, share_a_form};
    use crate::bench::directory::names::Name;

    #[test]
    fn the_same_seed_gives_the_same_pairs() {
        let text = |seed| generate(200, seed).to_text();
        assert_eq!(text(4), text(4));
        assert_ne!(text(4), text(5));
    }

    #[test]
    fn about_half_are_of_one_human_and_no_pair_is_of_equal_names() {
        let text = generate(1000, 1).to_text();
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let mut matches = 0;
        for row in reader.records() {
            let row = row.expect("is well-formed");
            assert_ne!(&row[0], &row[1]);
            assert!(!row[3].is_empty() && !row[3].contains("married"), "{row:?}");
            let is_near_miss = ["same_family", "same_given", "one_letter"].contains(&row[3].trim());
            assert_eq!(is_near_miss, &row[2] == "false");
            matches += usize::from(!is_near_miss);
        }
        assert!((450..550).contains(&matches), "{matches}");
    }

    #[test]
    fn one_letter_is_exchanged_added_or_left_out() {
        assert!(is_one_letter_apart("hansen", "jansen"));
        assert!(is_one_letter_apart("eric", "erica"));
        assert!(is_one_letter_apart("braun", "brann"));
        assert!(!is_one_letter_apart("hansen", "hansen"));
        assert!(!is_one_letter_apart("hansen", "janson"));
        assert!(!is_one_letter_apart("li", "lin"));
    }

    #[test]
    fn names_with_a_common_short_form_are_not_told_apart() {
        let name = |short: &str, usual: &str| Name {
            short: vec![short.to_owned()],
            ..Name::plain(usual)
        };
        let (one, other) = (name("Chris", "Christine"), name("Chris", "Christopher"));
        assert!(share_a_form(&one, &other));
        assert!(share_a_form(
            &Name::plain("Müller"),
            &Name::plain("Mueller")
        ));
        assert!(!share_a_form(&Name::plain("Eric"), &Name::plain("Erica")));
    }
}
