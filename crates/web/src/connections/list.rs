//! `/o/{organization}/connections`: what is connected, and how it is.

use askama::Template;
use counterpart_model::{Environment, Situation};

use super::form::waits_for_consent;
use super::show::WAITS;
use crate::problem::Answer;
use crate::providers::Provider;
use crate::session::Portal;
use crate::shell::{Place, Shell, show as show_page};
use crate::times::Moment;
use crate::words::{self, Tone, count, grouped};

#[derive(Template)]
#[template(path = "connections/list.html")]
struct Page {
    shell: Shell,
    base: String,
    sentence: String,
    rows: Vec<Row>,
    may_edit: bool,
}

struct Row {
    path: String,
    name: String,
    provider: Provider,
    sandbox: bool,
    word: &'static str,
    tone: Tone,
    detail: String,
    mapped: String,
    synced: Option<Moment>,
}

/// `GET /o/{organization}/connections`
pub(super) async fn show(portal: Portal) -> Answer {
    let overview = portal.service.overview(&portal.actor, None).await?;
    let base = portal.path("/connections");
    let connections = portal.service.list_connections(&portal.actor).await?;
    let sentence = match connections.len() as u64 {
        0 => "Nothing is connected yet.".to_owned(),
        number => format!("{}.", count(number, "connection", "connections")),
    };
    let rows = connections
        .into_iter()
        .map(|connection| {
            let (word, tone) = if waits_for_consent(&portal.service, &connection) {
                WAITS
            } else {
                words::connection(connection.health.state)
            };
            let mapped = overview
                .connections
                .iter()
                .find(|counts| counts.connection.id == connection.id)
                .map(|counts| {
                    format!(
                        "{} of {} mapped, {} {}",
                        grouped(counts.in_situation(Situation::Mapped)),
                        grouped(counts.total()),
                        grouped(counts.crm_users.usable),
                        Provider::named(&portal.service, &connection.provider).users,
                    )
                })
                .unwrap_or_default();
            Row {
                path: format!("{base}/{}", connection.id),
                provider: Provider::named(&portal.service, &connection.provider),
                sandbox: connection.environment == Environment::Sandbox,
                name: connection.name,
                word,
                tone,
                detail: words::sentence(connection.health.detail.as_deref().unwrap_or_default()),
                mapped,
                synced: connection.synced_at.map(|at| portal.times.moment(at)),
            }
        })
        .collect();
    show_page(&Page {
        shell: portal.shell(Place::Connections, "Connections").await?,
        sentence,
        rows,
        may_edit: portal.may_edit(),
        base,
    })
}
