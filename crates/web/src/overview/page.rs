//! `/o/{organization}`: the sentence, a card per connection, what needs you, what happened.

use askama::Template;
use axum::extract::State;
use axum::response::IntoResponse as _;
use axum_extra::extract::CookieJar;
use counterpart_model::{ConnectionState, DriftCause, PageRequest, Situation};
use counterpart_service::mapping::{ConnectionCounts, Overview};

use crate::App;
use crate::connections::{HeldView, RunLine, run_line};
use crate::mapping::Cards;
use crate::problem::{Answer, Problem, ProblemView};
use crate::providers::Provider;
use crate::request::address;
use crate::session::{Portal, last};
use crate::shell::{Place, Shell, show as show_page};
use crate::times::Moment;
use crate::words::{Tone, count, drift_cause, drift_tone, grouped};

/// How many change sets and runs are listed.
const RECENT: u32 = 5;
/// Up to how many CRM users without a person are counted: each is looked for among those who have
/// one, in every connection.
const STRANGERS: u32 = 20;

#[derive(Template)]
#[template(path = "overview/page.html")]
struct Page {
    shell: Shell,
    sentence: String,
    cards: Cards,
    connections: usize,
    steps: Option<Steps>,
    needs: Vec<Need>,
    held: Vec<HeldView>,
    troubles: Vec<Trouble>,
    missing: Vec<Missing>,
    /// Why mappings drift: words, tone, how many, where they are listed.
    drift: Vec<(&'static str, Tone, String, String)>,
    /// How many people's CRM users disagree, and where they are listed.
    inconsistent: Option<(String, String)>,
    changes: Vec<Changed>,
    runs: Vec<RunLine>,
    may_edit: bool,
}

/// The three steps from nothing to the first mapping; gone when all are done.
struct Steps {
    people: u64,
    connected: bool,
    synced: bool,
    mapped: u64,
    waiting: u64,
}

/// People in one situation, and where to see to them.
struct Need {
    words: String,
    path: String,
    button: &'static str,
}

/// A connection that does not work.
struct Trouble {
    name: String,
    path: String,
    problem: ProblemView,
    since: Moment,
}

/// Who is missing on which side of a connection.
struct Missing {
    connection: String,
    provider: Provider,
    people: String,
    strangers: String,
    path: String,
}

struct Changed {
    number: u64,
    path: String,
    words: String,
    by: String,
    at: Moment,
}

/// `GET /o/{organization}`
pub(super) async fn show(portal: Portal, State(app): State<App>, jar: CookieJar) -> Answer {
    let overview = portal.service.overview(&portal.actor, None).await?;
    let page = Page {
        shell: portal.shell(Place::Overview, "Overview").await?,
        sentence: sentence(&overview),
        cards: Cards::new(&portal, &overview, "", None),
        connections: overview.connections.len(),
        steps: steps(&overview),
        needs: needs(&portal, &overview).await?,
        held: held(&portal).await?,
        troubles: troubles(&portal, &overview),
        missing: missing(&portal, &overview).await?,
        drift: drift(&portal, &overview),
        inconsistent: inconsistent(&portal).await?,
        changes: changes(&portal).await?,
        runs: runs(&portal, &overview).await?,
        may_edit: portal.may_edit(),
    };
    let jar = jar.add(last(portal.organization.id, &app.options));
    Ok((jar, show_page(&page)?).into_response())
}

fn sentence(overview: &Overview) -> String {
    let broken = overview
        .connections
        .iter()
        .filter(|counts| counts.connection.health.state == ConnectionState::Broken)
        .count() as u64;
    let mapped = overview
        .people_in
        .get(&Situation::Mapped)
        .copied()
        .unwrap_or_default();
    let people = overview.people.active;
    if people == 0 || overview.connections.is_empty() {
        return "Three steps to the first mapping.".to_owned();
    }
    let broken = match broken {
        0 => String::new(),
        several => format!(
            " {} broken.",
            count(several, "connection is", "connections are")
        ),
    };
    let head = match overview.needs_you {
        0 => "Everything is settled".to_owned(),
        waiting => count(waiting, "person needs you", "people need you"),
    };
    format!(
        "{head}. {} of {} are mapped somewhere.{broken}",
        grouped(mapped),
        count(people, "person", "people")
    )
}

fn steps(overview: &Overview) -> Option<Steps> {
    let people = overview.people.active;
    let mapped = overview
        .people_in
        .get(&Situation::Mapped)
        .copied()
        .unwrap_or_default();
    let connected = !overview.connections.is_empty();
    let synced = overview
        .connections
        .iter()
        .any(|counts| counts.connection.synced_at.is_some());
    (people == 0 || !connected || mapped == 0).then_some(Steps {
        people,
        connected,
        synced,
        mapped,
        waiting: overview.certain,
    })
}

async fn needs(portal: &Portal, overview: &Overview) -> Result<Vec<Need>, Problem> {
    let waiting = portal.service.count_waiting(&portal.actor).await?;
    let waiting = (waiting > 0).then(|| Need {
        words: count(
            waiting,
            "change waits for a second person",
            "changes wait for a second person",
        ),
        path: portal.path("/changes/waiting"),
        button: "Look",
    });
    let listed = [
        (
            Situation::Drifted,
            "has a mapping that may be true no longer",
            "have mappings that may be true no longer",
            "Repair",
        ),
        (
            Situation::Ambiguous,
            "fits several users",
            "fit several users each",
            "Choose",
        ),
        (
            Situation::Proposed,
            "has a proposal",
            "have proposals",
            "Look",
        ),
    ];
    let people = listed
        .into_iter()
        .filter_map(|(situation, one, several, button)| {
            let people = overview
                .people_in
                .get(&situation)
                .copied()
                .unwrap_or_default();
            (people > 0).then(|| Need {
                words: format!(
                    "{} {}",
                    count(people, "person", "people"),
                    if people == 1 { one } else { several }
                ),
                path: address(&portal.path("/mapping"), &[("show", situation.as_str())]),
                button,
            })
        });
    Ok(waiting.into_iter().chain(people).collect())
}

/// The runs that wait for somebody's word; they come first.
async fn held(portal: &Portal) -> Result<Vec<HeldView>, Problem> {
    let held = portal.service.held_runs(&portal.actor).await?;
    Ok(held
        .iter()
        .map(|held| HeldView::new(portal, held))
        .collect())
}

fn troubles(portal: &Portal, overview: &Overview) -> Vec<Trouble> {
    overview
        .connections
        .iter()
        .map(|counts| &counts.connection)
        .filter_map(|connection| {
            let health = &connection.health;
            let code = health.code.filter(|_| {
                matches!(
                    health.state,
                    ConnectionState::Broken | ConnectionState::Troubled
                )
            })?;
            Some(Trouble {
                name: connection.name.clone(),
                path: portal.path(&format!("/connections/{}", connection.id)),
                problem: ProblemView::of(code, health.detail.as_deref().unwrap_or_default()),
                since: portal.times.moment(health.since),
            })
        })
        .collect()
}

/// Why mappings drift, over all connections, the most specific cause first.
fn drift(portal: &Portal, overview: &Overview) -> Vec<(&'static str, Tone, String, String)> {
    DriftCause::ALL
        .into_iter()
        .filter_map(|cause| {
            let counted = overview.drift.iter().filter(|count| count.cause == cause);
            let number: u64 = counted.map(|count| count.mappings).sum();
            let path = address(&portal.path("/drift"), &[("cause", cause.as_str())]);
            (number > 0).then(|| {
                (
                    drift_cause(cause),
                    drift_tone(cause.severity()),
                    grouped(number),
                    path,
                )
            })
        })
        .collect()
}

async fn inconsistent(portal: &Portal) -> Result<Option<(String, String)>, Problem> {
    let number = portal.service.count_inconsistent(&portal.actor).await?;
    let path = address(&portal.path("/mapping"), &[("show", "inconsistent")]);
    Ok((number > 0).then(|| {
        let who = count(number, "person has", "people have");
        (
            format!("{who} CRM users that seem to be different human beings"),
            path,
        )
    }))
}

async fn missing(portal: &Portal, overview: &Overview) -> Result<Vec<Missing>, Problem> {
    let mut missing = Vec::new();
    for counts in &overview.connections {
        let connection = &counts.connection;
        if connection.synced_at.is_none() {
            continue;
        }
        let people = counts.in_situation(Situation::Unmapped);
        let strangers = strangers(portal, counts).await?;
        if people == 0 && strangers == "0" {
            continue;
        }
        missing.push(Missing {
            connection: connection.name.clone(),
            provider: Provider::named(&portal.service, &connection.provider),
            people: grouped(people),
            strangers,
            path: portal.path(&format!("/connections/{}/missing", connection.id)),
        });
    }
    Ok(missing)
}

/// How many CRM users are nobody's; counted up to a bound.
async fn strangers(portal: &Portal, counts: &ConnectionCounts) -> Result<String, Problem> {
    let page = PageRequest::first(STRANGERS);
    let found = portal
        .service
        .list_strangers(&portal.actor, counts.connection.id, "", &page)
        .await?;
    let more = if found.next.is_some() { "+" } else { "" };
    Ok(format!("{}{more}", found.items.len()))
}

async fn changes(portal: &Portal) -> Result<Vec<Changed>, Problem> {
    let page = PageRequest::first(RECENT);
    let found = portal
        .service
        .list_change_sets(&portal.actor, &page)
        .await?;
    Ok(found
        .items
        .into_iter()
        .map(|view| {
            let change = view.change_set;
            let lines = count(change.line_count, "line", "lines");
            Changed {
                number: change.number,
                path: portal.path(&format!("/changes/{}", change.number)),
                words: crate::words::sentence(change.reason.as_deref().unwrap_or(&lines)),
                by: view.account.map_or_else(
                    || change.origin.as_str().to_owned(),
                    |account| account.email,
                ),
                at: portal.times.moment(change.applied_at),
            }
        })
        .collect())
}

async fn runs(portal: &Portal, overview: &Overview) -> Result<Vec<RunLine>, Problem> {
    let mut all = Vec::new();
    for counts in &overview.connections {
        let connection = &counts.connection;
        let page = PageRequest::first(2);
        let runs = portal
            .service
            .list_runs(&portal.actor, connection.id, &page)
            .await?;
        all.extend(
            runs.items
                .into_iter()
                .map(|run| (run, connection.name.clone())),
        );
    }
    all.sort_by_key(|(run, _)| std::cmp::Reverse(run.started_at));
    all.truncate(RECENT as usize);
    Ok(all
        .iter()
        .map(|(run, name)| run_line(portal, run, name))
        .collect())
}
