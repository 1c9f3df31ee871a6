//! Lines of change sets in words.

use counterpart_model::{
    ChangeLine, ConnectionId, CrmUserId, Decision, DecisionKind, Identity, Mapping,
    MatchingSettings, Person, PersonId,
};
use counterpart_service::mapping::{ChangeSetView, Names};

use crate::session::Portal;
use crate::times::{Moment, Times};
use crate::words::Tone;

/// One line in words.
pub(super) struct Row {
    pub(super) what: String,
    pub(super) place: String,
    pub(super) word: &'static str,
    pub(super) tone: Tone,
    pub(super) detail: String,
}

/// Who made the change that is in the way.
pub(super) struct Maker {
    pub(super) number: u64,
    pub(super) by: String,
    pub(super) at: Moment,
}

pub(super) fn maker(portal: &Portal, view: &ChangeSetView) -> Maker {
    Maker {
        number: view.change_set.number,
        by: view.account.as_ref().map_or_else(
            || format!("by {}", view.change_set.origin.as_str()),
            |account| account.email.clone(),
        ),
        at: portal.times.moment(view.change_set.applied_at),
    }
}

/// Tells lines in words.
pub(super) struct Teller<'a> {
    pub(super) names: &'a Names,
    pub(super) times: &'a Times,
}

/// The word of a line that adds, changes or takes away.
const fn verb(before: bool, after: bool) -> (&'static str, Tone) {
    match (before, after) {
        (false, _) => ("added", "done"),
        (true, true) => ("changed", "proposed"),
        (true, false) => ("taken away", "look"),
    }
}

impl Teller<'_> {
    /// A line in words.
    pub(super) fn line(&self, line: &ChangeLine) -> Row {
        match line {
            ChangeLine::Person { before, after } => person(before.as_deref(), after.as_deref()),
            ChangeLine::Identity { before, after } => {
                self.identity(before.as_deref(), after.as_deref())
            }
            ChangeLine::Mapping { before, after } => {
                self.mapping(before.as_deref(), after.as_deref())
            }
            ChangeLine::Decision { before, after } => {
                self.decision(before.as_deref(), after.as_deref())
            }
            ChangeLine::MatchingSettings { before, after } => {
                self.matching_settings(before.as_deref(), after.as_deref())
            }
        }
    }

    fn person(&self, id: PersonId) -> String {
        self.names
            .people
            .get(&id)
            .cloned()
            .unwrap_or_else(|| id.to_string())
    }

    fn user(&self, connection: ConnectionId, id: &CrmUserId) -> String {
        match self.names.crm_users.get(&(connection, id.clone())) {
            Some(name) => format!("{name} ({id})"),
            None => id.to_string(),
        }
    }

    fn place(&self, connection: ConnectionId) -> String {
        self.names
            .connections
            .get(&connection)
            .cloned()
            .unwrap_or_default()
    }

    fn identity(&self, before: Option<&Identity>, after: Option<&Identity>) -> Row {
        let (word, tone) = verb(before.is_some(), after.is_some());
        let shown = after.or(before);
        Row {
            what: shown
                .map(|identity| self.person(identity.person_id))
                .unwrap_or_default(),
            place: shown
                .map(|identity| self.place(identity.connection_id))
                .unwrap_or_default(),
            word,
            tone,
            detail: shown
                .map(|identity| format!("{} {}", identity.kind.as_str(), identity.value))
                .unwrap_or_default(),
        }
    }

    fn mapping(&self, before: Option<&Mapping>, after: Option<&Mapping>) -> Row {
        let (word, tone) = match (before, after) {
            (None, _) => ("mapped", "done"),
            (Some(_), Some(_)) => ("mapping changed", "proposed"),
            (Some(_), None) => ("mapping removed", "look"),
        };
        let shown = after.or(before);
        let period = |mapping: &Mapping| {
            format!(
                "{} to {}",
                self.times.moment(mapping.period.from()).text,
                self.times.moment(mapping.period.to()).text
            )
        };
        let user = |mapping: &Mapping| self.user(mapping.connection_id, &mapping.crm_user_id);
        let detail = match (before, after) {
            (Some(before), Some(after))
                if before.crm_user_id == after.crm_user_id && before.period == after.period =>
            {
                format!("{}: confirmed", user(after))
            }
            (Some(before), Some(after)) if before.crm_user_id == after.crm_user_id => {
                format!("{}: {} → {}", user(after), period(before), period(after))
            }
            (Some(before), Some(after)) => format!("{} → {}", user(before), user(after)),
            _ => shown.map(user).unwrap_or_default(),
        };
        Row {
            what: shown
                .map(|mapping| self.person(mapping.person_id))
                .unwrap_or_default(),
            place: shown
                .map(|mapping| self.place(mapping.connection_id))
                .unwrap_or_default(),
            word,
            tone,
            detail,
        }
    }

    fn matching_settings(
        &self,
        before: Option<&MatchingSettings>,
        after: Option<&MatchingSettings>,
    ) -> Row {
        let rules = |settings: Option<&MatchingSettings>| {
            settings.map(|it| it.rules.clone()).unwrap_or_default()
        };
        let connection = after.or(before).and_then(|it| it.connection_id);
        Row {
            what: "Matching".to_owned(),
            place: connection.map_or_else(|| "Everywhere".to_owned(), |id| self.place(id)),
            word: "settings changed",
            tone: "proposed",
            detail: rules(after).changes_since(&rules(before)).join(", "),
        }
    }

    fn decision(&self, before: Option<&Decision>, after: Option<&Decision>) -> Row {
        let (word, tone) = match (before, after) {
            (None, _) => ("decided", "done"),
            (Some(_), Some(_)) => ("decision changed", "proposed"),
            (Some(_), None) => ("decision withdrawn", "look"),
        };
        let Some(shown) = after.or(before) else {
            return Row {
                what: String::new(),
                place: String::new(),
                word,
                tone,
                detail: String::new(),
            };
        };
        let place = self.place(shown.connection_id);
        let user = |id: &CrmUserId| self.user(shown.connection_id, id);
        let (what, mut detail) = match &shown.kind {
            DecisionKind::NotThisPair {
                person_id,
                crm_user_id,
            } => (
                self.person(*person_id),
                format!("is not {}", user(crm_user_id)),
            ),
            DecisionKind::NoAccount { person_id } => {
                (self.person(*person_id), "has no account there".to_owned())
            }
            DecisionKind::NotAPerson { crm_user_id } => {
                (user(crm_user_id), "is not a person".to_owned())
            }
            DecisionKind::SharedSeat { crm_user_id } => {
                (user(crm_user_id), "is a shared seat".to_owned())
            }
        };
        if let Some(reason) = &shown.reason {
            detail = format!("{detail}: {reason}");
        }
        Row {
            what,
            place,
            word,
            tone,
            detail,
        }
    }
}

fn person(before: Option<&Person>, after: Option<&Person>) -> Row {
    let (word, tone) = match (before, after) {
        (Some(before), Some(after)) if before.active && !after.active => ("left", "look"),
        (Some(before), Some(after)) if !before.active && after.active => ("came back", "done"),
        _ => verb(before.is_some(), after.is_some()),
    };
    let name = |person: &Person| person.profile.display_name.clone();
    let renamed = match (before, after) {
        (Some(before), Some(after)) if name(before) != name(after) => {
            format!("was {}", name(before))
        }
        _ => String::new(),
    };
    let shown = after.or(before);
    let emails = shown
        .map(|person| person.profile.emails.join(", "))
        .filter(|emails| !emails.is_empty());
    let detail: Vec<String> = [Some(renamed).filter(|text| !text.is_empty()), emails]
        .into_iter()
        .flatten()
        .collect();
    Row {
        what: shown.map(name).unwrap_or_default(),
        place: "People".to_owned(),
        word,
        tone,
        detail: detail.join(", "),
    }
}
