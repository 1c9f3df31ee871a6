//! What is known of somebody, line by line, so that two sides can be compared at a glance.

use counterpart_model::folding::fold;
use counterpart_model::witness::SeenUser;
use counterpart_model::{CrmUser, CrmUserState, Person};

use crate::words;

/// One line.
pub(super) struct Fact {
    pub(super) label: &'static str,
    pub(super) value: String,
    /// Whether the other side says the same.
    pub(super) same: bool,
}

/// One line of what was known then and is known now.
pub(super) struct Change {
    pub(super) label: &'static str,
    pub(super) then: String,
    pub(super) now: String,
    pub(super) changed: bool,
}

type Line = (&'static str, String);

const STATE: &str = "Account";

/// What is known of a person.
pub(super) fn of_person(person: &Person) -> Vec<Fact> {
    let profile = &person.profile;
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let lines = [
        ("Name", profile.display_name.clone()),
        ("E-mail", profile.emails.join(", ")),
        ("User name", text(&profile.username)),
        ("Phone", profile.phones.join(", ")),
        ("Employee number", text(&profile.employee_number)),
        ("External id", text(&person.external_id)),
        ("Title", text(&profile.title)),
        ("Department", text(&profile.department)),
    ];
    let lines = lines.into_iter().filter(|(_, value)| !value.is_empty());
    let fact = |(label, value)| Fact {
        label,
        value,
        same: false,
    };
    lines.map(fact).collect()
}

/// What is known of a CRM user, and what of it the person has, too.
pub(super) fn of_user(user: &CrmUser, person: &[Fact]) -> Vec<Fact> {
    let mut lines = lines_of(user);
    lines.retain(|(_, value)| !value.is_empty());
    let has = |value: &str| {
        let one_of = |fact: &Fact| {
            let mut theirs = fact.value.split(", ");
            theirs.any(|theirs| value.split(", ").any(|ours| fold(ours) == fold(theirs)))
        };
        person.iter().any(one_of)
    };
    let fact = |(label, value): Line| Fact {
        same: label != STATE && has(&value),
        label,
        value,
    };
    lines.into_iter().map(fact).collect()
}

fn lines_of(user: &CrmUser) -> Vec<Line> {
    let profile = &user.profile;
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let state = words::crm_user_state(profile.state, user.gone_since.is_some());
    let account: Vec<&str> = state
        .into_iter()
        .chain(words::crm_user_kind(profile.kind))
        .collect();
    vec![
        ("Name", profile.display_name.clone()),
        ("E-mail", profile.emails.join(", ")),
        ("User name", text(&profile.username)),
        ("Phone", profile.phones.join(", ")),
        ("Extension", text(&profile.extension)),
        ("Employee number", text(&profile.employee_number)),
        ("Title", text(&profile.title)),
        ("Department", text(&profile.department)),
        ("Licence", text(&profile.licence)),
        (STATE, account.join(", ")),
    ]
}

/// What a CRM user was when the pair was confirmed, and is now.
pub(super) fn then_and_now(then: Option<&SeenUser>, now: Option<&CrmUser>) -> Vec<Change> {
    let now = now.map(lines_of).unwrap_or_default();
    let Some(then) = then else {
        let fact = |(label, now): Line| Change {
            label,
            then: String::new(),
            now,
            changed: false,
        };
        return now
            .into_iter()
            .map(fact)
            .filter(|it| !it.now.is_empty())
            .collect();
    };
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let state: Vec<&str> = words::crm_user_state(then.state, then.state == CrmUserState::Deleted)
        .into_iter()
        .chain(words::crm_user_kind(then.kind))
        .collect();
    let was = [
        ("Name", then.display_name.clone()),
        ("E-mail", then.emails.join(", ")),
        ("User name", text(&then.username)),
        ("Extension", text(&then.extension)),
        ("Employee number", text(&then.employee_number)),
        ("Licence", text(&then.licence)),
        (STATE, state.join(", ")),
    ];
    let change = |(label, then): Line| {
        let now = now.iter().find(|(other, _)| *other == label);
        let now = now.map(|(_, value)| value.clone()).unwrap_or_default();
        Change {
            changed: fold(&then) != fold(&now),
            label,
            then,
            now,
        }
    };
    let changes = was.into_iter().map(change);
    changes
        .filter(|it| !(it.then.is_empty() && it.now.is_empty()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changed_is_marked() {
        let then = SeenUser {
            display_name: "Ann Lee".into(),
            emails: vec!["ann@a.example".into()],
            ..SeenUser::default()
        };
        let changes = then_and_now(Some(&then), None);
        assert!(changes.iter().all(|change| change.changed));
        assert_eq!(changes.len(), 2);
        assert!(then_and_now(None, None).is_empty());
    }
}
