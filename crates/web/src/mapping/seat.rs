//! A person in one connection, as a cell of the grid: what is true, then what to do.

use askama::Template;
use counterpart_model::{ConnectionId, Draft, DraftEdit, Drift, Person, PersonId, Situation};
use counterpart_service::mapping::Names;
use counterpart_store::grid::{CellUser, GridCell};

use super::accept::written;
use crate::providers::Provider;
use crate::request::address;
use crate::words::{Tone, drift_cause, drift_tone, percent, sentence};

/// A cell of the grid.
#[derive(Template)]
#[template(path = "mapping/seat.html")]
pub(crate) struct Seat {
    /// Whose it is, and where.
    place: (ConnectionId, PersonId),
    /// Where its verbs are.
    pub(crate) path: String,
    /// Its id in the page.
    pub(crate) id: String,
    /// The id of the place where the person's reasons are shown.
    pub(crate) why_id: String,
    /// Where its CRM user is handed over; empty when it has none.
    pub(crate) hand_over: String,
    /// Who, for the labels of buttons.
    pub(crate) person: String,
    /// What the provider calls a user, with its article.
    pub(crate) a_user: String,
    pub(crate) situation: Situation,
    pub(crate) user: Option<CellUser>,
    /// How likely the proposal is, in percent.
    pub(crate) likely: u8,
    pub(crate) candidates: u64,
    /// Why the mapping may be true no longer.
    pub(crate) drift: Option<Drifting>,
    pub(crate) drafted: Option<Drafted>,
    pub(crate) may_edit: bool,
}

/// Why a mapping may be true no longer, and where that is put right.
pub(crate) struct Drifting {
    pub(crate) word: &'static str,
    pub(crate) tone: Tone,
    pub(crate) detail: String,
    pub(crate) path: String,
}

impl Drifting {
    /// What is known of a drift. `base` is where the organization's pages are.
    pub(crate) fn of(base: &str, drift: &Drift) -> Self {
        Self {
            word: drift_cause(drift.cause),
            tone: drift_tone(drift.cause.severity()),
            detail: sentence(&drift.detail),
            path: format!("{base}/drift?mapping={}", drift.mapping_id),
        }
    }
}

/// What a draft wants of a cell.
pub(crate) struct Drafted {
    /// What will be true, in a few words.
    pub(crate) word: &'static str,
    pub(crate) tone: Tone,
    /// The CRM user's name and id, where it names one.
    pub(crate) user: Option<(String, String)>,
    /// Whether that user is to be struck out.
    pub(crate) away: bool,
}

impl Seat {
    /// The cell of `person` in `connection`. `base` is where the organization's pages are.
    pub(crate) fn new(
        base: &str,
        person: &Person,
        (connection, provider): (ConnectionId, &Provider),
        cell: Option<&GridCell>,
        drafted: Option<Drafted>,
        may_edit: bool,
    ) -> Self {
        Self {
            place: (connection, person.id),
            path: format!("{base}/mapping/{connection}/{}", person.id),
            id: format!("seat-{connection}-{}", person.id),
            why_id: why_id(person.id),
            hand_over: cell
                .and_then(|cell| cell.crm_user.as_ref())
                .map(|user| hand_over_path(base, connection, &user.id.0))
                .unwrap_or_default(),
            person: person.profile.display_name.clone(),
            a_user: provider.a_user(),
            situation: cell.map_or(Situation::Unmapped, |cell| cell.situation),
            user: cell.and_then(|cell| cell.crm_user.clone()),
            likely: cell.and_then(|cell| cell.score).map_or(0, percent),
            candidates: cell.map_or(0, |cell| cell.candidates),
            drift: None,
            drafted,
            may_edit,
        }
    }

    /// The same cell with what is known of its drift.
    #[must_use]
    pub(crate) fn drifting(mut self, base: &str, drift: Option<&Drift>) -> Self {
        self.drift = drift.map(|drift| Drifting::of(base, drift));
        self
    }

    /// Whether somebody should look at it, and has not yet.
    fn needs(&self) -> bool {
        self.drafted.is_none() && self.situation.needs_somebody()
    }

    /// What accepting the shown proposals together sends for this one, where it is one.
    pub(super) fn proposed(&self) -> Option<String> {
        let open = self.may_edit && self.drafted.is_none();
        let user = self
            .user
            .as_ref()
            .filter(|_| open && self.situation == Situation::Proposed)?;
        Some(written(self.place.0, self.place.1, &user.id))
    }

    /// Whether the last full sync no longer found its CRM user.
    fn missing(&self) -> bool {
        self.user.as_ref().is_some_and(|user| user.missing)
    }
}

/// Where a CRM user is handed over to somebody else.
pub(crate) fn hand_over_path(base: &str, connection: ConnectionId, user: &str) -> String {
    let connection = connection.to_string();
    address(
        &format!("{base}/mapping/hand-over"),
        &[("connection", &connection), ("crm_user", user)],
    )
}

/// The id of the place where a person's reasons are shown.
pub(crate) fn why_id(person: PersonId) -> String {
    format!("why-{person}")
}

impl Drafted {
    /// What `draft` wants, with the names of the CRM users it is about.
    pub(crate) fn of(draft: &Draft, cell: Option<&GridCell>, names: &Names) -> Self {
        let user_of = |id: &counterpart_model::CrmUserId| {
            let name = names.crm_users.get(&(draft.connection_id, id.clone()));
            (name.cloned().unwrap_or_else(|| id.0.clone()), id.0.clone())
        };
        let standing = || {
            cell.filter(|cell| cell.mapping.is_some())
                .and_then(|cell| cell.crm_user.as_ref())
                .map(|user| (user.display_name.clone(), user.id.0.clone()))
        };
        match &draft.edit {
            DraftEdit::Map { crm_user_id, .. } => Self {
                word: "will be mapped",
                tone: "done",
                user: Some(user_of(crm_user_id)),
                away: false,
            },
            DraftEdit::Unmap => Self {
                word: "will be removed",
                tone: "look",
                user: standing(),
                away: true,
            },
            DraftEdit::NoAccount { .. } => Self {
                word: "no account, once saved",
                tone: "calm",
                user: standing(),
                away: true,
            },
            DraftEdit::HasAccount => Self {
                word: "will be looked for again",
                tone: "proposed",
                user: None,
                away: false,
            },
            DraftEdit::Reject { crm_user_id } => Self {
                word: "not this one, once saved",
                tone: "look",
                user: Some(user_of(crm_user_id)),
                away: true,
            },
        }
    }
}
