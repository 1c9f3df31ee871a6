//! Finding people and CRM users by what somebody types: for the type-ahead, and for pages.

use askama::Template;
use counterpart_model::{ConnectionId, CrmUserId, PageRequest, Person};
use counterpart_service::mapping::{GridRequest, PivotRow, Standing};
use counterpart_store::crm_users::CrmUserQuery;
use serde::Deserialize;

use crate::problem::{Answer, Problem};
use crate::request::Asked;
use crate::session::Portal;
use crate::shell::show as show_page;
use crate::words::{crm_user_kind, crm_user_state};

/// How many are offered.
const OFFERED: u32 = 12;

/// Somebody who can be chosen.
pub(crate) struct Known {
    /// What leads to them alone.
    pub(crate) key: String,
    pub(crate) name: String,
    /// Address or the like.
    pub(crate) line: String,
    /// Who or what they are mapped to now.
    pub(crate) mapped: Option<String>,
    /// What is wrong with the account.
    pub(crate) state: Option<&'static str>,
    pub(crate) kind: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "mapping/known.html")]
struct Options {
    found: Vec<Known>,
    search: String,
    more: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Query {
    connection: String,
    q: String,
}

/// `GET /o/{organization}/mapping/people-options`: people for the type-ahead, with whom each is
/// mapped to in the connection.
pub(super) async fn people(portal: Portal, Asked(query): Asked<Query>) -> Answer {
    let request = GridRequest {
        search: query.q.clone(),
        connection_id: query.connection.parse().ok(),
        ..GridRequest::default()
    };
    let page = PageRequest::first(OFFERED);
    let found = portal.service.grid(&portal.actor, &request, &page).await?;
    let more = found.rows.next.is_some();
    let rows = found.rows.items.into_iter();
    let found = rows
        .map(|row| {
            let cell = row.cells.iter().find(|cell| cell.mapping.is_some());
            let user = cell.and_then(|cell| cell.crm_user.as_ref());
            Known {
                mapped: user.map(|user| user.display_name.clone()),
                ..known_person(&row.person)
            }
        })
        .collect();
    show_page(&Options {
        found,
        search: query.q,
        more,
    })
}

/// `GET /o/{organization}/mapping/user-options`: CRM users of a connection for the type-ahead.
pub(super) async fn users(portal: Portal, Asked(query): Asked<Query>) -> Answer {
    let (found, more) = match query.connection.parse() {
        Ok(connection) => users_found(&portal, connection, &query.q).await?,
        Err(_) => (Vec::new(), false),
    };
    show_page(&Options {
        found,
        search: query.q,
        more,
    })
}

/// People whom a text may mean.
pub(super) async fn people_like(portal: &Portal, text: &str) -> Result<Vec<Known>, Problem> {
    let page = PageRequest::first(OFFERED);
    let (found, _) = portal
        .service
        .list_people(&portal.actor, text, Some(true), &page)
        .await?;
    Ok(found.items.iter().map(known_person).collect())
}

/// CRM users whom a text may mean.
pub(super) async fn users_like(
    portal: &Portal,
    connection: ConnectionId,
    text: &str,
) -> Result<Vec<Known>, Problem> {
    Ok(users_found(portal, connection, text).await?.0)
}

async fn users_found(
    portal: &Portal,
    connection: ConnectionId,
    text: &str,
) -> Result<(Vec<Known>, bool), Problem> {
    let filter = CrmUserQuery {
        // Somebody who types wants to find, also whom nobody should be mapped to any more.
        usable_only: text.trim().is_empty(),
        ..CrmUserQuery::default()
    };
    let page = PageRequest::first(OFFERED);
    let found = portal
        .service
        .pivot(&portal.actor, connection, text, &filter, &page)
        .await?;
    let more = found.next.is_some();
    let known = found.items.iter();
    let known = known
        .map(|row| known_user(Some(row), &row.crm_user.id))
        .collect();
    Ok((known, more))
}

/// A person by what leads to them alone: external id, address or id.
pub(super) fn known_person(person: &Person) -> Known {
    let profile = &person.profile;
    let email = profile.emails.first();
    Known {
        key: person
            .external_id
            .as_ref()
            .or(email)
            .cloned()
            .unwrap_or_else(|| person.id.to_string()),
        name: profile.display_name.clone(),
        line: email
            .or(profile.department.as_ref())
            .cloned()
            .unwrap_or_default(),
        mapped: None,
        state: (!person.active).then_some("left"),
        kind: None,
    }
}

/// A CRM user with whom it is now.
pub(super) fn known_user(row: Option<&PivotRow>, id: &CrmUserId) -> Known {
    let Some(row) = row else {
        return Known {
            key: id.0.clone(),
            name: id.0.clone(),
            line: String::new(),
            mapped: None,
            state: Some("never synced"),
            kind: None,
        };
    };
    let user = &row.crm_user;
    let profile = &user.profile;
    let held = row
        .seats
        .iter()
        .find(|seat| matches!(seat.standing, Standing::Mapped { .. }));
    Known {
        key: user.id.0.clone(),
        name: profile.display_name.clone(),
        line: profile
            .emails
            .first()
            .or(profile.username.as_ref())
            .cloned()
            .unwrap_or_default(),
        mapped: held.map(|seat| seat.person.profile.display_name.clone()),
        state: crm_user_state(profile.state, user.gone_since.is_some()),
        kind: crm_user_kind(profile.kind),
    }
}
