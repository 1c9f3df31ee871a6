//! E-mail addresses and usernames. Within one directory no two humans are given the same one.

use std::collections::HashSet;

use super::{
    company::{AddressPattern, Company, UsernameStyle},
    human::Human,
    letters::{address_letters, mistype, spell_out},
    random::Random,
    shares,
    tags::{Tag, Tags},
};

const PRIVATE_DOMAINS: &[&str] = &[
    "gmail.com",
    "outlook.com",
    "yahoo.com",
    "icloud.com",
    "gmx.net",
    "web.de",
    "orange.fr",
    "hotmail.com",
];

/// What became of an address in the CRM.
const FATES: &[(Tag, u32)] = &[
    (Tag::EmailSame, shares::EMAIL_SAME),
    (Tag::EmailCase, shares::EMAIL_CASE),
    (Tag::EmailPlus, shares::EMAIL_PLUS),
    (Tag::EmailPattern, shares::EMAIL_PATTERN),
    (Tag::EmailMissing, shares::EMAIL_MISSING),
    (Tag::EmailPrivate, shares::EMAIL_PRIVATE),
    (Tag::EmailTypo, shares::EMAIL_TYPO),
];

/// Every address given out so far.
#[derive(Debug, Default)]
pub(super) struct Addresses {
    taken: HashSet<String>,
}

impl Addresses {
    /// `local@domain`, with a number where somebody else has it.
    pub(super) fn issue(&mut self, local: &str, domain: &str) -> String {
        let mut address = format!("{local}@{domain}");
        let mut number = 1;
        while !self.taken.insert(address.clone()) {
            number += 1;
            address = format!("{local}{number}@{domain}");
        }
        address
    }

    /// The address that the company gives to somebody.
    pub(super) fn at_work(&mut self, human: &Human, company: &Company) -> String {
        self.issue(&local_part(human, company.pattern), &company.domain)
    }

    /// The address of somebody who works for another company.
    pub(super) fn at_partner(&mut self, human: &Human, partner: &Company) -> String {
        let local = local_part(human, AddressPattern::FirstDotLast);
        self.issue(&local, &format!("partner-{}", partner.domain))
    }

    /// What the CRM has for somebody whose address on the platform is `address`. Empty when it
    /// has none.
    pub(super) fn in_crm(
        &mut self,
        human: &Human,
        address: &str,
        company: &Company,
        tags: &mut Tags,
        random: &mut Random,
    ) -> String {
        let (local, domain) = address.split_once('@').unwrap_or((address, ""));
        if let Some(former) = &company.former_domain
            && domain == company.domain
            && random.chance(shares::FORMER_DOMAIN)
        {
            tags.add(Tag::EmailDomain);
            return self.issue(local, former);
        }
        let fate = random.weighted(FATES);
        tags.add(fate);
        match fate {
            Tag::EmailCase => change_case(address, random),
            Tag::EmailPlus => {
                let tag = random.pick(&["crm", "sales", "work", "sf"]);
                format!("{local}+{tag}@{domain}")
            }
            Tag::EmailPattern => self.in_other_pattern(human, company.pattern, domain, random),
            Tag::EmailMissing => String::new(),
            Tag::EmailPrivate => self.private(human, random),
            Tag::EmailTypo => format!("{}@{domain}", mistype(local, random)),
            _ => address.to_owned(),
        }
    }

    /// An address of the same human that is built by another pattern than `pattern`.
    pub(super) fn in_other_pattern(
        &mut self,
        human: &Human,
        pattern: AddressPattern,
        domain: &str,
        random: &mut Random,
    ) -> String {
        self.issue(&local_part(human, pattern.other(random)), domain)
    }

    fn private(&mut self, human: &Human, random: &mut Random) -> String {
        let (given, family) = address_names(human);
        let year = 60 + random.below(45);
        let local = match random.below(4) {
            0 => format!("{given}.{family}{:02}", year % 100),
            1 => format!("{given}{:02}", year % 100),
            2 => format!("{given}{}", random.digits(4)),
            _ => format!("{family}.{given}"),
        };
        let domain = *random.pick(PRIVATE_DOMAINS);
        self.issue(&local, domain)
    }

    /// What somebody signs in to the CRM with.
    pub(super) fn username(
        &mut self,
        human: &Human,
        email: &str,
        company: &Company,
        random: &mut Random,
    ) -> String {
        let address = if email.is_empty() {
            if random.chance(400) {
                return format!("u{}", random.digits(6));
            }
            self.issue(&local_part(human, company.pattern), &company.domain)
        } else {
            email.to_lowercase()
        };
        let local = address.split('@').next().unwrap_or_default();
        match company.username_style {
            UsernameStyle::Email => address,
            UsernameStyle::EmailWithSuffix => format!("{address}.{}", company.username_suffix),
            UsernameStyle::Login => {
                let login = local_part(human, AddressPattern::InitialLast);
                // Logins are cut at a length that old systems allow.
                login.chars().take(12).collect()
            }
            UsernameStyle::SignInDomain => format!("{local}@sso.{}", company.domain),
        }
    }
}

/// Given and family name in the letters of an address.
fn address_names(human: &Human) -> (String, String) {
    let letters = |name: &str| {
        if human.culture.spells_out_umlauts() {
            address_letters(&spell_out(name))
        } else {
            address_letters(name)
        }
    };
    let given = human.given.usual();
    let first_given = given.split(' ').next().unwrap_or(given);
    (letters(first_given), letters(human.family.usual()))
}

fn local_part(human: &Human, pattern: AddressPattern) -> String {
    let (given, family) = address_names(human);
    pattern.local_part(&given, &family)
}

/// The address in capitals, or with capitals where names begin.
fn change_case(address: &str, random: &mut Random) -> String {
    if random.chance(300) {
        return address.to_uppercase();
    }
    let mut begins = true;
    address
        .chars()
        .map(|letter| {
            let changed = if begins {
                letter.to_ascii_uppercase()
            } else {
                letter
            };
            begins = !letter.is_ascii_alphanumeric();
            changed
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Addresses, change_case};
    use crate::bench::directory::random::Random;

    #[test]
    fn the_second_with_an_address_is_given_a_number() {
        let mut addresses = Addresses::default();
        assert_eq!(addresses.issue("a.b", "c.example"), "a.b@c.example");
        assert_eq!(addresses.issue("a.b", "c.example"), "a.b2@c.example");
        assert_eq!(addresses.issue("a.b", "d.example"), "a.b@d.example");
    }

    #[test]
    fn another_case_is_the_same_address() {
        let mut random = Random::new(1);
        for _ in 0..10 {
            let changed = change_case("ann.lee@acme.com", &mut random);
            assert_ne!(changed, "ann.lee@acme.com");
            assert_eq!(changed.to_lowercase(), "ann.lee@acme.com");
        }
    }
}
