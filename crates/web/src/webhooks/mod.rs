//! Who is told of events: *Settings → Webhooks*.

use axum::Router;
use axum::routing::{get, post};
use counterpart_model::{EventKind, WebhookState};
use serde::Deserialize;

use crate::App;
use crate::words::Tone;

mod list;
mod show;
mod verbs;

pub(crate) fn routes() -> Router<App> {
    const ONE: &str = "/o/{organization}/settings/webhooks/{webhook}";
    Router::new()
        .route(
            "/o/{organization}/settings/webhooks",
            get(list::show).post(list::create),
        )
        .route(ONE, get(show::show).post(verbs::change))
        .route(&format!("{ONE}/test"), post(verbs::test))
        .route(&format!("{ONE}/pause"), post(verbs::pause))
        .route(&format!("{ONE}/resume"), post(verbs::resume))
        .route(&format!("{ONE}/replay"), post(verbs::replay))
        .route(&format!("{ONE}/secret"), post(verbs::rotate))
        .route(&format!("{ONE}/remove"), post(verbs::remove))
}

/// What the form of a webhook asks for.
#[derive(Debug, Default, Deserialize)]
struct Input {
    #[serde(default)]
    name: String,
    #[serde(default)]
    url: String,
    /// All of them when nothing is ticked.
    #[serde(default)]
    types: Vec<EventKind>,
    /// The version that was seen, of one that is changed.
    #[serde(default)]
    version: Option<u64>,
}

impl Input {
    fn kinds(&self) -> Vec<EventKind> {
        if self.types.is_empty() {
            EventKind::ALL.to_vec()
        } else {
            self.types.clone()
        }
    }
}

/// A type of event to tick.
struct Choice {
    kind: EventKind,
    about: &'static str,
    chosen: bool,
}

/// Every type of event, ticked when `chosen` holds it.
fn choices(chosen: &[EventKind]) -> Vec<Choice> {
    let about = |kind| match kind {
        EventKind::MappingChanged => "a mapping was made, changed or removed",
        EventKind::ProposalOpened => "the matcher suggests somebody new",
        EventKind::DriftFound => "a mapping may no longer be true",
        EventKind::ConnectionState => "a connection broke, recovered or waits",
    };
    let choices = EventKind::ALL.map(|kind| Choice {
        kind,
        about: about(kind),
        chosen: chosen.contains(&kind),
    });
    choices.into()
}

/// A state as a word, and how it looks. One that repeats an attempt is in trouble.
fn state_word(state: WebhookState, failed_attempts: u32) -> (&'static str, Tone) {
    match state {
        WebhookState::Active if failed_attempts > 0 => ("tries again", "look"),
        WebhookState::Active => ("active", "done"),
        WebhookState::Paused => ("paused", "calm"),
        WebhookState::Disabled => ("disabled", "broken"),
    }
}

/// How far behind a webhook is, in words.
fn behind_words(behind: u64) -> String {
    match behind {
        0 => "up to date".to_owned(),
        behind => format!(
            "{} to look at",
            crate::words::count(behind, "event", "events")
        ),
    }
}
