//! `/o/{organization}/connections/{connection}/users`: who is there, to be added as people or
//! set aside.

use std::collections::HashMap;

use askama::Template;
use axum::http::StatusCode;
use counterpart_model::{
    ConnectionId, CrmUser, CrmUserId, DecisionId, OrganizationId, PageRequest, Policy,
};
use counterpart_service::Kind;
use counterpart_store::crm_users::CrmUserQuery;
use counterpart_store::mappings::MappingQuery;
use serde::Deserialize;

use crate::paging::{Paging, page_after};
use crate::problem::{Answer, Problem, ProblemView, status};
use crate::providers::Provider;
use crate::request::{Asked, At, Sent, address};
use crate::session::Portal;
use crate::shell::{Place, Shell, show_with};
use crate::times::Moment;
use crate::words::{crm_user_kind, crm_user_state};

const ROWS: u32 = 100;

#[derive(Debug, Default, Clone, Deserialize)]
pub(super) struct Query {
    #[serde(default)]
    q: String,
    /// `nobody` for those without a person, `missing` for those that syncs no longer find, `all`
    /// for inactive ones too.
    #[serde(default)]
    show: String,
    #[serde(default)]
    after: String,
    /// How many were added just now.
    #[serde(default)]
    added: Option<u64>,
}

#[derive(Template)]
#[template(path = "connections/users.html")]
struct Page {
    shell: Shell,
    path: String,
    connection_path: String,
    connection: String,
    provider: Provider,
    search: String,
    show: String,
    tabs: Vec<(&'static str, String, bool)>,
    rows: Vec<Row>,
    paging: Paging,
    added: Option<u64>,
    problem: Option<ProblemView>,
    synced: bool,
    may_edit: bool,
}

struct Row {
    id: String,
    name: String,
    email: String,
    title: String,
    state: Option<&'static str>,
    /// Since when it is missing, and when it counts as gone.
    missing: Option<(Moment, String)>,
    kind: Option<&'static str>,
    link: Option<String>,
    person: Option<(String, String)>,
    /// Whether it can be ticked.
    free: bool,
    /// The decision that several people share it.
    shared: Option<DecisionId>,
}

/// `GET /o/{organization}/connections/{connection}/users`
pub(super) async fn show(
    portal: Portal,
    At((_, id)): At<(OrganizationId, ConnectionId)>,
    Asked(query): Asked<Query>,
) -> Answer {
    page(&portal, StatusCode::OK, id, query, None).await
}

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
}

/// `POST /o/{organization}/connections/{connection}/users`: what becomes of the ticked ones.
pub(super) async fn decide(
    portal: Portal,
    At((_, id)): At<(OrganizationId, ConnectionId)>,
    Sent(ticked): Sent<Ticked>,
) -> Answer {
    match done(&portal, id, &ticked).await {
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
            page(
                &portal,
                status(&error),
                id,
                query,
                Some(ProblemView::from(&error)),
            )
            .await
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

async fn page(
    portal: &Portal,
    status: StatusCode,
    id: ConnectionId,
    query: Query,
    problem: Option<ProblemView>,
) -> Answer {
    let view = portal.service.connection_view(&portal.actor, id).await?;
    let wanted = page_after(&query.after, ROWS);
    let users = if query.show == "nobody" {
        portal
            .service
            .list_strangers(&portal.actor, id, &query.q, &wanted)
            .await?
    } else {
        let filter = CrmUserQuery {
            usable_only: query.show.is_empty(),
            missing_only: query.show == "missing",
            ..CrmUserQuery::default()
        };
        portal
            .service
            .list_crm_users(&portal.actor, id, &query.q, &filter, &wanted)
            .await?
    };
    let people = people(portal, id, &users.items).await?;
    let seats: HashMap<CrmUserId, DecisionId> = portal
        .service
        .shared_seats(&portal.actor, id)
        .await?
        .into_iter()
        .collect();
    let connection_path = portal.path(&format!("/connections/{id}"));
    let path = format!("{connection_path}/users");
    let tab = |word, show: &str| {
        (
            word,
            address(&path, &[("q", &query.q), ("show", show)]),
            query.show == show,
        )
    };
    let connector = portal.service.connectors().get(&view.connection.provider);
    let rows = users
        .items
        .iter()
        .map(|user| {
            let link =
                connector.and_then(|known| known.user_link(&view.connection.settings, &user.id));
            let policy = &view.connection.policy;
            Row {
                shared: seats.get(&user.id).copied(),
                ..row(portal, policy, user, people.get(&user.id), link)
            }
        })
        .collect();
    let provider = Provider::named(&portal.service, &view.connection.provider);
    let title = format!(
        "{} of {}",
        crate::words::sentence(&provider.users),
        view.connection.name
    );
    let page = Page {
        shell: portal.shell(Place::Connections, &title).await?,
        tabs: vec![
            tab("Usable", ""),
            tab("Nobody’s", "nobody"),
            tab("Missing", "missing"),
            tab("All", "all"),
        ],
        rows,
        paging: Paging::new(
            &path,
            &[("q", &query.q), ("show", &query.show)],
            &query.after,
            users.next,
        ),
        synced: view.connection.synced_at.is_some(),
        connection: view.connection.name,
        provider,
        search: query.q,
        show: query.show,
        added: query.added,
        problem,
        may_edit: portal.may_edit(),
        path,
        connection_path,
    };
    show_with(status, &page)
}

/// Whom each of some CRM users is mapped to now: name and id.
async fn people(
    portal: &Portal,
    connection: ConnectionId,
    users: &[CrmUser],
) -> Result<HashMap<CrmUserId, (String, String)>, Problem> {
    let mut people = HashMap::new();
    for user in users {
        let query = MappingQuery {
            connection_id: Some(connection),
            crm_user_id: Some(user.id.clone()),
            at: Some(portal.service.now()),
            ..MappingQuery::default()
        };
        let page = PageRequest::first(1);
        let found = portal
            .service
            .list_mappings(&portal.actor, &query, &page)
            .await?;
        let person = found.items.into_iter().next().and_then(|view| view.person);
        if let Some(person) = person {
            let path = portal.path(&format!("/people/{}", person.id));
            people.insert(user.id.clone(), (person.profile.display_name, path));
        }
    }
    Ok(people)
}

fn row(
    portal: &Portal,
    policy: &Policy,
    user: &CrmUser,
    person: Option<&(String, String)>,
    link: Option<String>,
) -> Row {
    let profile = &user.profile;
    Row {
        id: user.id.0.clone(),
        name: profile.display_name.clone(),
        email: profile
            .emails
            .first()
            .or(profile.username.as_ref())
            .cloned()
            .unwrap_or_default(),
        title: profile
            .title
            .as_ref()
            .or(profile.department.as_ref())
            .or(profile.role.as_ref())
            .cloned()
            .unwrap_or_default(),
        state: crm_user_state(profile.state, user.gone_since.is_some()),
        missing: user
            .missing_since
            .zip(user.counts_as_gone_at(policy))
            .map(|(since, gone_at)| (portal.times.moment(since), portal.times.day(gone_at))),
        kind: crm_user_kind(profile.kind),
        link,
        free: portal.may_edit() && person.is_none() && user.is_usable(),
        person: person.cloned(),
        shared: None,
    }
}
