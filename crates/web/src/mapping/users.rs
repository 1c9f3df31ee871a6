//! `/o/{organization}/mapping/users`: the mapping by CRM user, of whichever connection.

use serde::Deserialize;

use crate::problem::Answer;
use crate::request::{Asked, address};
use crate::session::Portal;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Query {
    connection: String,
    q: String,
    show: String,
}

/// Leads to the CRM users of the connection that is asked for, or of the first one.
pub(super) async fn show(portal: Portal, Asked(query): Asked<Query>) -> Answer {
    let overview = portal.service.overview(&portal.actor, None).await?;
    let ids: Vec<String> = overview
        .connections
        .iter()
        .map(|counts| counts.connection.id.to_string())
        .collect();
    let Some(id) = ids
        .iter()
        .find(|id| **id == query.connection)
        .or(ids.first())
    else {
        return portal.go(&portal.path("/mapping"));
    };
    portal.go(&address(
        &portal.path(&format!("/connections/{id}/users")),
        &[("q", &query.q), ("show", &query.show)],
    ))
}
