//! In what two people are alike, so that a case can be compared with earlier ones. Pure.

use std::collections::BTreeSet;
use std::fmt;

use counterpart_matching::Address;
use counterpart_model::folding::fold;
use counterpart_model::witness::{SeenPerson, SeenUser};
use counterpart_model::{CrmUserProfile, Person};

/// A way in which a person and a CRM user are alike.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Likeness {
    /// They have the same e-mail address.
    SameEmail,
    /// Their addresses differ in their domains alone.
    SameLocal {
        /// The person's domain.
        ours: String,
        /// The CRM user's.
        theirs: String,
    },
    /// They have the same employee number.
    SameNumber,
    /// They have the same given and family name.
    SameName,
    /// They have the same family name, and different given names.
    OtherGiven {
        /// The person's given name.
        ours: String,
        /// The CRM user's.
        theirs: String,
    },
    /// They have the same given name, and different family names.
    OtherFamily,
}

impl Likeness {
    /// Its name in the API.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::SameEmail => "same_email",
            Self::SameLocal { .. } => "same_local_part",
            Self::SameNumber => "same_number",
            Self::SameName => "same_name",
            Self::OtherGiven { .. } => "other_given_name",
            Self::OtherFamily => "other_family_name",
        }
    }
}

/// What it says, in lower case and without a full stop.
impl fmt::Display for Likeness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SameEmail => f.write_str("the same e-mail address"),
            Self::SameLocal { ours, theirs } => {
                write!(f, "the same address but for {ours} and {theirs}")
            }
            Self::SameNumber => f.write_str("the same employee number"),
            Self::SameName => f.write_str("the same name"),
            Self::OtherGiven { ours, theirs } => {
                write!(f, "the same family name, {ours} here and {theirs} there")
            }
            Self::OtherFamily => f.write_str("the same given name, another family name"),
        }
    }
}

/// How cases that were alike in one way ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    /// In what they were alike.
    pub likeness: Likeness,
    /// How many pairs were accepted.
    pub accepted: u64,
    /// How many were rejected.
    pub rejected: u64,
}

/// As much of somebody as likenesses look at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Sketch {
    given: String,
    family: String,
    emails: Vec<String>,
    number: Option<String>,
}

impl Sketch {
    fn new(
        [given, family]: [Option<&str>; 2],
        shown: &str,
        emails: &[String],
        number: Option<&str>,
    ) -> Self {
        let (given, family) = match (given, family) {
            (Some(given), Some(family)) => (fold(given), fold(family)),
            _ => halves(shown),
        };
        Self {
            given,
            family,
            emails: emails.to_vec(),
            number: number.map(fold).filter(|number| !number.is_empty()),
        }
    }

    pub(super) fn of_person(person: &Person) -> Self {
        let profile = &person.profile;
        Self::new(
            [
                profile.given_name.as_deref(),
                profile.family_name.as_deref(),
            ],
            &profile.display_name,
            &profile.emails,
            profile.employee_number.as_deref(),
        )
    }

    pub(super) fn of_crm_user(profile: &CrmUserProfile) -> Self {
        Self::new(
            [
                profile.given_name.as_deref(),
                profile.family_name.as_deref(),
            ],
            &profile.display_name,
            &profile.emails,
            profile.employee_number.as_deref(),
        )
    }

    pub(super) fn of_seen_person(seen: &SeenPerson) -> Self {
        Self::new(
            [seen.given_name.as_deref(), seen.family_name.as_deref()],
            &seen.display_name,
            &seen.emails,
            seen.employee_number.as_deref(),
        )
    }

    pub(super) fn of_seen_user(seen: &SeenUser) -> Self {
        Self::new(
            [seen.given_name.as_deref(), seen.family_name.as_deref()],
            &seen.display_name,
            &seen.emails,
            seen.employee_number.as_deref(),
        )
    }
}

/// The two halves of a name as it is shown.
fn halves(shown: &str) -> (String, String) {
    if let Some((family, given)) = shown.split_once(',') {
        return (fold(given.trim()), fold(family.trim()));
    }
    let shown = fold(shown);
    match shown.rsplit_once(' ') {
        Some((given, family)) => (given.trim().to_owned(), family.to_owned()),
        None => (shown, String::new()),
    }
}

/// All in which a person and a CRM user are alike.
pub(super) fn likenesses(ours: &Sketch, theirs: &Sketch) -> BTreeSet<Likeness> {
    let mut found = BTreeSet::new();
    let read = |emails: &[String]| -> Vec<Address> {
        emails.iter().filter_map(|it| Address::read(it)).collect()
    };
    for one in read(&ours.emails) {
        for other in read(&theirs.emails) {
            if one == other {
                found.insert(Likeness::SameEmail);
            } else if one.local == other.local
                && one.domain != other.domain
                && !one.is_of_a_function()
                && ![&one, &other]
                    .into_iter()
                    .any(Address::is_of_a_public_provider)
            {
                found.insert(Likeness::SameLocal {
                    ours: one.domain.clone(),
                    theirs: other.domain,
                });
            }
        }
    }
    if ours.number.is_some() && ours.number == theirs.number {
        found.insert(Likeness::SameNumber);
    }
    let known = [&ours.given, &ours.family, &theirs.given, &theirs.family];
    if known.into_iter().any(String::is_empty) {
        return found;
    }
    match (ours.given == theirs.given, ours.family == theirs.family) {
        (true, true) => found.insert(Likeness::SameName),
        (false, true) => found.insert(Likeness::OtherGiven {
            ours: ours.given.clone(),
            theirs: theirs.given.clone(),
        }),
        (true, false) => found.insert(Likeness::OtherFamily),
        (false, false) => false,
    };
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sketch(name: &str, email: &str) -> Sketch {
        Sketch::new([None, None], name, &[email.to_owned()], None)
    }

    #[test]
    fn pairs_are_alike_in_their_addresses_and_names() {
        let found = likenesses(
            &sketch("Lovelace, Ada", "ada@old.example"),
            &sketch("Ada Lovelace", "Ada@new.example"),
        );
        let expected = [
            Likeness::SameLocal {
                ours: "old.example".into(),
                theirs: "new.example".into(),
            },
            Likeness::SameName,
        ];
        assert_eq!(Vec::from_iter(found), expected);
        let found = likenesses(
            &sketch("Bob Ray", "x@a.example"),
            &sketch("Rob Ray", "x+crm@a.example"),
        );
        assert!(found.contains(&Likeness::SameEmail), "{found:?}");
        assert!(
            found.iter().any(|it| it.as_str() == "other_given_name"),
            "{found:?}"
        );
    }

    #[test]
    fn providers_and_functions_make_no_domains_alike() {
        for (one, other) in [
            ("ada@gmail.com", "ada@acme.example"),
            ("support@a.example", "support@b.example"),
        ] {
            let found = likenesses(&sketch("A B", one), &sketch("C D", other));
            assert!(found.is_empty(), "{found:?}");
        }
    }
}
