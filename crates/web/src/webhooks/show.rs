//! `/o/{organization}/settings/webhooks/{webhook}`: how it goes, attempt by attempt.

use askama::Template;
use axum::http::StatusCode;
use counterpart_model::webhook::{Attempt, AttemptOutcome};
use counterpart_model::{OrganizationId, WebhookId, WebhookState};
use counterpart_service::webhooks::WebhookView;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::{Choice, Input, behind_words, choices, state_word};
use crate::form::FormProblems;
use crate::paging::{Paging, page_after};
use crate::problem::Answer;
use crate::request::{Asked, At};
use crate::session::Portal;
use crate::shell::{Place, Shell, show_with};
use crate::times::Moment;
use crate::words::Tone;

const ROWS: u32 = 50;

#[derive(Debug, Default, Deserialize)]
pub(super) struct Query {
    #[serde(default)]
    after: String,
}

#[derive(Template)]
#[template(path = "webhooks/show.html")]
struct Page {
    shell: Shell,
    list: String,
    path: String,
    name: String,
    url: String,
    types: Vec<&'static str>,
    word: &'static str,
    tone: Tone,
    active: bool,
    because: Option<String>,
    behind: String,
    cursor: u64,
    next_at: Option<Moment>,
    old_secret_until: Option<Moment>,
    attempts: Vec<Line>,
    paging: Paging,
    version: u64,
    input: Input,
    choices: Vec<Choice>,
    form: FormProblems,
    said: Said,
}

/// What a form on the page has just said.
#[derive(Default)]
pub(super) struct Said {
    pub(super) done: Option<String>,
    /// A secret that was just made. It is shown this once.
    pub(super) secret: Option<SecretString>,
    pub(super) replay: FormProblems,
    /// What was typed into the form that changes it, and what is wrong with that.
    pub(super) change: Option<(Input, FormProblems)>,
}

impl Said {
    fn secret_text(&self) -> Option<&str> {
        self.secret.as_ref().map(ExposeSecret::expose_secret)
    }
}

struct Line {
    what: String,
    at: Moment,
    word: &'static str,
    tone: Tone,
    answer: String,
    next: Option<Moment>,
}

/// `GET /o/{organization}/settings/webhooks/{webhook}`
pub(super) async fn show(
    portal: Portal,
    At((_, id)): At<(OrganizationId, WebhookId)>,
    Asked(query): Asked<Query>,
) -> Answer {
    page(&portal, StatusCode::OK, id, &query, Said::default()).await
}

/// The page with what one of its forms has just said.
pub(super) async fn page(
    portal: &Portal,
    status: StatusCode,
    id: WebhookId,
    query: &Query,
    mut said: Said,
) -> Answer {
    let WebhookView { webhook, behind } = portal.service.webhook(&portal.actor, id).await?;
    let request = page_after(&query.after, ROWS);
    let found = portal
        .service
        .list_webhook_attempts(&portal.actor, id, &request)
        .await?;
    let list = portal.path("/settings/webhooks");
    let path = format!("{list}/{id}");
    let (word, tone) = state_word(webhook.state, webhook.failed_attempts);
    let active = webhook.state == WebhookState::Active;
    let repeats = active && webhook.failed_attempts > 0;
    let old = webhook
        .old_secret
        .filter(|old| old.until > portal.service.now());
    let attempts = found.items.into_iter();
    let (input, form) = said.change.take().unwrap_or_else(|| {
        let input = Input {
            name: webhook.name.clone(),
            url: webhook.url.clone(),
            types: webhook.kinds.clone(),
            version: None,
        };
        (input, FormProblems::default())
    });
    let page = Page {
        shell: portal.shell(Place::Settings, &webhook.name).await?,
        paging: Paging::new(&path, &[], &query.after, found.next),
        list,
        path,
        name: webhook.name,
        url: webhook.url,
        types: webhook.kinds.iter().map(|kind| kind.as_str()).collect(),
        word,
        tone,
        active,
        because: webhook.disabled_because,
        behind: behind_words(behind),
        cursor: webhook.cursor,
        next_at: repeats.then(|| portal.times.moment(webhook.next_at)),
        old_secret_until: old.map(|old| portal.times.moment(old.until)),
        attempts: attempts.map(|attempt| line(portal, attempt)).collect(),
        version: webhook.version,
        choices: choices(&input.types),
        input,
        form,
        said,
    };
    show_with(status, &page)
}

fn line(portal: &Portal, attempt: Attempt) -> Line {
    let (word, tone) = match attempt.outcome {
        AttemptOutcome::Delivered => ("delivered", "done"),
        AttemptOutcome::Failed => ("failed", "look"),
        AttemptOutcome::GivenUp => ("given up", "broken"),
    };
    let what = match (attempt.sequence, attempt.kind) {
        (Some(sequence), Some(kind)) => format!("{sequence} {kind}"),
        _ => "test".to_owned(),
    };
    let answer = match attempt.status {
        Some(status) => format!("{status} {}", attempt.answer),
        None => attempt.answer,
    };
    Line {
        what,
        at: portal.times.moment(attempt.at),
        word,
        tone,
        answer,
        next: attempt.next_at.map(|at| portal.times.moment(at)),
    }
}
