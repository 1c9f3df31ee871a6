//! `counterpart webhook`: who is told of what happens.

use clap::Subcommand;
use counterpart_model::webhook::{Attempt, AttemptOutcome};
use counterpart_model::{EventKind, Webhook, WebhookId};
use counterpart_service::webhooks::{NewWebhook, WebhookChange, WebhookInput, WebhookView};
use counterpart_service::{Actor, Result, Service};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};

use crate::cli::Global;
use crate::output::{Ending, Output, table};
use crate::wiring;

/// Who is told of what happens.
#[derive(Debug, Subcommand)]
pub(crate) enum WebhookCommand {
    /// List the webhooks
    List,
    /// Add a webhook; its secret is shown once
    Add {
        /// Where events are to be sent, for example <https://hooks.example.com/counterpart>
        url: String,
        /// What it is for
        #[arg(long, default_value = "added on the command line")]
        name: String,
        /// Which events: mapping.changed, proposal.opened, drift.found or connection.state; may
        /// be repeated; all when left out
        #[arg(long = "event", value_name = "TYPE")]
        events: Vec<EventKind>,
        /// Begin behind this event of the log instead of now
        #[arg(long, value_name = "SEQUENCE")]
        after: Option<u64>,
    },
    /// Send a signed test event and say what the receiver answers
    Test {
        /// Its id, as listed
        id: WebhookId,
    },
    /// Send events again from one on
    Replay {
        /// Its id, as listed
        id: WebhookId,
        /// The sequence of the first event to be sent again
        #[arg(long, value_name = "SEQUENCE")]
        from: u64,
    },
    /// Stop telling for a while; events wait
    Pause {
        /// Its id, as listed
        id: WebhookId,
    },
    /// Go on where it was paused or disabled
    Resume {
        /// Its id, as listed
        id: WebhookId,
    },
    /// Give it another secret, which is shown once; the old one signs as well for a day
    Secret {
        /// Its id, as listed
        id: WebhookId,
    },
    /// Remove a webhook with its delivery log
    Remove {
        /// Its id, as listed
        id: WebhookId,
    },
}

pub(crate) async fn run(
    global: &Global,
    command: WebhookCommand,
    output: Output,
) -> Result<Ending> {
    let service = wiring::service(global).await?;
    let actor = service.operator_in(global.organization.as_deref()).await?;
    match command {
        WebhookCommand::List => list(&service, &actor, output).await?,
        WebhookCommand::Add {
            url,
            name,
            events,
            after,
        } => {
            let input = WebhookInput {
                name,
                url,
                kinds: events,
                after,
            };
            let made = service.create_webhook(&actor, input).await?;
            show_secret(&made, output);
        }
        WebhookCommand::Test { id } => {
            let attempt = service.test_webhook(&actor, id).await?;
            output.result(&attempt, answer_of);
            if attempt.outcome != AttemptOutcome::Delivered {
                return Ok(Ending::Attention);
            }
        }
        WebhookCommand::Replay { id, from } => {
            let view = service.replay_webhook(&actor, id, from).await?;
            let behind = view.behind;
            output.note(format!(
                "{behind} events are looked at again from {from} on; a running server sends them"
            ));
        }
        WebhookCommand::Pause { id } => switch(&service, &actor, id, false, output).await?,
        WebhookCommand::Resume { id } => switch(&service, &actor, id, true, output).await?,
        WebhookCommand::Secret { id } => {
            let made = service.rotate_webhook_secret(&actor, id).await?;
            show_secret(&made, output);
        }
        WebhookCommand::Remove { id } => {
            service.remove_webhook(&actor, id).await?;
            output.note(format!("webhook {id} is removed"));
        }
    }
    Ok(Ending::Done)
}

async fn list(service: &Service, actor: &Actor, output: Output) -> Result<()> {
    let views = service.list_webhooks(actor).await?;
    let shown: Vec<Value> = views.iter().map(shown).collect();
    output.result(&shown, |_| {
        let rows: Vec<Vec<String>> = views
            .iter()
            .map(|view| {
                let webhook = &view.webhook;
                vec![
                    webhook.id.to_string(),
                    webhook.name.clone(),
                    webhook.state.as_str().to_owned(),
                    webhook.cursor.to_string(),
                    view.behind.to_string(),
                    kinds(webhook).join(" "),
                ]
            })
            .collect();
        let head = ["ID", "FOR", "STATE", "CURSOR", "BEHIND", "EVENTS"];
        table(&head, &rows)
    });
    Ok(())
}

fn kinds(webhook: &Webhook) -> Vec<&'static str> {
    webhook.kinds.iter().map(|kind| kind.as_str()).collect()
}

/// A webhook as JSON, without its secret.
fn shown(view: &WebhookView) -> Value {
    let webhook = &view.webhook;
    json!({
        "id": webhook.id,
        "name": webhook.name,
        "url": webhook.url,
        "types": kinds(webhook),
        "state": webhook.state,
        "disabled_because": webhook.disabled_because,
        "cursor": webhook.cursor,
        "behind": view.behind,
        "failed_attempts": webhook.failed_attempts,
    })
}

fn show_secret(made: &NewWebhook, output: Output) {
    let secret = made.secret.expose_secret();
    let shown = json!({"id": made.webhook.id, "secret": secret});
    output.note(format!(
        "webhook {}; its secret, which nobody can show again:",
        made.webhook.id
    ));
    output.result(&shown, |_| secret.to_owned());
}

fn answer_of(attempt: &Attempt) -> String {
    match attempt.status {
        Some(status) => format!("{status} {}", attempt.answer),
        None => attempt.answer.clone(),
    }
}

async fn switch(
    service: &Service,
    actor: &Actor,
    id: WebhookId,
    active: bool,
    output: Output,
) -> Result<()> {
    let change = WebhookChange {
        active: Some(active),
        ..WebhookChange::default()
    };
    let webhook = service.change_webhook(actor, id, change).await?;
    let word = webhook.state.as_str();
    output.note(format!("webhook {} is {word}", webhook.name));
    Ok(())
}
