//! How the matcher looks at an organization or at one of its connections: what it goes by, what
//! it treats as one, and how sure it has to be.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use crate::ConnectionId;

/// A kind of evidence that can be left out. Whether an account is active, and whether it is a
/// human's, cannot be: nobody is ever tied to a machine without a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EvidenceSource {
    /// Given names.
    GivenName,
    /// Family names.
    FamilyName,
    /// Middle names and initials.
    MiddleName,
    /// E-mail addresses.
    Email,
    /// The part of an address behind the `@`.
    Domain,
    /// Sign-in names.
    Username,
    /// Phone numbers.
    Phone,
    /// Extensions.
    Extension,
    /// Employee numbers and ids of other systems.
    ExternalId,
    /// Titles, departments and other plain text.
    Text,
}

impl EvidenceSource {
    /// Every kind, in the order in which they are shown.
    pub const ALL: [Self; 10] = [
        Self::Email,
        Self::Domain,
        Self::GivenName,
        Self::FamilyName,
        Self::MiddleName,
        Self::Username,
        Self::ExternalId,
        Self::Phone,
        Self::Extension,
        Self::Text,
    ];

    /// Its name in databases, files and the API; that of the matcher's evidence, too.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::GivenName => "given-name",
            Self::FamilyName => "family-name",
            Self::MiddleName => "middle-name",
            Self::Email => "email",
            Self::Domain => "domain",
            Self::Username => "username",
            Self::Phone => "phone",
            Self::Extension => "extension",
            Self::ExternalId => "external-id",
            Self::Text => "text",
        }
    }

    /// Whether somebody can be found by it alone. Without any such kind nobody is ever proposed.
    pub const fn finds(self) -> bool {
        !matches!(self, Self::MiddleName | Self::Domain | Self::Text)
    }
}

/// Two values that count as one. Kept in ascending order, so that a pair is the same either way.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Equivalence {
    /// The one.
    pub one: String,
    /// The other.
    pub other: String,
}

impl Equivalence {
    /// The pair of two values, trimmed and in lower case.
    pub fn new(one: &str, other: &str) -> Self {
        let (one, other) = (one.trim().to_lowercase(), other.trim().to_lowercase());
        if one <= other {
            Self { one, other }
        } else {
            Self {
                one: other,
                other: one,
            }
        }
    }
}

/// What is said about matching in one place. Where an organization's and a connection's are both
/// there, the connection's come first and lists add up: see [`MatchingRules::over`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MatchingRules {
    /// The kinds of evidence that are left out.
    pub without: Option<BTreeSet<EvidenceSource>>,
    /// Least probability of a certain proposal, in thousandths.
    pub auto_threshold: Option<u16>,
    /// Least probability of any proposal, in thousandths.
    pub review_threshold: Option<u16>,
    /// Whether several people may be proposed the same CRM user.
    pub many_to_one: Option<bool>,
    /// Mail domains of the organization's own people, beside those of the organization itself.
    pub own_domains: Vec<String>,
    /// Mail domains that count as one.
    pub equivalent_domains: Vec<Equivalence>,
    /// Given names that are used for each other.
    pub aliases: Vec<Equivalence>,
}

/// A part of matching rules that makes no sense.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatchingProblem {
    /// Which part, by its name in the API.
    pub field: &'static str,
    /// What is wrong with it: a sentence in lower case that names the remedy.
    pub what: String,
}

impl MatchingRules {
    /// What [`MatchingRules::auto_threshold`] may be. Below 0.9 one proposal in ten would be
    /// wrong, and certain ones are accepted without a look.
    pub const AUTO: RangeInclusive<u16> = 900..=999;
    /// What [`MatchingRules::review_threshold`] may be.
    pub const REVIEW: RangeInclusive<u16> = 50..=900;
    /// The certainty that is asked of a certain proposal where nothing is said.
    pub const USUAL_AUTO: u16 = 990;
    /// The probability that is asked of any proposal where nothing is said.
    pub const USUAL_REVIEW: u16 = 400;
    /// The most domains, pairs of domains, or aliases that one place may have.
    pub const MOST: usize = 500;
    /// The longest domain, by RFC 1035, and the longest name.
    pub const LONGEST: usize = 253;

    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The same as it is kept: trimmed, lower case, sorted, nothing twice.
    #[must_use]
    pub fn tidied(mut self) -> Self {
        let own = self.own_domains.iter();
        self.own_domains = own
            .map(|domain| domain.trim().trim_start_matches('@').to_lowercase())
            .filter(|domain| !domain.is_empty())
            .collect();
        self.own_domains.sort_unstable();
        self.own_domains.dedup();
        for pairs in [&mut self.equivalent_domains, &mut self.aliases] {
            for pair in pairs.iter_mut() {
                *pair = Equivalence::new(&pair.one, &pair.other);
            }
            pairs.retain(|pair| !(pair.one.is_empty() && pair.other.is_empty()));
            pairs.sort_unstable();
            pairs.dedup();
        }
        self
    }

    /// Everything that makes no sense, in rules that are tidied.
    pub fn problems(&self) -> Vec<MatchingProblem> {
        let mut found = Vec::new();
        let mut add = |field, what: String| found.push(MatchingProblem { field, what });
        if let Some(without) = &self.without {
            let left = EvidenceSource::ALL
                .into_iter()
                .filter(|source| !without.contains(source));
            if !left.into_iter().any(EvidenceSource::finds) {
                add(
                    "without",
                    "leaves nothing to find anybody by; keep names, e-mail, user names, ids, \
                     phones or extensions"
                        .to_owned(),
                );
            }
        }
        for (field, value, bounds) in [
            ("auto_threshold", self.auto_threshold, Self::AUTO),
            ("review_threshold", self.review_threshold, Self::REVIEW),
        ] {
            if value.is_some_and(|value| !bounds.contains(&value)) {
                let [least, most] = [bounds.start(), bounds.end()].map(|it| f64::from(*it) / 1e3);
                add(field, format!("must be from {least} to {most}"));
            }
        }
        for (field, count) in [
            ("own_domains", self.own_domains.len()),
            ("equivalent_domains", self.equivalent_domains.len()),
            ("aliases", self.aliases.len()),
        ] {
            if count > Self::MOST {
                add(
                    field,
                    format!("has {count} entries; at most {} go", Self::MOST),
                );
            }
        }
        if let Some(bad) = self.own_domains.iter().find(|it| !is_domain(it)) {
            add("own_domains", not_a_domain(bad));
        }
        self.problems_of_pairs(&mut add);
        found
    }

    fn problems_of_pairs(&self, add: &mut impl FnMut(&'static str, String)) {
        for pair in &self.equivalent_domains {
            if pair.one == pair.other {
                add("equivalent_domains", says_nothing(pair));
            } else if let Some(bad) = [&pair.one, &pair.other]
                .into_iter()
                .find(|it| !is_domain(it))
            {
                add("equivalent_domains", not_a_domain(bad));
            }
        }
        for pair in &self.aliases {
            let is_name = |name: &String| {
                name.chars().any(char::is_alphabetic)
                    && name.len() <= Self::LONGEST
                    && !name.contains(|it: char| it.is_control() || it == '@')
            };
            if pair.one == pair.other {
                add("aliases", says_nothing(pair));
            } else if let Some(bad) = [&pair.one, &pair.other].into_iter().find(|it| !is_name(it)) {
                add(
                    "aliases",
                    format!("`{bad}` is not a name; write two given names"),
                );
            }
        }
    }

    /// What holds where these rules are said in a part of what `wider` is said of: what these
    /// leave open is taken from `wider`, and lists add up.
    #[must_use]
    pub fn over(&self, wider: &Self) -> Self {
        fn both<T: Clone + Ord>(one: &[T], other: &[T]) -> Vec<T> {
            let all: BTreeSet<T> = one.iter().chain(other).cloned().collect();
            all.into_iter().collect()
        }
        Self {
            without: self.without.clone().or_else(|| wider.without.clone()),
            auto_threshold: self.auto_threshold.or(wider.auto_threshold),
            review_threshold: self.review_threshold.or(wider.review_threshold),
            many_to_one: self.many_to_one.or(wider.many_to_one),
            own_domains: both(&self.own_domains, &wider.own_domains),
            equivalent_domains: both(&self.equivalent_domains, &wider.equivalent_domains),
            aliases: both(&self.aliases, &wider.aliases),
        }
    }

    /// What differs from `before`, one clause each.
    pub fn changes_since(&self, before: &Self) -> Vec<String> {
        let mut words = Vec::new();
        for source in EvidenceSource::ALL {
            let is_out = |rules: &Self| {
                let out = rules.without.as_ref();
                out.is_some_and(|without| without.contains(&source))
            };
            match (is_out(before), is_out(self)) {
                (false, true) => words.push(format!("{} is left out", source.as_str())),
                (true, false) => words.push(format!("{} counts", source.as_str())),
                _ => {}
            }
        }
        for (name, was, is) in [
            ("certain from", before.auto_threshold, self.auto_threshold),
            (
                "proposed from",
                before.review_threshold,
                self.review_threshold,
            ),
        ] {
            if was != is {
                words.push(match is {
                    Some(is) => format!("{name} {}", f64::from(is) / 1e3),
                    None => format!("{name} as usual"),
                });
            }
        }
        if before.many_to_one != self.many_to_one {
            words.push(match self.many_to_one {
                Some(true) => "several people may share a CRM user".to_owned(),
                Some(false) => "one person to a CRM user".to_owned(),
                None => "sharing as usual".to_owned(),
            });
        }
        differing(&before.own_domains, &self.own_domains, &mut words, |it| {
            format!("own domain {it}")
        });
        let pair = |it: &Equivalence| format!("{} = {}", it.one, it.other);
        let domains = [&before.equivalent_domains, &self.equivalent_domains];
        differing(domains[0], domains[1], &mut words, pair);
        differing(&before.aliases, &self.aliases, &mut words, pair);
        if words.is_empty() && before.without != self.without {
            words.push("evidence is said anew".to_owned());
        }
        words
    }
}

/// Adds a clause for everything that only one list has.
fn differing<T: PartialEq>(
    before: &[T],
    after: &[T],
    words: &mut Vec<String>,
    say: impl Fn(&T) -> String,
) {
    let new = after.iter().filter(|it| !before.contains(it));
    words.extend(new.map(&say));
    let gone = before.iter().filter(|it| !after.contains(it));
    words.extend(gone.map(|it| format!("no longer: {}", say(it))));
}

fn says_nothing(pair: &Equivalence) -> String {
    format!("`{}` twice says nothing; write two that differ", pair.one)
}

fn not_a_domain(text: &str) -> String {
    format!("`{text}` is not a mail domain; write it like `example.com`")
}

/// Whether a text is a mail domain with a dot in it, in lower case.
fn is_domain(text: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|it| it.is_alphanumeric() || it == '-')
    };
    text.len() <= MatchingRules::LONGEST && text.contains('.') && text.split('.').all(is_label)
}

/// The matching settings of an organization, or of one of its connections.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatchingSettings {
    /// Of which connection; `None` for those of the organization.
    pub connection_id: Option<ConnectionId>,
    /// What is said.
    pub rules: MatchingRules,
    /// Grows by one with every change; 0 where nothing was ever said.
    pub version: u64,
}

impl MatchingSettings {
    /// Settings that say nothing.
    pub fn silent(connection_id: Option<ConnectionId>) -> Self {
        Self {
            connection_id,
            rules: MatchingRules::default(),
            version: 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules() -> MatchingRules {
        MatchingRules {
            without: Some([EvidenceSource::Phone].into()),
            auto_threshold: Some(995),
            own_domains: vec![" @Acme.Example ".into(), "acme.example".into()],
            equivalent_domains: vec![
                Equivalence {
                    one: "new.example".into(),
                    other: "Acme.example".into(),
                },
                Equivalence::new("acme.example", "new.example"),
            ],
            aliases: vec![Equivalence::new("Sascha", "Alexander")],
            ..MatchingRules::default()
        }
        .tidied()
    }

    #[test]
    fn what_is_written_differently_is_kept_once() {
        let rules = rules();
        assert_eq!(rules.own_domains, ["acme.example"]);
        let [pair] = &rules.equivalent_domains[..] else {
            panic!("one pair: {rules:?}");
        };
        assert_eq!([&*pair.one, &*pair.other], ["acme.example", "new.example"]);
        assert_eq!(rules.aliases[0].one, "alexander");
        assert_eq!(rules.problems(), []);
    }

    #[test]
    fn every_part_that_makes_no_sense_is_named() {
        let rules = MatchingRules {
            without: Some(EvidenceSource::ALL.into()),
            auto_threshold: Some(500),
            review_threshold: Some(0),
            own_domains: vec!["localhost".into()],
            equivalent_domains: vec![Equivalence::new("a.example", "a.example")],
            aliases: vec![Equivalence::new("bob", "@")],
            ..MatchingRules::default()
        };
        let fields: Vec<_> = rules.problems().iter().map(|it| it.field).collect();
        let expected = [
            "without",
            "auto_threshold",
            "review_threshold",
            "own_domains",
            "equivalent_domains",
            "aliases",
        ];
        assert_eq!(fields, expected);
    }

    #[test]
    fn a_connection_comes_first_and_lists_add_up() {
        let narrow = MatchingRules {
            auto_threshold: Some(999),
            own_domains: vec!["desk.example".into()],
            ..MatchingRules::default()
        };
        let both = narrow.over(&rules());
        assert_eq!(both.auto_threshold, Some(999));
        assert_eq!(both.without, rules().without);
        assert_eq!(both.own_domains, ["acme.example", "desk.example"]);
        assert_eq!(both.aliases, rules().aliases);
    }

    #[test]
    fn a_change_is_told_in_words() {
        let words = rules().changes_since(&MatchingRules::default());
        let expected = [
            "phone is left out",
            "certain from 0.995",
            "own domain acme.example",
            "acme.example = new.example",
            "alexander = sascha",
        ];
        assert_eq!(words, expected);
        let back = MatchingRules::default().changes_since(&rules());
        assert!(
            back.contains(&"no longer: alexander = sascha".to_owned()),
            "{back:?}"
        );
    }
}
