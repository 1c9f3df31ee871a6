//! The verbs of a cell: each puts an edit into the draft, or takes it out again.

use askama::Template;
use axum::http::HeaderMap;
use axum::http::header::REFERER;
use counterpart_model::{
    Code, ConnectionId, CrmUserId, DraftEdit, OrganizationId, PersonId, Timestamp,
};
use counterpart_service::Error;
use counterpart_service::mapping::Unnamed;
use serde::Deserialize;
use url::Url;

use super::Seat;
use super::seat::{Drafted, why_id};
use crate::problem::{Answer, Problem};
use crate::providers::Provider;
use crate::request::{At, Sent};
use crate::session::Portal;
use crate::shell::{DraftBar, show};

/// The parts of the address of a cell.
pub(super) type CellAt = At<(OrganizationId, ConnectionId, PersonId)>;

#[derive(Debug, Deserialize)]
pub(super) struct Input {
    want: String,
    #[serde(default)]
    crm_user: String,
    #[serde(default)]
    reason: String,
    /// Until which day a decision holds; for good when empty.
    #[serde(default)]
    until: String,
    /// Where to go on without scripts.
    #[serde(default)]
    back: String,
}

/// A changed cell, with the bar beside it and the reasons closed.
#[derive(Template)]
#[template(path = "mapping/changed.html")]
struct Changed {
    seat: Seat,
    bar: DraftBar,
    why_id: String,
}

/// `POST /o/{organization}/mapping/{connection}/{person}/draft`
pub(super) async fn edit(
    portal: Portal,
    At((_, connection, person)): CellAt,
    headers: HeaderMap,
    Sent(input): Sent<Input>,
) -> Answer {
    match wanted(&portal, &input)? {
        Some(edit) => {
            portal
                .service
                .draft(&portal.actor, connection, person, edit)
                .await?;
        }
        None => {
            portal
                .service
                .undraft(&portal.actor, connection, person)
                .await?;
        }
    }
    if portal.fragment {
        return show(&Changed {
            seat: seat(&portal, connection, person).await?,
            bar: portal.draft_bar(true).await?,
            why_id: why_id(person),
        });
    }
    let back = back(&portal, &input.back, &headers);
    portal.go(&format!("{back}#seat-{connection}-{person}"))
}

/// `GET /o/{organization}/mapping/{connection}/{person}`: the cell as it stands, to leave a
/// choice without choosing.
pub(super) async fn cell(portal: Portal, At((_, connection, person)): CellAt) -> Answer {
    if portal.fragment {
        return show(&seat(&portal, connection, person).await?);
    }
    portal.go(&portal.path(&format!("/people/{person}")))
}

/// The edit that is wanted; `None` to take the cell out of the draft.
fn wanted(portal: &Portal, input: &Input) -> Result<Option<DraftEdit>, Problem> {
    let crm_user = || {
        let id = input.crm_user.trim();
        if id.is_empty() {
            return Err(Error::field(
                Code::RequestInvalid,
                "crm_user",
                "choose a user first",
            ));
        }
        Ok(CrmUserId(id.to_owned()))
    };
    let edit = match input.want.as_str() {
        "accept" => DraftEdit::Map {
            crm_user_id: crm_user()?,
            accepted: true,
        },
        "map" => DraftEdit::Map {
            crm_user_id: crm_user()?,
            accepted: false,
        },
        "unmap" => DraftEdit::Unmap,
        "reject" => DraftEdit::Reject {
            crm_user_id: crm_user()?,
        },
        "has_account" => DraftEdit::HasAccount,
        "no_account" => DraftEdit::NoAccount {
            reason: Some(input.reason.trim().to_owned()).filter(|reason| !reason.is_empty()),
            expires_at: match input.until.as_str() {
                "" => Timestamp::FOREVER,
                day => Timestamp::start_of_day(day, &portal.organization.time_zone)
                    .map_err(Error::from)?,
            },
        },
        "undo" => return Ok(None),
        other => {
            return Err(Error::field(
                Code::RequestInvalid,
                "want",
                format!("`{other}` is nothing that can be wanted of a cell"),
            )
            .into());
        }
    };
    Ok(Some(edit))
}

/// A cell as it stands now.
pub(crate) async fn seat(
    portal: &Portal,
    connection: ConnectionId,
    person: PersonId,
) -> Result<Seat, Problem> {
    let view = portal
        .service
        .cell(&portal.actor, connection, person)
        .await?;
    let unnamed = Unnamed {
        crm_users: view
            .draft
            .iter()
            .filter_map(|draft| match &draft.edit {
                DraftEdit::Map { crm_user_id, .. } | DraftEdit::Reject { crm_user_id } => {
                    Some((connection, crm_user_id.clone()))
                }
                _ => None,
            })
            .collect(),
        ..Unnamed::default()
    };
    let names = portal.service.names(&portal.actor, &unnamed).await?;
    let connections = portal.service.list_connections(&portal.actor).await?;
    let provider = connections
        .iter()
        .find(|known| known.id == connection)
        .map(|known| Provider::named(&portal.service, &known.provider))
        .ok_or_else(|| {
            Error::new(
                Code::RequestNotFound,
                format!("there is no connection {connection}"),
            )
        })?;
    let drafted = view
        .draft
        .as_ref()
        .map(|draft| Drafted::of(draft, view.cell.as_ref(), &names));
    let place = (connection, &provider);
    let base = portal.path("");
    let seat = Seat::new(
        &base,
        &view.person,
        place,
        view.cell.as_ref(),
        drafted,
        portal.may_edit(),
    );
    Ok(seat.drifting(&base, view.drift.as_ref()))
}

/// Where to go back to: what the form says, or the page it stood on, if it is one of the
/// organization's; else the grid.
pub(super) fn back(portal: &Portal, said: &str, headers: &HeaderMap) -> String {
    let base = portal.path("/");
    if said.starts_with(&base) {
        return said.to_owned();
    }
    let referer = headers.get(REFERER).and_then(|value| value.to_str().ok());
    referer
        .and_then(|referer| Url::parse(referer).ok())
        .map(|url| match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        })
        .filter(|path| path.starts_with(&base) && !path.contains("/choose"))
        .unwrap_or_else(|| portal.path("/mapping"))
}
