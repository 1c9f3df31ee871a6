//! `/o/{organization}/connections/{connection}/absence`: why is somebody not here?

use askama::Template;
use counterpart_model::{ConnectionId, OrganizationId, Role};
use serde::Deserialize;

use super::findings::{FindingView, views};
use crate::problem::Answer;
use crate::request::{Asked, At};
use crate::session::Portal;
use crate::shell::{Place, Shell, show as show_page};

#[derive(Debug, Default, Deserialize)]
pub(super) struct Query {
    /// Who is looked for.
    #[serde(default)]
    user: String,
}

#[derive(Template)]
#[template(path = "checks/absence.html")]
struct Page {
    shell: Shell,
    connection: String,
    path: String,
    user: String,
    findings: Vec<FindingView>,
}

/// `GET /o/{organization}/connections/{connection}/absence`
pub(super) async fn show(
    portal: Portal,
    At((_, id)): At<(OrganizationId, ConnectionId)>,
    Asked(query): Asked<Query>,
) -> Answer {
    portal.actor.require(Role::Admin)?;
    let (service, actor) = (&portal.service, &portal.actor);
    let connection = service.connection_view(actor, id).await?.connection;
    let user = query.user.trim().to_owned();
    let found = if user.is_empty() {
        Vec::new()
    } else {
        service.explain_absence(actor, id, &user).await?
    };
    let title = format!("Who is missing in {}", connection.name);
    show_page(&Page {
        shell: portal.shell(Place::Connections, &title).await?,
        connection: connection.name,
        path: portal.path(&format!("/connections/{id}")),
        user,
        findings: views(&portal, found),
    })
}
