//! What becomes of CRM users: people, no people, shared seats.

use counterpart_model::{ConnectionId, CrmUserId, DecisionId, OrganizationId};
use counterpart_service::Kind;
use serde::Deserialize;

use super::users::{Query, page};
use crate::problem::{Answer, ProblemView, status};
use crate::request::{At, Sent, address};
use crate::session::Portal;

#[derive(Debug, Deserialize)]
pub(super) struct Ticked {
    #[serde(default)]
    user: Vec<CrmUserId>,
    #[serde(default)]
    want: String,
    /// The one user that several people are to share, whoever is ticked.
    #[serde(default)]
    share: Option<CrmUserId>,
    /// The decision about a shared seat that is to be withdrawn.
    #[serde(default)]
    unshare: Option<DecisionId>,
    #[serde(default)]
    q: String,
    #[serde(default)]
    show: String,
    /// Where to go on: a page of the organization; the list when empty.
    #[serde(default)]
    back: String,
}

/// `POST /o/{organization}/connections/{connection}/users`: what becomes of the ticked ones.
pub(super) async fn decide(
    portal: Portal,
    At((_, id)): At<(OrganizationId, ConnectionId)>,
    Sent(ticked): Sent<Ticked>,
) -> Answer {
    match done(&portal, id, &ticked).await {
        Ok(_) if ticked.back.starts_with(&portal.path("/")) => portal.go(&ticked.back),
        Ok(added) => {
            let added = added.map(|number| number.to_string()).unwrap_or_default();
            portal.go(&address(
                &portal.path(&format!("/connections/{id}/users")),
                &[("q", &ticked.q), ("show", &ticked.show), ("added", &added)],
            ))
        }
        Err(error) if matches!(error.kind(), Kind::Invalid | Kind::Conflict) => {
            let query = Query {
                q: ticked.q,
                show: ticked.show,
                ..Query::default()
            };
            let problem = Some(ProblemView::from(&error));
            page(&portal, status(&error), id, query, problem).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Does what was asked for; how many people were added, where that was it.
async fn done(
    portal: &Portal,
    id: ConnectionId,
    ticked: &Ticked,
) -> counterpart_service::Result<Option<usize>> {
    let (service, actor) = (&portal.service, &portal.actor);
    if let Some(user) = &ticked.share {
        service.decide_shared_seat(actor, id, user, None).await?;
        return Ok(None);
    }
    if let Some(decision) = ticked.unshare {
        service.withdraw_decision(actor, decision).await?;
        return Ok(None);
    }
    if ticked.want == "not_a_person" {
        set_aside(portal, id, &ticked.user).await?;
        return Ok(None);
    }
    service
        .people_from_crm_users(actor, id, &ticked.user)
        .await?;
    Ok(Some(ticked.user.len()))
}

async fn set_aside(
    portal: &Portal,
    connection: ConnectionId,
    users: &[CrmUserId],
) -> counterpart_service::Result<()> {
    let decided = portal
        .service
        .decide_not_people(&portal.actor, connection, users, None)
        .await;
    match decided {
        Ok(_) => Ok(()),
        // It was decided already.
        Err(error) if error.code() == counterpart_model::Code::ChangeSetEmpty => Ok(()),
        Err(error) => Err(error),
    }
}
