//! E-mail addresses: what is equal although it is spelled differently.

use super::fold::fold;

/// An address in the form in which it is compared.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Address {
    /// Folded local part without tag; dots dropped where the provider ignores them.
    pub local: String,
    /// The domain in its ASCII form, lower case, without a sandbox's `.invalid`.
    pub domain: String,
}

impl Address {
    /// Reads an address; `None` when the text is none (no `@`, nothing before or behind it).
    pub fn read(text: &str) -> Option<Self> {
        parse(text)
    }

    /// Whether anybody can have an address of its domain, so that the domain says nothing about
    /// whom its owner works for.
    pub fn is_of_a_public_provider(&self) -> bool {
        is_public_provider(&self.domain)
    }

    /// Whether it is a function's and nobody's own (`support@`, `sales42@`, `no-reply@`).
    pub fn is_of_a_function(&self) -> bool {
        super::role::is_role_local(&self.local)
    }
}

/// Providers that hand addresses to anybody: an equal domain says nothing about an employer.
const PUBLIC_PROVIDERS: [&str; 24] = [
    "aol.com",
    "fastmail.com",
    "gmail.com",
    "gmx.de",
    "gmx.net",
    "googlemail.com",
    "hotmail.co.uk",
    "hotmail.com",
    "hotmail.fr",
    "icloud.com",
    "libero.it",
    "live.com",
    "mail.com",
    "mail.ru",
    "me.com",
    "msn.com",
    "orange.fr",
    "outlook.com",
    "proton.me",
    "protonmail.com",
    "qq.com",
    "web.de",
    "yahoo.com",
    "yandex.ru",
];

/// Whether anybody can have an address of this domain.
pub(crate) fn is_public_provider(domain: &str) -> bool {
    PUBLIC_PROVIDERS.binary_search(&domain).is_ok()
}

/// Reads an address; `None` when the text is none (no `@`, nothing before or behind it).
pub(crate) fn parse(text: &str) -> Option<Address> {
    let (local, domain) = split(text)?;
    let (domain, _) = normal_domain(domain);
    let mut folded = String::new();
    fold_local(local, &domain, &mut folded);
    Some(Address {
        local: folded,
        domain,
    })
}

/// The two parts of an address as they are written.
pub(crate) fn split(text: &str) -> Option<(&str, &str)> {
    let text = text.trim();
    let text = text
        .strip_prefix("mailto:")
        .unwrap_or(text)
        .trim_matches(['<', '>', '"', '\'']);
    let (local, domain) = text.rsplit_once('@')?;
    let one_word = if text.is_ascii() {
        !text.bytes().any(|byte| byte.is_ascii_whitespace())
    } else {
        !text.contains(char::is_whitespace)
    };
    (one_word && !local.is_empty() && !domain.is_empty()).then_some((local, domain))
}

/// A local part in the form in which it is compared, put into `out`: folded, without tag, and
/// without dots where the provider ignores them.
pub(crate) fn fold_local(local: &str, normal_domain: &str, out: &mut String) {
    out.clear();
    if local.bytes().all(|byte| byte.is_ascii_graphic()) {
        out.push_str(local);
        out.make_ascii_lowercase();
    } else {
        out.push_str(&fold(local));
    }
    if let Some(tag) = out.find('+').filter(|at| *at > 0) {
        out.truncate(tag);
    }
    if normal_domain == "gmail.com" {
        out.retain(|character| character != '.');
    }
}

/// ASCII form of a domain (UTS 46), lower case, one for the several names of a provider, and
/// whether a sandbox's decoration was taken off: some CRMs append `.invalid` to the addresses of
/// a sandbox so that nobody is written to by accident.
pub(crate) fn normal_domain(domain: &str) -> (String, bool) {
    let domain = domain.trim().trim_end_matches('.');
    let mut ascii = if domain.is_ascii() {
        domain.to_ascii_lowercase()
    } else {
        idna::domain_to_ascii(domain).unwrap_or_else(|_| domain.to_lowercase())
    };
    let real = ascii.strip_suffix(".invalid").map(str::len);
    let decorated = real.filter(|length| ascii[..*length].contains('.'));
    if let Some(length) = decorated {
        ascii.truncate(length);
    }
    if ascii == "googlemail.com" {
        ascii.replace_range(.."google".len(), "g");
    }
    (ascii, decorated.is_some())
}

/// Letters and digits of a local part: `anna-maria.weiss` and `annamaria_weiss` are one.
pub(crate) fn compact(local: &str) -> String {
    let mut out = String::new();
    compact_into(local, &mut out);
    out
}

/// The same into a buffer, whose content goes.
pub(crate) fn compact_into(local: &str, out: &mut String) {
    out.clear();
    for part in local.split(|character: char| !character.is_ascii_alphanumeric()) {
        out.push_str(part);
    }
}

/// A compact local part split into its name and the number behind it (`msmith2`).
pub(crate) fn split_number(compact: &str) -> (&str, &str) {
    let stem = compact.trim_end_matches(|character: char| character.is_ascii_digit());
    if stem.is_empty() {
        (compact, "")
    } else {
        compact.split_at(stem.len())
    }
}

/// How a local part is made from a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Pattern {
    /// `ada.lovelace`
    GivenFamily,
    /// `alovelace`, with or without a second letter behind the initial.
    InitialFamily,
    /// `adal`
    GivenInitial,
    /// `lovelace.ada`
    FamilyGiven,
    /// `lovelacea`
    FamilyInitial,
    /// `lada`, and initials alone.
    Other,
    /// `ada`
    Given,
    /// `lovelace`
    Family,
}

impl Pattern {
    /// How many there are.
    pub(crate) const COUNT: usize = 8;

    /// Whether an address made so spells the whole name.
    pub(crate) fn is_full(self) -> bool {
        matches!(self, Self::GivenFamily | Self::FamilyGiven)
    }
}

/// The usual pattern by which a local part is made from this name, if any. One digit behind it is a
/// counter of namesakes; a longer number is a person's own choice, which the name does not explain.
pub(crate) fn pattern_of(compact: &str, given: &[&str], family: &[&str]) -> Option<Pattern> {
    let (stem, number) = split_number(compact);
    if stem.is_empty() || number.len() > 1 {
        return None;
    }
    let whole_given = whole_of(given);
    let whole_family = whole_of(family);
    let givens = given.iter().copied().chain(whole_given.as_deref());
    let mut found: Option<Pattern> = None;
    let mut see = |pattern: Option<Pattern>| {
        found = match (found, pattern) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
    };
    for given in givens {
        let families = family.iter().copied().chain(whole_family.as_deref());
        for family in families {
            see(made_of(stem, given, family).map(|made| match made {
                Made::Wholes => Pattern::GivenFamily,
                Made::InitialFirst => Pattern::InitialFamily,
                Made::InitialLast => Pattern::GivenInitial,
                Made::Initials => Pattern::Other,
            }));
            see(made_of(stem, family, given).map(|made| match made {
                Made::Wholes => Pattern::FamilyGiven,
                Made::InitialLast => Pattern::FamilyInitial,
                Made::InitialFirst | Made::Initials => Pattern::Other,
            }));
        }
        see((stem == given).then_some(Pattern::Given));
    }
    see(family.contains(&stem).then_some(Pattern::Family));
    found
}

/// The domain of a user name that looks like an address, without the name of a sandbox behind it:
/// some CRMs append one to every user name there (`ada@example.com.staging`). Such a name is no
/// country's ending, and what stands before it ends as a domain does.
pub(crate) fn without_sandbox_name(domain: &str) -> Option<&str> {
    const USUAL_ENDINGS: [&str; 7] = ["com", "org", "net", "edu", "gov", "io", "info"];
    let (real, name) = domain.rsplit_once('.')?;
    let (_, ending) = real.rsplit_once('.')?;
    let ends_as_domain = ending.len() == 2 || USUAL_ENDINGS.contains(&ending);
    (name.len() > 2 && ends_as_domain && !USUAL_ENDINGS.contains(&name)).then_some(real)
}

/// Several parts written as one.
fn whole_of(parts: &[&str]) -> Option<String> {
    (parts.len() > 1).then(|| parts.concat())
}

/// The given name that an address spells out where the record has an initial or nothing: `ada` in
/// `ada.lovelace@…`, `adalovelace7@…` or `adal@…` of "A. Lovelace".
pub(crate) fn given_name_in<'a>(local: &'a str, initial: &str, family: &str) -> Option<&'a str> {
    let stem = local.trim_end_matches(|character: char| character.is_ascii_digit());
    let is_name = |text: &str| {
        text.len() >= 3 && text.starts_with(initial) && text.bytes().all(|b| b.is_ascii_lowercase())
    };
    if let Some((before, behind)) = stem.split_once(['.', '_', '-']) {
        return [(before, behind), (behind, before)]
            .into_iter()
            .find(|(given, other)| *other == family && is_name(given))
            .map(|(given, _)| given);
    }
    let without_family = stem
        .strip_suffix(family)
        .or_else(|| stem.strip_prefix(family));
    let without_initial = || family.get(..1).and_then(|letter| stem.strip_suffix(letter));
    let given = without_family.or_else(|| without_initial().filter(|_| !initial.is_empty()))?;
    is_name(given).then_some(given)
}

/// Which parts of two names make a stem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Made {
    Wholes,
    /// The initial of the first, the second whole.
    InitialFirst,
    /// The first whole, the initial of the second.
    InitialLast,
    Initials,
}

fn made_of(stem: &str, first: &str, second: &str) -> Option<Made> {
    if first.is_empty() || second.is_empty() {
        return None;
    }
    let (initial, last_initial) = (&first[..1], &second[..1]);
    match stem.strip_prefix(first) {
        Some(rest) if rest == second => return Some(Made::Wholes),
        Some(rest) if rest == last_initial => return Some(Made::InitialLast),
        _ => {}
    }
    let rest = stem.strip_prefix(initial)?;
    // A middle initial or a second letter may stand between the two.
    let behind_letter = || rest.get(1..).filter(|_| rest.len() > 3);
    if rest == second || behind_letter() == Some(second) {
        Some(Made::InitialFirst)
    } else {
        (rest == last_initial).then_some(Made::Initials)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_providers_are_sorted_for_the_search() {
        assert!(PUBLIC_PROVIDERS.is_sorted());
    }

    #[test]
    fn spellings_of_one_address_become_one() {
        for (text, local, domain) in [
            ("Ada.Lovelace@Example.COM", "ada.lovelace", "example.com"),
            ("ada+crm@example.com", "ada", "example.com"),
            ("A.da@googlemail.com", "ada", "gmail.com"),
            ("ada@bücher.example", "ada", "xn--bcher-kva.example"),
            ("ada@example.com.invalid", "ada", "example.com"),
            ("<mailto:x@y.example>", "mailto:x", "y.example"),
            (" jürgen@example.com ", "jurgen", "example.com"),
        ] {
            let address = parse(text).expect("an address");
            assert_eq!(
                (address.local.as_str(), address.domain.as_str()),
                (local, domain)
            );
        }
    }

    #[test]
    fn a_sandbox_name_is_told_from_a_domain() {
        for (domain, real) in [
            ("example.com.staging", Some("example.com")),
            ("example.co.uk.uat", Some("example.co.uk")),
            ("example.com.au", None),
            ("mail.example.com", None),
            ("example.com", None),
        ] {
            assert_eq!(without_sandbox_name(domain), real, "{domain}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in ["", "ada", "@example.com", "ada@", "a b@example.com"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn an_address_spells_out_the_given_name() {
        for (local, initial, expected) in [
            ("ada.lovelace", "a", Some("ada")),
            ("lovelace_ada", "", Some("ada")),
            ("adalovelace7", "a", Some("ada")),
            ("adal77", "a", Some("ada")),
            ("adal77", "", None),
            ("alovelace", "a", None),
            ("bob.lovelace", "a", None),
            ("ada.byron", "a", None),
        ] {
            assert_eq!(
                given_name_in(local, initial, "lovelace"),
                expected,
                "{local}"
            );
        }
    }

    #[test]
    fn usual_patterns_are_seen_as_made_from_the_name() {
        for local in [
            "adalovelace",
            "alovelace",
            "adal",
            "lovelaceada",
            "ada",
            "lovelace",
            "al",
            "alovelace2",
            "akingl",
            "akinglovelace",
            "alovelace77",
        ] {
            let expected = !["akingl", "akinglovelace", "alovelace77"].contains(&local);
            assert_eq!(
                pattern_of(local, &["ada"], &["lovelace"]).is_some(),
                expected,
                "{local}"
            );
        }
        for (local, pattern) in [
            ("adalovelace", Some(Pattern::GivenFamily)),
            ("amlovelace", Some(Pattern::InitialFamily)),
            ("lovelaceada", Some(Pattern::FamilyGiven)),
            ("adal3", Some(Pattern::GivenInitial)),
            ("ada", Some(Pattern::Given)),
            ("starlord77", None),
        ] {
            assert_eq!(
                pattern_of(local, &["ada"], &["lovelace"]),
                pattern,
                "{local}"
            );
        }
        let jean = pattern_of("jeanlucpicard", &["jean", "luc"], &["picard"]);
        assert_eq!(jean, Some(Pattern::GivenFamily));
    }
}
