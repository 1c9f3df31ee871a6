//! `/o/{organization}/connections/{connection}`: how it is, and what to do about it.

use askama::Template;
use axum::http::StatusCode;
use counterpart_connector::{Allowance, CheckReport};
use counterpart_manifest::Manifest;
use counterpart_model::{
    Connection, ConnectionId, ConnectionState, Environment, OrganizationId, PageRequest, RunState,
    Side, Situation,
};
use counterpart_service::Error;
use counterpart_service::connections::ConnectionView;

use super::drifting::Drifting;
use super::fields::{CheckView, PermissionView, StepView, steps};
use super::form::waits_for_consent;
use super::gallery::{DeliveryView, delivery, titles};
use super::held::HeldView;
use super::run::{RunLine, run_line};
use super::safety::{self, Safety};
use crate::form::FormProblems;
use crate::problem::{Answer, Problem, ProblemView, status};
use crate::providers::Provider;
use crate::request::At;
use crate::session::Portal;
use crate::shell::{Place, Shell, show_with};
use crate::times::Moment;
use crate::words::{self, Tone, count, grouped};

/// The word of a connection that nobody has signed in to yet.
pub(super) const WAITS: (&str, Tone) = ("to be signed in to", "look");

/// How many runs are listed.
const RUNS: u32 = 8;

#[derive(Template)]
#[template(path = "connections/show.html")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one independent thing that the page tells or offers"
)]
struct Page {
    shell: Shell,
    path: String,
    name: String,
    provider: Provider,
    sandbox: bool,
    word: &'static str,
    tone: Tone,
    sentence: String,
    since: Moment,
    problem: Option<ProblemView>,
    held: Option<HeldView>,
    /// What is known of failures in a row.
    retry: Option<RetryView>,
    safety: Safety,
    drifting: Drifting,
    paused: bool,
    org: Option<String>,
    synced: Option<Moment>,
    numbers: Vec<(&'static str, String, String)>,
    users: String,
    settings: Vec<(String, String)>,
    /// The newest system check.
    newest_check: Option<crate::checks::NewestCheck>,
    runs: Vec<RunLine>,
    check: Option<CheckView>,
    check_problem: Option<ProblemView>,
    steps: Vec<StepView>,
    permissions: Vec<PermissionView>,
    may_edit: bool,
    /// Whether nobody has signed in at the vendor yet.
    waits: bool,
    /// Where to reconnect: at the vendor, or with new credentials.
    reconnect: String,
    /// Whether its users are the people.
    brings_people: bool,
    /// Whether its users are mapped.
    is_mapped: bool,
    /// How many requests are left, in words.
    allowance: Option<String>,
    /// Everything that its connector can do.
    can: Vec<&'static str>,
    delivery: Option<DeliveryView>,
}

/// `GET /o/{organization}/connections/{connection}`
pub(super) async fn show(
    portal: Portal,
    At((_, id)): At<(OrganizationId, ConnectionId)>,
) -> Answer {
    page(&portal, StatusCode::OK, id, Shown::default()).await
}

/// How often it failed in a row, and when it is tried again.
struct RetryView {
    failures: String,
    since: Moment,
    next: Option<Moment>,
}

/// What the page shows beside how the connection is.
#[derive(Default)]
struct Shown<'a> {
    checked: Option<&'a Checked>,
    error: Option<&'a Error>,
    safety: Option<(safety::Input, FormProblems)>,
}

/// The page with a policy that could not be saved.
pub(super) async fn unsaved(
    portal: &Portal,
    id: ConnectionId,
    error: &Error,
    sent: (safety::Input, FormProblems),
) -> Answer {
    let shown = Shown {
        safety: Some(sent),
        ..Shown::default()
    };
    page(portal, status(error), id, shown).await
}

/// What a check showed.
pub(super) struct Checked {
    pub(super) report: CheckReport,
    pub(super) allowance: Option<Allowance>,
}

/// The page with what a check has just shown.
pub(super) async fn checked(
    portal: &Portal,
    id: ConnectionId,
    outcome: Result<Checked, Error>,
) -> Answer {
    match outcome {
        Ok(checked) => {
            let shown = Shown {
                checked: Some(&checked),
                ..Shown::default()
            };
            page(portal, StatusCode::OK, id, shown).await
        }
        Err(error) if error.kind() == counterpart_service::Kind::Upstream => {
            let shown = Shown {
                error: Some(&error),
                ..Shown::default()
            };
            page(portal, status(&error), id, shown).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn page(portal: &Portal, status: StatusCode, id: ConnectionId, shown: Shown<'_>) -> Answer {
    let Shown { checked, error, .. } = shown;
    let view = portal.service.connection_view(&portal.actor, id).await?;
    let newest = PageRequest::first(RUNS);
    let runs = portal.service.list_runs(&portal.actor, id, &newest).await?;
    let connection = &view.connection;
    let path = portal.path(&format!("/connections/{id}"));
    let provider = Provider::named(&portal.service, &connection.provider);
    let health = &connection.health;
    let waits = waits_for_consent(&portal.service, connection);
    let (word, tone) = if waits {
        WAITS
    } else {
        words::connection(health.state)
    };
    let report = checked.map(|checked| &checked.report);
    let connector = portal.service.connectors().get(&connection.provider);
    let manifest = connector.map(|known| known.manifest());
    let capabilities = connector.map(|known| known.capabilities());
    let (steps, permissions) = manifest
        .map(|known| steps(known, report))
        .unwrap_or_default();
    let redirects =
        manifest.is_some_and(|known| known.sign_in_of(&connection.settings).authorize().is_some());
    let held = held(portal, &view).await?;
    let safety = safety(&view, &provider, shown.safety);
    let page = Page {
        shell: portal.shell(Place::Connections, &connection.name).await?,
        name: connection.name.clone(),
        reconnect: format!("{path}/{}", if redirects { "sign-in" } else { "edit" }),
        brings_people: connection.side != Side::Crm,
        is_mapped: connection.side != Side::Platform,
        allowance: checked.and_then(|checked| checked.allowance.as_ref().map(left)),
        delivery: capabilities.as_ref().and_then(delivery),
        can: capabilities.as_ref().map(titles).unwrap_or_default(),
        sandbox: connection.environment == Environment::Sandbox,
        word,
        tone,
        sentence: if waits {
            format!(
                "Saved; it works once somebody has signed in to {}.",
                provider.title
            )
        } else {
            sentence(&view, &provider)
        },
        waits,
        since: portal.times.moment(health.since),
        problem: health
            .code
            .map(|code| ProblemView::of(code, health.detail.as_deref().unwrap_or_default())),
        held,
        retry: retry(portal, connection),
        safety,
        drifting: Drifting::of(portal, id).await?,
        paused: health.state == ConnectionState::Paused,
        org: connection
            .remote_org
            .as_ref()
            .map(|org| org.name.clone().unwrap_or_else(|| org.id.clone())),
        synced: connection.synced_at.map(|at| portal.times.moment(at)),
        numbers: numbers(portal, &view),
        users: view.counts.as_ref().map_or_else(String::new, |counts| {
            let hidden = counts.crm_users.known - counts.crm_users.usable;
            format!(
                "{} can be mapped, {} cannot",
                grouped(counts.crm_users.usable),
                grouped(hidden)
            )
        }),
        settings: manifest
            .map(|known| settings_shown(known, connection))
            .unwrap_or_default(),
        newest_check: crate::checks::newest(portal, id).await?,
        runs: runs
            .items
            .iter()
            .map(|run| run_line(portal, run, ""))
            .collect(),
        check: report.map(CheckView::from),
        check_problem: error.map(ProblemView::from),
        steps: if report.is_some() { steps } else { Vec::new() },
        permissions,
        may_edit: portal.may_edit(),
        path,
        provider,
    };
    show_with(status, &page)
}

/// Settings by their labels, with the labels of choices.
fn settings_shown(manifest: &Manifest, connection: &Connection) -> Vec<(String, String)> {
    let shown = manifest.form_settings().filter_map(|field| {
        let value = connection.settings.get(&field.name)?;
        let shown = field
            .choices
            .iter()
            .find(|choice| choice.value == *value)
            .map_or(value, |choice| &choice.label);
        (!shown.is_empty()).then(|| (field.label.clone(), shown.clone()))
    });
    shown.collect()
}

/// How often syncs failed in a row; nothing while they work.
fn retry(portal: &Portal, connection: &Connection) -> Option<RetryView> {
    let retry = connection.health.retry.filter(|retry| retry.failures > 0)?;
    Some(RetryView {
        failures: count(retry.failures, "sync", "syncs"),
        since: portal.times.moment(retry.since),
        next: retry.next.map(|at| portal.times.moment(at)),
    })
}

/// How careful the connection is, with a form that could not be saved.
fn safety(
    view: &ConnectionView,
    provider: &Provider,
    sent: Option<(safety::Input, FormProblems)>,
) -> Safety {
    let counts = view.counts.as_ref();
    let usable = counts.map_or(0, |counts| counts.crm_users.usable);
    let safety = Safety::of(&view.connection, usable, &provider.users);
    match sent {
        Some((input, form)) => safety.unsaved(input, form),
        None => safety,
    }
}

/// The run that waits for somebody's word.
async fn held(portal: &Portal, view: &ConnectionView) -> Result<Option<HeldView>, Problem> {
    let Some(run) = &view.last_run else {
        return Ok(None);
    };
    if run.state != RunState::Held {
        return Ok(None);
    }
    let held = portal
        .service
        .describe_held(&portal.actor, view.connection.clone(), run.clone())
        .await?;
    Ok(Some(HeldView::new(portal, &held)))
}

/// How much of an allowance is left: "9,412 of 10,000 this hour".
fn left(allowance: &Allowance) -> String {
    let remaining = grouped(allowance.remaining);
    let of = allowance
        .limit
        .map(|limit| format!(" of {}", grouped(limit)))
        .unwrap_or_default();
    match allowance.period.as_str() {
        "day" => format!("{remaining}{of} today"),
        period => format!("{remaining}{of} this {period}"),
    }
}

fn sentence(view: &ConnectionView, provider: &Provider) -> String {
    let users = &provider.users;
    match view.connection.health.state {
        ConnectionState::New => format!("Saved; the {users} are not read yet."),
        ConnectionState::Healthy => match &view.counts {
            Some(counts) => {
                let (mapped, should) = counts.coverage();
                format!(
                    "Works. {} of {} people who should be mapped are ({}), to {} {users}.",
                    grouped(mapped),
                    grouped(should),
                    words::share(mapped, should),
                    grouped(counts.crm_users.usable)
                )
            }
            None => format!("Works. Its {users} are your people."),
        },
        ConnectionState::Troubled => {
            "Stopped for a reason that passes; it is tried again. What was known stays.".to_owned()
        }
        ConnectionState::Broken if view.connection.health.next_try().is_some() => {
            "Does not work now; it is tried again by itself. What was known stays.".to_owned()
        }
        ConnectionState::Broken => {
            "Does not work until somebody mends it. What was known stays.".to_owned()
        }
        ConnectionState::Held => {
            "A brake stopped the last sync before its first change, and waits for your word."
                .to_owned()
        }
        ConnectionState::Paused => {
            format!(
                "Paused: nothing is asked of {}. Mappings stay.",
                provider.title
            )
        }
    }
}

/// People by situation: word, number, link.
fn numbers(portal: &Portal, view: &ConnectionView) -> Vec<(&'static str, String, String)> {
    let Some(counts) = &view.counts else {
        return Vec::new();
    };
    let id = counts.connection.id.to_string();
    Situation::ALL
        .into_iter()
        .filter(|situation| {
            counts.in_situation(*situation) > 0
                || matches!(situation, Situation::Mapped | Situation::Unmapped)
        })
        .map(|situation| {
            let path = crate::request::address(
                &portal.path("/mapping"),
                &[("show", situation.as_str()), ("connection", &id)],
            );
            (
                words::situation(situation),
                grouped(counts.in_situation(situation)),
                path,
            )
        })
        .collect()
}
