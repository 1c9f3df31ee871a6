//! `/o/{organization}/connections/{connection}/runs/{run}`: what a sync read and changed, row by
//! row, and why something was held.

use askama::Template;
use counterpart_model::{
    ConnectionId, CrmUserProfile, OrganizationId, Policy, Run, RunId, RunMode, RunState,
};
use counterpart_store::runs::{RunChange, RunChangeKind};
use serde::Deserialize;

use crate::paging::{Paging, page_after};
use crate::problem::{Answer, ProblemView};
use crate::request::{Asked, At, address};
use crate::session::Portal;
use crate::shell::{Place, Shell, show as show_page};
use crate::times::Moment;
use crate::words::{self, Tone, grouped};

const ROWS: u32 = 100;

/// A run as a line of a list.
pub(crate) struct RunLine {
    pub(crate) path: String,
    pub(crate) connection: String,
    pub(crate) word: &'static str,
    pub(crate) tone: Tone,
    /// Whether its state is worth a look where there is little room.
    pub(crate) noteworthy: bool,
    pub(crate) numbers: String,
    pub(crate) mode: &'static str,
    pub(crate) at: Moment,
}

/// A run as a line of a list. `connection` is its name, where that is not clear.
pub(crate) fn run_line(portal: &Portal, run: &Run, connection: &str) -> RunLine {
    let (word, tone) = words::run(run.state);
    RunLine {
        path: portal.path(&format!(
            "/connections/{}/runs/{}",
            run.connection_id, run.id
        )),
        connection: connection.to_owned(),
        word,
        tone,
        noteworthy: run.state != RunState::Complete,
        numbers: numbers(run),
        mode: mode(run.mode),
        at: portal.times.moment(run.started_at),
    }
}

const fn mode(mode: RunMode) -> &'static str {
    match mode {
        RunMode::Full => "everybody",
        RunMode::Changed { .. } => "what changed",
    }
}

/// What a run found, without what it did not find.
fn numbers(run: &Run) -> String {
    let report = &run.report;
    let found = [
        (report.new, "new"),
        (report.changed, "changed"),
        (report.deactivated, "deactivated"),
        (report.missing, "missing"),
        (report.gone, "gone"),
        (report.returned, "returned"),
        (report.failed, "unreadable"),
    ];
    let mut text = format!("{} read", grouped(report.read));
    for (number, word) in found.into_iter().filter(|(number, _)| *number > 0) {
        text.push_str(", ");
        text.push_str(&grouped(number));
        text.push(' ');
        text.push_str(word);
    }
    text
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Query {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    after: String,
}

#[derive(Template)]
#[template(path = "connections/run.html")]
struct Page {
    shell: Shell,
    path: String,
    connection_path: String,
    connection: String,
    word: &'static str,
    tone: Tone,
    mode: &'static str,
    began: Moment,
    ended: Option<Moment>,
    pulling: bool,
    held: bool,
    /// Until when it waits for a word.
    until: Option<Moment>,
    /// How many the list left out although they are there.
    left_out: u64,
    /// When the missing will count as gone, in words.
    grace: String,
    pages: u64,
    read: u64,
    expected: Option<u64>,
    numbers: Vec<(&'static str, String)>,
    problem: Option<ProblemView>,
    tabs: Vec<(&'static str, String, bool)>,
    changes: Vec<Changed>,
    paging: Paging,
    may_edit: bool,
}

struct Changed {
    name: String,
    crm_id: String,
    word: &'static str,
    tone: Tone,
    /// What differs: field, before, after.
    differences: Vec<(&'static str, String, String)>,
}

/// `GET /o/{organization}/connections/{connection}/runs/{run}`
pub(super) async fn show(
    portal: Portal,
    At((_, connection, id)): At<(OrganizationId, ConnectionId, RunId)>,
    Asked(query): Asked<Query>,
) -> Answer {
    let view = portal
        .service
        .connection_view(&portal.actor, connection)
        .await?;
    let run = portal.service.run(&portal.actor, id).await?;
    let kind = RunChangeKind::ALL
        .into_iter()
        .find(|kind| kind.as_str() == query.kind);
    let page = page_after(&query.after, ROWS);
    let changes = portal
        .service
        .run_changes(&portal.actor, id, kind, &page)
        .await?;
    let connection_path = portal.path(&format!("/connections/{connection}"));
    let path = format!("{connection_path}/runs/{id}");
    let report = &run.report;
    let mut tabs = vec![("All", path.clone(), kind.is_none())];
    tabs.extend(RunChangeKind::ALL.into_iter().map(|known| {
        let to = address(&path, &[("kind", known.as_str())]);
        (words::run_change(known).0, to, kind == Some(known))
    }));
    let (word, tone) = words::run(run.state);
    show_page(&Page {
        shell: portal
            .shell(
                Place::Connections,
                &format!("Sync of {}", view.connection.name),
            )
            .await?,
        connection: view.connection.name,
        word,
        tone,
        mode: mode(run.mode),
        began: portal.times.moment(run.started_at),
        ended: run.finished_at.map(|at| portal.times.moment(at)),
        pulling: run.state == RunState::Pulling,
        held: run.state == RunState::Held,
        until: run
            .held_until
            .filter(|_| run.state == RunState::Held)
            .map(|at| portal.times.moment(at)),
        left_out: report.found,
        grace: if report.missing > 0 {
            grace(&portal, &run, view.connection.policy)
        } else {
            String::new()
        },
        pages: run.pages,
        read: report.read,
        expected: run.expected,
        numbers: vec![
            ("read", grouped(report.read)),
            ("new", grouped(report.new)),
            ("changed", grouped(report.changed)),
            ("deactivated", grouped(report.deactivated)),
            ("missing", grouped(report.missing)),
            ("gone", grouped(report.gone)),
            ("returned", grouped(report.returned)),
            ("unreadable", grouped(report.failed)),
        ],
        problem: run
            .failure
            .as_ref()
            .map(|failure| ProblemView::of(failure.code, &failure.detail)),
        tabs,
        changes: changes.items.iter().map(changed).collect(),
        paging: Paging::new(&path, &[("kind", &query.kind)], &query.after, changes.next),
        may_edit: portal.may_edit(),
        connection_path,
        path,
    })
}

/// `POST …/runs/{run}/allow`
pub(super) async fn allow(
    portal: Portal,
    At((_, connection, id)): At<(OrganizationId, ConnectionId, RunId)>,
) -> Answer {
    portal.service.allow_run(&portal.actor, id).await?;
    portal.go(&portal.path(&format!("/connections/{connection}/runs/{id}")))
}

/// `POST …/runs/{run}/reject`
pub(super) async fn reject(
    portal: Portal,
    At((_, connection, id)): At<(OrganizationId, ConnectionId, RunId)>,
) -> Answer {
    portal.service.reject_run(&portal.actor, id).await?;
    portal.go(&portal.path(&format!("/connections/{connection}/runs/{id}")))
}

/// What becomes of those whom a run no longer found.
fn grace(portal: &Portal, run: &Run, policy: Policy) -> String {
    let gone_at = run
        .finished_at
        .map(|at| portal.times.day(at.plus_seconds(policy.grace_seconds())));
    match (run.state, gone_at) {
        (RunState::Complete, Some(day)) => format!(
            "Missing is who was not found for the first time. Mappings go on; who stays away counts as gone from {day} on."
        ),
        _ => format!(
            "Missing is who was not found for the first time. Mappings go on; who stays away counts as gone after {}.",
            words::count(policy.grace_days, "day", "days")
        ),
    }
}

fn changed(change: &RunChange) -> Changed {
    let (word, tone) = words::run_change(change.kind);
    let shown = change.after.as_ref().or(change.before.as_ref());
    Changed {
        name: shown
            .map(|profile| profile.display_name.clone())
            .unwrap_or_default(),
        crm_id: change.crm_user_id.0.clone(),
        word,
        tone,
        differences: match (&change.before, &change.after) {
            (Some(before), Some(after)) => differences(before, after),
            _ => Vec::new(),
        },
    }
}

/// What differs between two states of a CRM user.
fn differences(
    before: &CrmUserProfile,
    after: &CrmUserProfile,
) -> Vec<(&'static str, String, String)> {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let fields = |profile: &CrmUserProfile| {
        [
            ("name", profile.display_name.clone()),
            ("e-mail", profile.emails.join(", ")),
            ("user name", text(&profile.username)),
            ("phone", profile.phones.join(", ")),
            ("extension", text(&profile.extension)),
            ("employee number", text(&profile.employee_number)),
            ("title", text(&profile.title)),
            ("department", text(&profile.department)),
            ("role", text(&profile.role)),
            ("licence", text(&profile.licence)),
            ("state", profile.state.as_str().to_owned()),
            ("kind", profile.kind.as_str().to_owned()),
        ]
    };
    fields(before)
        .into_iter()
        .zip(fields(after))
        .filter(|((_, before), (_, after))| before != after)
        .map(|((field, before), (_, after))| (field, before, after))
        .collect()
}
