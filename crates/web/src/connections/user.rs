//! `/o/{organization}/connections/{connection}/user?id=`: one CRM user, who it is, was and may be.

use askama::Template;
use counterpart_model::{ConnectionId, CrmUser, CrmUserId, OrganizationId, Period};
use counterpart_service::mapping::CrmUserView;
use serde::Deserialize;

use super::seats::{UserSeats, Whose};
use crate::mapping::Drifting;
use crate::problem::Answer;
use crate::providers::Provider;
use crate::request::{Asked, At, address};
use crate::session::Portal;
use crate::shell::{Place, Shell, show as show_page};
use crate::timeline::{Span, spans};
use crate::times::Moment;
use crate::words::{crm_user_kind, crm_user_state};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Query {
    id: String,
}

#[derive(Template)]
#[template(path = "connections/user.html")]
struct Page {
    shell: Shell,
    users_path: String,
    connection_path: String,
    connection: String,
    provider: Provider,
    id: String,
    name: String,
    state: Option<&'static str>,
    kind: Option<&'static str>,
    missing: bool,
    link: Option<String>,
    add: String,
    whose: Option<Whose>,
    problems: Vec<Drifting>,
    disagreements: Vec<String>,
    mappings: Vec<Was>,
    facts: Vec<(&'static str, String)>,
    last_run: Option<(Moment, String)>,
    may_edit: bool,
}

/// Who it was during a period.
struct Was {
    person: String,
    path: String,
    origin: &'static str,
    span: Span,
}

/// Where the page of a CRM user is. `base` is where the organization's pages are.
pub(crate) fn user_path(base: &str, connection: ConnectionId, id: &CrmUserId) -> String {
    address(
        &format!("{base}/connections/{connection}/user"),
        &[("id", &id.0)],
    )
}

/// `GET /o/{organization}/connections/{connection}/user?id=…`
pub(super) async fn show(
    portal: Portal,
    At((_, connection)): At<(OrganizationId, ConnectionId)>,
    Asked(query): Asked<Query>,
) -> Answer {
    let id = CrmUserId(query.id.trim().to_owned());
    let view = portal
        .service
        .crm_user_view(&portal.actor, connection, &id)
        .await?;
    let user = view.row.as_ref().map(|row| &row.crm_user);
    let name = user.map_or_else(
        || view.id.0.clone(),
        |user| user.profile.display_name.clone(),
    );
    let connection_path = portal.path(&format!("/connections/{connection}"));
    let mut shell = portal.shell(Place::Connections, &name).await?;
    shell.with_bar = true;
    let here = user_path(&portal.path(""), connection, &view.id);
    let seats = UserSeats::of(&portal, &view.connection, here).await?;
    show_page(&Page {
        shell,
        users_path: format!("{connection_path}/users"),
        connection: view.connection.name.clone(),
        provider: Provider::named(&portal.service, &view.connection.provider),
        state: user.and_then(|user| crm_user_state(user.profile.state, user.gone_since.is_some())),
        kind: user.and_then(|user| crm_user_kind(user.profile.kind)),
        missing: user.is_some_and(|user| user.missing_since.is_some() && user.gone_since.is_none()),
        add: address(
            &portal.path("/mapping/add"),
            &[
                ("connection", &connection.to_string()),
                ("crm_user", &view.id.0),
            ],
        ),
        whose: view.row.as_ref().map(|row| seats.whose(&portal, row)),
        problems: view
            .drift
            .iter()
            .map(|drift| Drifting::of(&portal.path(""), drift))
            .collect(),
        disagreements: view
            .inconsistencies
            .iter()
            .map(|one| one.detail.clone())
            .collect(),
        mappings: mappings(&portal, &view),
        facts: user.map(|user| facts(&portal, user)).unwrap_or_default(),
        last_run: view.last_run.as_ref().map(|run| {
            let at = portal
                .times
                .moment(run.finished_at.unwrap_or(run.started_at));
            (at, format!("{connection_path}/runs/{}", run.id))
        }),
        link: view.link.clone(),
        id: view.id.0.clone(),
        may_edit: portal.may_edit(),
        connection_path,
        name,
    })
}

fn mappings(portal: &Portal, view: &CrmUserView) -> Vec<Was> {
    let periods: Vec<Period> = view.mappings.iter().map(|one| one.mapping.period).collect();
    let spans = spans(&portal.times, portal.service.now(), &periods);
    view.mappings
        .iter()
        .zip(spans)
        .map(|(one, span)| {
            let id = one.mapping.person_id;
            Was {
                person: one.person.as_ref().map_or_else(
                    || id.to_string(),
                    |person| person.profile.display_name.clone(),
                ),
                path: portal.path(&format!("/people/{id}")),
                origin: one.mapping.origin.as_str(),
                span,
            }
        })
        .collect()
}

fn facts(portal: &Portal, user: &CrmUser) -> Vec<(&'static str, String)> {
    let profile = &user.profile;
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let moment = |at| portal.times.moment(at).text;
    let others: Vec<String> = profile
        .other_ids
        .iter()
        .map(|other| format!("{} {}", other.kind, other.value))
        .collect();
    let all = [
        ("E-mail", profile.emails.join(", ")),
        ("User name", text(&profile.username)),
        ("Extension", text(&profile.extension)),
        ("Phone", profile.phones.join(", ")),
        ("Title", text(&profile.title)),
        ("Department", text(&profile.department)),
        ("Role", text(&profile.role)),
        ("Licence", text(&profile.licence)),
        ("Employee number", text(&profile.employee_number)),
        ("Other ids", others.join(", ")),
        (
            "Last signed in",
            profile.last_login_at.map(moment).unwrap_or_default(),
        ),
        ("First seen", moment(user.first_seen_at)),
        (
            "Missing since",
            user.missing_since.map(moment).unwrap_or_default(),
        ),
        (
            "Gone since",
            user.gone_since.map(moment).unwrap_or_default(),
        ),
    ];
    all.into_iter()
        .filter(|(_, value)| !value.is_empty())
        .collect()
}
