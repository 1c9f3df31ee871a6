//! `/o/{organization}/connections/{connection}/missing`: who is missing on which side, before
//! anything is mapped.

use askama::Template;
use counterpart_model::{ConnectionId, OrganizationId, Situation};
use counterpart_service::mapping::GridRequest;
use serde::Deserialize;

use crate::paging::{Paging, page_after};
use crate::problem::Answer;
use crate::providers::Provider;
use crate::request::{Asked, At};
use crate::session::Portal;
use crate::shell::{Place, Shell, show as show_page};

const ROWS: u32 = 50;

#[derive(Debug, Default, Deserialize)]
pub(super) struct Query {
    /// Behind which person to go on.
    #[serde(default)]
    after: String,
}

#[derive(Template)]
#[template(path = "connections/missing.html")]
struct Page {
    shell: Shell,
    connection_path: String,
    connection: String,
    provider: Provider,
    people: Vec<Missing>,
    paging: Paging,
    strangers: Vec<Stranger>,
    more_strangers: bool,
    may_edit: bool,
}

/// A person without an account there.
struct Missing {
    name: String,
    line: String,
    path: String,
    seat: String,
    drafted: bool,
}

/// A CRM user that is nobody's.
struct Stranger {
    id: String,
    name: String,
    line: String,
}

/// `GET /o/{organization}/connections/{connection}/missing`
pub(super) async fn show(
    portal: Portal,
    At((_, id)): At<(OrganizationId, ConnectionId)>,
    Asked(query): Asked<Query>,
) -> Answer {
    let view = portal.service.connection_view(&portal.actor, id).await?;
    let request = GridRequest {
        situations: vec![Situation::Unmapped],
        connection_id: Some(id),
        ..GridRequest::default()
    };
    let page = page_after(&query.after, ROWS);
    let grid = portal.service.grid(&portal.actor, &request, &page).await?;
    let first = page_after("", ROWS);
    let strangers = portal
        .service
        .list_strangers(&portal.actor, id, "", &first)
        .await?;
    let people = grid
        .rows
        .items
        .into_iter()
        .map(|row| Missing {
            path: portal.path(&format!("/people/{}", row.person.id)),
            seat: portal.path(&format!("/mapping/{id}/{}", row.person.id)),
            drafted: grid.drafts.contains_key(&(id, row.person.id)),
            line: row
                .person
                .profile
                .emails
                .into_iter()
                .next()
                .unwrap_or_default(),
            name: row.person.profile.display_name,
        })
        .collect();
    let connection_path = portal.path(&format!("/connections/{id}"));
    let title = format!("Missing in {}", view.connection.name);
    let mut shell = portal.shell(Place::Connections, &title).await?;
    shell.with_bar = true;
    show_page(&Page {
        shell,
        provider: Provider::named(&portal.service, &view.connection.provider),
        connection: view.connection.name,
        people,
        paging: Paging::new(
            &format!("{connection_path}/missing"),
            &[],
            &query.after,
            grid.rows.next,
        ),
        more_strangers: strangers.next.is_some(),
        strangers: strangers
            .items
            .into_iter()
            .map(|user| Stranger {
                id: user.id.0,
                line: user.profile.emails.into_iter().next().unwrap_or_default(),
                name: user.profile.display_name,
            })
            .collect(),
        connection_path,
        may_edit: portal.may_edit(),
    })
}
