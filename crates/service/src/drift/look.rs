//! Both sides of a pair in the form in which they are compared.

use counterpart_matching::Address;
use counterpart_model::witness::{SeenPerson, SeenUser};
use counterpart_model::{CrmUserProfile, Person};

use super::naming::Name;
use super::sameness::Look;

/// The addresses of a list that are any.
pub(super) fn mailboxes(emails: &[String]) -> Vec<Address> {
    emails
        .iter()
        .filter_map(|email| Address::read(email))
        .collect()
}

/// A CRM user now.
pub(super) fn look_of_user(profile: &CrmUserProfile) -> Look<'_> {
    Look {
        name: Name {
            display: &profile.display_name,
            given: profile.given_name.as_deref(),
            family: profile.family_name.as_deref(),
        },
        mailboxes: mailboxes(&profile.emails),
        username: profile.username.as_deref(),
        employee_number: profile.employee_number.as_deref(),
        extension: profile.extension.as_deref(),
    }
}

/// A CRM user as it was when the pair was confirmed.
pub(super) fn look_of_seen_user(seen: &SeenUser) -> Look<'_> {
    Look {
        name: Name {
            display: &seen.display_name,
            given: seen.given_name.as_deref(),
            family: seen.family_name.as_deref(),
        },
        mailboxes: mailboxes(&seen.emails),
        username: seen.username.as_deref(),
        employee_number: seen.employee_number.as_deref(),
        extension: seen.extension.as_deref(),
    }
}

/// A person now, with the addresses that are theirs in any system.
pub(super) fn look_of_person(person: &Person, mailboxes: Vec<Address>) -> Look<'_> {
    let profile = &person.profile;
    Look {
        name: Name {
            display: &profile.display_name,
            given: profile.given_name.as_deref(),
            family: profile.family_name.as_deref(),
        },
        mailboxes,
        username: None,
        employee_number: profile.employee_number.as_deref(),
        extension: None,
    }
}

/// A person as it was when the pair was confirmed.
pub(super) fn look_of_seen_person(seen: &SeenPerson) -> Look<'_> {
    Look {
        name: Name {
            display: &seen.display_name,
            given: seen.given_name.as_deref(),
            family: seen.family_name.as_deref(),
        },
        mailboxes: mailboxes(&seen.emails),
        username: None,
        employee_number: seen.employee_number.as_deref(),
        extension: None,
    }
}
