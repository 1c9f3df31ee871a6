//! The companies of a directory: where they are, how they build addresses, what their CRM does.

use std::collections::HashSet;

use super::{
    letters::address_letters,
    names::NameSource,
    random::Random,
    shares::{HAS_EMPLOYEE_IDS, MERGED, SANDBOX, STRIPS_IDS},
};

/// How a company builds the part of an address before the `@`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AddressPattern {
    FirstDotLast,
    InitialLast,
    FirstInitial,
    FirstUnderscoreLast,
    LastDotFirst,
    InitialDotLast,
    LastInitial,
    First,
    FirstLast,
}

/// Patterns with how many of 100 companies use them.
const PATTERNS: &[(AddressPattern, u32)] = &[
    (AddressPattern::FirstDotLast, 50),
    (AddressPattern::InitialLast, 22),
    (AddressPattern::InitialDotLast, 6),
    (AddressPattern::FirstInitial, 5),
    (AddressPattern::FirstUnderscoreLast, 4),
    (AddressPattern::LastDotFirst, 4),
    (AddressPattern::LastInitial, 3),
    (AddressPattern::FirstLast, 3),
    (AddressPattern::First, 3),
];

impl AddressPattern {
    /// The local part for a given and a family name in ASCII letters, neither empty.
    pub(super) fn local_part(self, given: &str, family: &str) -> String {
        let initial = |name: &'_ str| name.get(..1).unwrap_or_default().to_owned();
        match self {
            Self::FirstDotLast => format!("{given}.{family}"),
            Self::InitialLast => format!("{}{family}", initial(given)),
            Self::FirstInitial => format!("{given}{}", initial(family)),
            Self::FirstUnderscoreLast => format!("{given}_{family}"),
            Self::LastDotFirst => format!("{family}.{given}"),
            Self::InitialDotLast => format!("{}.{family}", initial(given)),
            Self::LastInitial => format!("{family}{}", initial(given)),
            Self::First => given.to_owned(),
            Self::FirstLast => format!("{given}{family}"),
        }
    }

    /// Another pattern than this one.
    pub(super) fn other(self, random: &mut Random) -> Self {
        let others: Vec<(Self, u32)> = PATTERNS
            .iter()
            .filter(|(pattern, _)| *pattern != self && *pattern != Self::First)
            .copied()
            .collect();
        random.weighted(&others)
    }
}

/// What a company's CRM takes for a username.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum UsernameStyle {
    /// The e-mail.
    Email,
    /// The e-mail with something behind it, as usernames must be unique over all customers of
    /// some CRMs.
    EmailWithSuffix,
    /// A short login without a domain.
    Login,
    /// An address in a domain for signing in.
    SignInDomain,
}

const USERNAME_STYLES: &[(UsernameStyle, u32)] = &[
    (UsernameStyle::Email, 55),
    (UsernameStyle::EmailWithSuffix, 20),
    (UsernameStyle::Login, 15),
    (UsernameStyle::SignInDomain, 10),
];

/// Names of a CRM's test environments.
const SANDBOXES: &[&str] = &["uat", "fullcopy", "dev2", "staging", "qa"];

/// Somebody who leads others, as either side writes them.
#[derive(Debug, Clone)]
pub(super) struct Manager {
    pub(super) on_platform: String,
    pub(super) in_crm: String,
}

#[derive(Debug)]
pub(super) struct Company {
    /// Index into the name sources.
    pub(super) home: usize,
    pub(super) domain: String,
    /// From before a merger; part of the CRM's addresses are still there.
    pub(super) former_domain: Option<String>,
    pub(super) pattern: AddressPattern,
    pub(super) username_style: UsernameStyle,
    pub(super) username_suffix: String,
    /// The name of the sandbox, when the CRM's users were exported from one.
    pub(super) sandbox: Option<&'static str>,
    pub(super) has_employee_ids: bool,
    /// The CRM keeps employee ids as numbers.
    pub(super) strips_ids: bool,
    /// Digits of the main number without those of an extension.
    pub(super) switchboard: String,
    /// Some of those who lead others; at most [`MOST_MANAGERS`].
    pub(super) managers: Vec<Manager>,
}

const MOST_MANAGERS: usize = 60;

const FIRST_WORDS: &[&str] = &[
    "Blue", "North", "Silver", "Nova", "Terra", "Alpine", "Harbour", "Summit", "Cedar", "Iron",
    "Bright", "Delta", "Orion", "Vista", "Quantum", "Maple", "Coral", "Atlas", "Prime", "Lumen",
    "Vector", "Meridian", "Ember", "Polar", "Apex", "Cobalt", "Granite", "Horizon", "Kestrel",
    "Lotus",
];

const SECOND_WORDS: &[&str] = &[
    "line",
    "works",
    "care",
    "tel",
    "soft",
    "net",
    "trade",
    "mobility",
    "insurance",
    "freight",
    "solar",
    "pharma",
    "bank",
    "media",
    "travel",
    "tools",
    "foods",
    "home",
    "water",
    "cloud",
];

impl Company {
    /// `count` companies, at least one, no two with the same domain.
    pub(super) fn draw_all(count: usize, sources: &[NameSource], random: &mut Random) -> Vec<Self> {
        let homes: Vec<(usize, u32)> = sources
            .iter()
            .enumerate()
            .map(|(index, source)| (index, source.pool.companies))
            .collect();
        let mut taken = HashSet::new();
        (0..count)
            .map(|_| {
                let home = random.weighted(&homes);
                Self::draw(home, &sources[home], &mut taken, random)
            })
            .collect()
    }

    fn draw(
        home: usize,
        source: &NameSource,
        taken: &mut HashSet<String>,
        random: &mut Random,
    ) -> Self {
        let top_level = random.pick(source.pool.top_level);
        let name = loop {
            let mut name = format!("{}{}", random.pick(FIRST_WORDS), random.pick(SECOND_WORDS));
            if taken.len() > FIRST_WORDS.len() * SECOND_WORDS.len() / 4 {
                name.push_str(&random.digits(3));
            }
            if taken.insert(name.clone()) {
                break address_letters(&name);
            }
        };
        let former_domain = random.chance(MERGED).then(|| {
            let word = *random.pick(FIRST_WORDS);
            let former = address_letters(word);
            format!(
                "{former}-{name}-group{}",
                random.pick(source.pool.top_level)
            )
        });
        Self {
            home,
            domain: format!("{name}{top_level}"),
            former_domain,
            pattern: random.weighted(PATTERNS),
            username_style: random.weighted(USERNAME_STYLES),
            username_suffix: (*random.pick(&["crm", "sales", "prod", "sf"])).to_owned(),
            sandbox: random.chance(SANDBOX).then(|| *random.pick(SANDBOXES)),
            has_employee_ids: random.chance(HAS_EMPLOYEE_IDS),
            strips_ids: random.chance(STRIPS_IDS),
            switchboard: random.digits(source.pool.subscriber_digits),
            managers: Vec::new(),
        }
    }

    /// Remembers somebody who leads others.
    pub(super) fn promote(&mut self, manager: Manager, random: &mut Random) {
        if self.managers.len() < MOST_MANAGERS {
            self.managers.push(manager);
        } else {
            let place = random.index(MOST_MANAGERS);
            self.managers[place] = manager;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{AddressPattern, Company};
    use crate::bench::directory::{names::NameSource, random::Random};

    #[test]
    fn patterns_build_what_they_are_called() {
        use AddressPattern as Pattern;
        for (pattern, expected) in [
            (Pattern::FirstDotLast, "ann.lee"),
            (Pattern::InitialLast, "alee"),
            (Pattern::FirstInitial, "annl"),
            (Pattern::LastDotFirst, "lee.ann"),
        ] {
            assert_eq!(pattern.local_part("ann", "lee"), expected);
        }
    }

    #[test]
    fn no_two_companies_share_a_domain() {
        let mut random = Random::new(1);
        let companies = Company::draw_all(500, &NameSource::all(), &mut random);
        let domains: BTreeSet<&str> = companies.iter().map(|it| it.domain.as_str()).collect();
        assert_eq!(domains.len(), 500);
    }
}
