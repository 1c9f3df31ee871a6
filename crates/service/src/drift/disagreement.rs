//! Whether two CRM users of one person, in two CRMs, can be one human being.
//!
//! Each speaks for itself: name, addresses, employee number. A name that changed at a marriage
//! keeps an address or a number; two human beings share neither.

use counterpart_matching::{Address, NameJudge};
use counterpart_model::CrmUserProfile;
use counterpart_model::folding::fold;

use super::look::look_of_user;
use super::naming::{Name, Namer};
use super::sameness::{Look, equal};

/// A CRM user and the name of the connection that knows it.
#[derive(Debug, Clone, Copy)]
pub struct Account<'a> {
    /// What the CRM says of it.
    pub profile: &'a CrmUserProfile,
    /// What the connection is called.
    pub connection: &'a str,
}

/// Why two CRM users cannot be one human being, in words; `None` where they can.
pub fn disagreement(one: Account<'_>, other: Account<'_>, judge: &NameJudge) -> Option<String> {
    let namer = Namer(judge);
    let (left, right) = (look_of_user(one.profile), look_of_user(other.profile));
    if share_a_mailbox(&left, &right) {
        return None;
    }
    let numbers = equal(left.employee_number, right.employee_number);
    if namer.same(&left.name, &right.name) {
        let addressed = !left.mailboxes.is_empty() && !right.mailboxes.is_empty();
        // A namesake: nothing but the name is the same.
        return (numbers == Some(false) && addressed).then(|| {
            format!(
                "{} has employee number {} in {} and {} in {}, and other addresses",
                left.name.full(),
                left.employee_number.unwrap_or_default(),
                one.connection,
                right.employee_number.unwrap_or_default(),
                other.connection
            )
        });
    }
    if numbers == Some(true) || spells(&left, &right, namer) || spells(&right, &left, namer) {
        return None;
    }
    Some(format!(
        "{} in {}, but {} in {}",
        told(one, &left),
        one.connection,
        told(other, &right),
        other.connection
    ))
}

/// Name and main address of one side.
fn told(account: Account<'_>, look: &Look<'_>) -> String {
    let name = match account.profile.display_name.trim() {
        "" => look.name.full(),
        shown => shown.to_owned(),
    };
    match account.profile.emails.first() {
        Some(email) => format!("{name} ({email})"),
        None => name,
    }
}

/// Whether both have a mailbox of one's own in common, whatever its domain.
fn share_a_mailbox(one: &Look<'_>, other: &Look<'_>) -> bool {
    let own = |address: &&Address| !address.is_of_a_function();
    one.mailboxes.iter().filter(own).any(|left| {
        let mut others = other.mailboxes.iter().filter(own);
        others.any(|right| left.local == right.local)
    })
}

/// Whether an address of one side is made of the other side's name.
fn spells(one: &Look<'_>, other: &Look<'_>, namer: Namer<'_>) -> bool {
    one.mailboxes
        .iter()
        .filter(|address| !address.is_of_a_function())
        .any(|address| {
            let words = fold(&address.local.replace(['.', '_', '-', '+'], " "));
            // One word says too little: many a given name stands before an `@`.
            let spelled = Name {
                display: &words,
                given: None,
                family: None,
            };
            words.contains(' ') && namer.same(&spelled, &other.name)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(name: &str, email: &str, number: &str) -> CrmUserProfile {
        let filled = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        CrmUserProfile {
            display_name: name.to_owned(),
            emails: filled(email).into_iter().collect(),
            employee_number: filled(number),
            ..CrmUserProfile::default()
        }
    }

    fn judged(one: &CrmUserProfile, other: &CrmUserProfile) -> Option<String> {
        let (one, other) = (
            Account {
                profile: one,
                connection: "Sales",
            },
            Account {
                profile: other,
                connection: "Desk",
            },
        );
        disagreement(one, other, &NameJudge::new())
    }

    #[test]
    fn one_human_being_in_two_spellings_agrees() {
        for (one, other) in [
            (
                user("Anna Weiss", "anna.weiss@a.example", ""),
                user("WEISS, Anna", "aw@b.example", ""),
            ),
            (user("Elizabeth Smith", "", ""), user("Liz Smith", "", "")),
            // Married: the mailbox stayed, or the number did.
            (
                user("Anna Weiss", "anna.weiss@a.example", ""),
                user("Anna Braun", "anna.weiss@b.example", ""),
            ),
            (
                user("Anna Weiss", "weiss@a.example", "17"),
                user("Anna Braun", "braun@a.example", "17"),
            ),
            // Shown by a short name, written to by the whole one.
            (
                user("Bo", "boris.becker@a.example", ""),
                user("Boris Becker", "bb@b.example", ""),
            ),
            (user("", "x@a.example", ""), user("Anna Weiss", "", "")),
        ] {
            assert_eq!(judged(&one, &other), None, "{one:?} | {other:?}");
            assert_eq!(judged(&other, &one), None, "{other:?} | {one:?}");
        }
    }

    #[test]
    fn two_human_beings_disagree_with_a_reason() {
        let anna = user("Anna Weiss", "anna.weiss@a.example", "");
        let peter = user("Peter Braun", "peter.braun@b.example", "");
        assert_eq!(
            judged(&anna, &peter).as_deref(),
            Some(
                "Anna Weiss (anna.weiss@a.example) in Sales, \
                 but Peter Braun (peter.braun@b.example) in Desk"
            )
        );
        assert!(judged(&user("Anna Weiss", "", ""), &user("Peter Braun", "", "")).is_some());
    }

    #[test]
    fn a_mailbox_of_a_function_makes_nobody_the_same() {
        let anna = user("Anna Weiss", "support@a.example", "");
        let peter = user("Peter Braun", "support@a.example", "");
        assert!(judged(&anna, &peter).is_some());
    }

    #[test]
    fn namesakes_are_told_by_their_numbers() {
        let one = user("John Smith", "john.smith@a.example", "17");
        let other = user("John Smith", "jsmith2@a.example", "34");
        let reason = judged(&one, &other).expect("namesakes");
        assert!(reason.contains("17 in Sales and 34 in Desk"), "{reason}");
        let unnumbered = user("John Smith", "jsmith2@a.example", "");
        assert_eq!(judged(&one, &unnumbered), None);
    }
}
