//! `/o/{organization}/connections/new`: choosing what to connect.

use askama::Template;
use counterpart_model::{Role, folding};
use serde::Deserialize;

use crate::problem::Answer;
use crate::providers::Provider;
use crate::request::Asked;
use crate::session::Portal;
use crate::shell::{Place, Shell, show as show_page};

#[derive(Debug, Default, Deserialize)]
pub(super) struct Query {
    #[serde(default)]
    q: String,
}

#[derive(Template)]
#[template(path = "connections/gallery.html")]
struct Page {
    shell: Shell,
    base: String,
    search: String,
    providers: Vec<Shown>,
}

struct Shown {
    provider: Provider,
    changed_since: bool,
}

/// `GET /o/{organization}/connections/new`
pub(super) async fn show(portal: Portal, Asked(query): Asked<Query>) -> Answer {
    portal.actor.require(Role::Admin)?;
    let wanted = folding::fold(&query.q);
    let mut providers: Vec<Shown> = portal
        .service
        .connectors()
        .all()
        .map(|connector| Shown {
            provider: Provider::of(connector.manifest()),
            changed_since: connector
                .capabilities()
                .has(counterpart_connector::Capability::ChangedUsers),
        })
        .filter(|shown| folding::fold(&shown.provider.title).contains(&wanted))
        .collect();
    providers.sort_by_key(|shown| folding::fold(&shown.provider.title));
    show_page(&Page {
        shell: portal.shell(Place::Connections, "Connect a CRM").await?,
        base: portal.path("/connections/new"),
        search: query.q,
        providers,
    })
}
