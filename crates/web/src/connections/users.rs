//! `/o/{organization}/connections/{connection}/users`: the mapping seen from the CRM's side. Each
//! CRM user with whom it is, may be and is to be; those that are nobody's can be added as people.

use askama::Template;
use axum::http::StatusCode;
use counterpart_model::{ConnectionId, Environment, OrganizationId, ViewPage};
use counterpart_service::connections::ConnectionView;
use counterpart_service::mapping::{PivotRow, strangers};
use counterpart_store::crm_users::{CrmUserQuery, CrmUserSubset};
use serde::Deserialize;

use super::seats::{UserSeats, Whose};
use super::user::user_path;
use crate::mapping::Views;
use crate::paging::{Paging, page_after};
use crate::problem::{Answer, Problem, ProblemView};
use crate::providers::Provider;
use crate::request::{Asked, At, address};
use crate::session::Portal;
use crate::shell::{Place, Shell, show_with};
use crate::times::Moment;
use crate::words::{crm_user_kind, crm_user_state};

const ROWS: u32 = 50;

#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(super) struct Query {
    pub(super) q: String,
    /// Which of them: see [`filter`].
    pub(super) show: String,
    pub(super) after: String,
    /// How many were added just now.
    pub(super) added: Option<u64>,
}

#[derive(Template)]
#[template(path = "connections/users.html")]
struct Page {
    shell: Shell,
    path: String,
    connection_path: String,
    connection: String,
    connection_id: ConnectionId,
    provider: Provider,
    /// The other connections: name, address, whether it is this one.
    connections: Vec<(String, String, bool)>,
    views: Views,
    search: String,
    show: String,
    tabs: Vec<(&'static str, String, bool)>,
    rows: Vec<Row>,
    paging: Paging,
    added: Option<u64>,
    problem: Option<ProblemView>,
    synced: bool,
    /// Whether any row can be ticked.
    any_free: bool,
    may_edit: bool,
}

struct Row {
    id: String,
    name: String,
    path: String,
    email: String,
    title: String,
    state: Option<&'static str>,
    /// Since when it is missing, and when it counts as gone.
    missing: Option<(Moment, String)>,
    kind: Option<&'static str>,
    link: Option<String>,
    whose: Whose,
    /// Whether it can be ticked.
    free: bool,
}

/// `GET /o/{organization}/connections/{connection}/users`
pub(super) async fn show(
    portal: Portal,
    At((_, id)): At<(OrganizationId, ConnectionId)>,
    Asked(query): Asked<Query>,
) -> Answer {
    page(&portal, StatusCode::OK, id, query, None).await
}

/// Which CRM users a tab shows.
fn filter(portal: &Portal, show: &str) -> CrmUserQuery {
    let all = CrmUserQuery::default();
    let subset = |subset| CrmUserQuery {
        subset: Some(subset),
        ..CrmUserQuery::default()
    };
    match show {
        "all" => all,
        "nobody" => strangers(portal.service.now()),
        "proposed" => subset(CrmUserSubset::Proposed),
        "drifted" => subset(CrmUserSubset::Drifted),
        "inactive" => subset(CrmUserSubset::Unusable),
        "machines" => subset(CrmUserSubset::NotPeople),
        "missing" => CrmUserQuery {
            missing_only: true,
            ..all
        },
        _ => CrmUserQuery {
            usable_only: true,
            ..all
        },
    }
}

/// The page, with a problem of what was sent to it.
pub(super) async fn page(
    portal: &Portal,
    status: StatusCode,
    id: ConnectionId,
    query: Query,
    problem: Option<ProblemView>,
) -> Answer {
    let view = portal.service.connection_view(&portal.actor, id).await?;
    let wanted = page_after(&query.after, ROWS);
    let found = portal
        .service
        .pivot(
            &portal.actor,
            id,
            &query.q,
            &filter(portal, &query.show),
            &wanted,
        )
        .await?;
    let connection_path = portal.path(&format!("/connections/{id}"));
    let path = format!("{connection_path}/users");
    let asked = [("q", query.q.as_str()), ("show", query.show.as_str())];
    let back = address(
        &path,
        &[asked[0], asked[1], ("after", query.after.as_str())],
    );
    let rows = rows(portal, &view, &found.items, back).await?;
    let provider = Provider::named(&portal.service, &view.connection.provider);
    let title = format!(
        "{} of {}",
        crate::words::sentence(&provider.users),
        view.connection.name
    );
    let kept = address("", &[("connection", &id.to_string()), asked[0], asked[1]]);
    let page = Page {
        shell: portal.shell(Place::Mapping, &title).await?,
        connections: connections(portal, id, &query.show).await?,
        views: Views::above(
            portal,
            ViewPage::CrmUsers,
            kept.trim_start_matches('?').to_owned(),
        )
        .await?,
        tabs: tabs(&path, &query),
        paging: Paging::new(&path, &asked, &query.after, found.next),
        any_free: rows.iter().any(|row| row.free),
        rows,
        synced: view.connection.synced_at.is_some(),
        connection: view.connection.name,
        connection_id: id,
        provider,
        added: query.added,
        problem,
        may_edit: portal.may_edit(),
        search: query.q,
        show: query.show,
        path,
        connection_path,
    };
    show_with(status, &page)
}

fn tabs(path: &str, query: &Query) -> Vec<(&'static str, String, bool)> {
    let listed = [
        ("Usable", ""),
        ("Nobody’s", "nobody"),
        ("Proposed", "proposed"),
        ("Drift", "drifted"),
        ("Missing", "missing"),
        ("No people", "machines"),
        ("Deactivated", "inactive"),
        ("All", "all"),
    ];
    listed
        .into_iter()
        .map(|(word, show)| {
            let link = address(path, &[("q", &query.q), ("show", show)]);
            (word, link, query.show == show)
        })
        .collect()
}

/// Every connection whose users are mapped, to look at the same there.
async fn connections(
    portal: &Portal,
    here: ConnectionId,
    show: &str,
) -> Result<Vec<(String, String, bool)>, Problem> {
    let overview = portal.service.overview(&portal.actor, None).await?;
    Ok(overview
        .connections
        .into_iter()
        .map(|counts| {
            let connection = counts.connection;
            let path = portal.path(&format!("/connections/{}/users", connection.id));
            let sandbox = match connection.environment {
                Environment::Sandbox => " (sandbox)",
                Environment::Production => "",
            };
            (
                format!("{}{sandbox}", connection.name),
                address(&path, &[("show", show)]),
                connection.id == here,
            )
        })
        .collect())
}

async fn rows(
    portal: &Portal,
    view: &ConnectionView,
    found: &[PivotRow],
    back: String,
) -> Result<Vec<Row>, Problem> {
    let connection = &view.connection;
    let connector = portal.service.connectors().get(&connection.provider);
    let seats = UserSeats::of(portal, connection, back)
        .await?
        .naming(portal, found)
        .await?;
    Ok(found
        .iter()
        .map(|row| {
            let user = &row.crm_user;
            let profile = &user.profile;
            let first = |one: Option<&String>| one.cloned().unwrap_or_default();
            let missing = user
                .missing_since
                .zip(user.counts_as_gone_at(&connection.policy));
            Row {
                id: user.id.0.clone(),
                name: profile.display_name.clone(),
                path: user_path(&portal.path(""), connection.id, &user.id),
                email: first(profile.emails.first().or(profile.username.as_ref())),
                title: first(
                    profile
                        .title
                        .as_ref()
                        .or(profile.department.as_ref())
                        .or(profile.role.as_ref()),
                ),
                state: crm_user_state(profile.state, user.gone_since.is_some()),
                missing: missing.map(|(since, gone_at)| {
                    (portal.times.moment(since), portal.times.day(gone_at))
                }),
                kind: crm_user_kind(profile.kind),
                link: connector.and_then(|known| known.user_link(&connection.settings, &user.id)),
                free: portal.may_edit() && !row.is_mapped() && user.is_usable(),
                whose: seats.whose(portal, row),
            }
        })
        .collect())
}
