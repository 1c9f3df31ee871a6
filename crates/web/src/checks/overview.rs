//! `/o/{organization}/checks`: the usual troubles, and the newest check of each connection.

use std::collections::HashMap;

use askama::Template;
use counterpart_model::{ConnectionId, PageRequest, Role, SystemCheck};
use counterpart_store::checks::{CheckQuery, CheckSubject};

use super::findings::{FindingView, summary, summary_of, tone, views, word};
use crate::problem::{Answer, Problem};
use crate::session::Portal;
use crate::shell::{Place, Shell, show as show_page};
use crate::times::Moment;
use crate::words::Tone;

#[derive(Template)]
#[template(path = "checks/overview.html")]
struct Page {
    shell: Shell,
    lead: String,
    troubles: Vec<FindingView>,
    connections: Vec<Row>,
    may_edit: bool,
}

/// A connection and its newest check.
struct Row {
    name: String,
    /// The connection's page.
    path: String,
    newest: Option<NewestCheck>,
}

/// What the newest check of a connection came to.
pub(crate) struct NewestCheck {
    /// Its page.
    pub(crate) path: String,
    pub(crate) at: Moment,
    pub(crate) summary: String,
    pub(crate) word: &'static str,
    pub(crate) tone: Tone,
}

impl NewestCheck {
    fn new(portal: &Portal, check: &SystemCheck) -> Self {
        let (connection, id) = (check.connection_id, check.id);
        Self {
            path: portal.path(&format!("/connections/{connection}/checks/{id}")),
            at: portal.times.moment(check.started_at),
            summary: summary(check),
            word: word(check.result),
            tone: tone(check.result),
        }
    }
}

/// The newest check of a connection itself.
pub(crate) async fn newest(
    portal: &Portal,
    connection: ConnectionId,
) -> Result<Option<NewestCheck>, Problem> {
    let query = CheckQuery {
        connection_id: Some(connection),
        subject: CheckSubject::Connection,
    };
    let page = PageRequest::first(1);
    let found = portal
        .service
        .list_system_checks(&portal.actor, &query, &page)
        .await?;
    let newest = found.items.first();
    Ok(newest.map(|check| NewestCheck::new(portal, check)))
}

/// `GET /o/{organization}/checks`
pub(super) async fn show(portal: Portal) -> Answer {
    portal.actor.require(Role::Admin)?;
    let (service, actor) = (&portal.service, &portal.actor);
    let troubles = service.find_troubles(actor).await?;
    let mut newest: HashMap<ConnectionId, _> = service
        .newest_system_checks(actor)
        .await?
        .into_iter()
        .map(|check| (check.connection_id, check))
        .collect();
    let connections = service.list_connections(actor).await?;
    let rows = connections.into_iter().map(|connection| {
        let path = portal.path(&format!("/connections/{}", connection.id));
        let check = newest.remove(&connection.id);
        let newest = check.map(|check| NewestCheck::new(&portal, &check));
        Row {
            name: connection.name,
            path,
            newest,
        }
    });
    let rows = rows.collect();
    show_page(&Page {
        shell: portal.shell(Place::Connections, "Checks").await?,
        lead: summary_of(&troubles),
        troubles: views(&portal, troubles),
        connections: rows,
        may_edit: portal.may_edit(),
    })
}
