//! `/o/{organization}/settings/webhooks`: the webhooks, and adding one.

use askama::Template;
use axum::http::StatusCode;
use counterpart_model::{EventKind, Role, WebhookId};
use counterpart_service::webhooks::WebhookInput;
use secrecy::{ExposeSecret as _, SecretString};

use super::{Choice, Input, behind_words, choices, state_word};
use crate::form::FormProblems;
use crate::problem::{Answer, status};
use crate::request::Sent;
use crate::session::Portal;
use crate::shell::{Place, Shell, show_with};
use crate::words::Tone;

#[derive(Template)]
#[template(path = "webhooks/list.html")]
struct Page {
    shell: Shell,
    settings: String,
    base: String,
    rows: Vec<Row>,
    input: Input,
    choices: Vec<Choice>,
    form: FormProblems,
    /// The name and secret of one that was just made. It is shown this once.
    made: Option<(String, SecretString)>,
}

struct Row {
    id: WebhookId,
    name: String,
    host: String,
    types: String,
    word: &'static str,
    tone: Tone,
    behind: String,
}

impl Page {
    fn secret_text(&self) -> Option<(&str, &str)> {
        let (name, secret) = self.made.as_ref()?;
        Some((name, secret.expose_secret()))
    }
}

/// `GET /o/{organization}/settings/webhooks`
pub(super) async fn show(portal: Portal) -> Answer {
    let input = Input {
        types: EventKind::ALL.to_vec(),
        ..Input::default()
    };
    page(
        &portal,
        StatusCode::OK,
        input,
        FormProblems::default(),
        None,
    )
    .await
}

/// `POST /o/{organization}/settings/webhooks`
pub(super) async fn create(portal: Portal, Sent(input): Sent<Input>) -> Answer {
    portal.actor.require(Role::Admin)?;
    let wanted = WebhookInput {
        name: input.name.clone(),
        url: input.url.clone(),
        kinds: input.kinds(),
        after: None,
    };
    match portal.service.create_webhook(&portal.actor, wanted).await {
        Ok(made) => {
            let made = Some((made.webhook.name, made.secret));
            let (input, form) = (Input::default(), FormProblems::default());
            page(&portal, StatusCode::OK, input, form, made).await
        }
        Err(error) => match FormProblems::of(&error) {
            Some(form) => page(&portal, status(&error), input, form, None).await,
            None => Err(error.into()),
        },
    }
}

async fn page(
    portal: &Portal,
    status: StatusCode,
    input: Input,
    form: FormProblems,
    made: Option<(String, SecretString)>,
) -> Answer {
    let views = portal.service.list_webhooks(&portal.actor).await?;
    let rows = views.into_iter().map(|view| {
        let webhook = view.webhook;
        let (word, tone) = state_word(webhook.state, webhook.failed_attempts);
        let types: Vec<&str> = webhook.kinds.iter().map(|kind| kind.as_str()).collect();
        Row {
            id: webhook.id,
            name: webhook.name,
            host: host_of(&webhook.url),
            types: types.join(", "),
            word,
            tone,
            behind: behind_words(view.behind),
        }
    });
    let page = Page {
        shell: portal.shell(Place::Settings, "Webhooks").await?,
        settings: portal.path("/settings"),
        base: portal.path("/settings/webhooks"),
        rows: rows.collect(),
        choices: choices(&input.types),
        input,
        form,
        made,
    };
    show_with(status, &page)
}

/// The host of an address: what stands behind it may be a secret.
fn host_of(url: &str) -> String {
    let parsed = url::Url::parse(url).ok();
    let host = parsed.as_ref().and_then(|url| url.host_str());
    host.unwrap_or(url).to_owned()
}
