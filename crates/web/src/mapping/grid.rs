//! `/o/{organization}/mapping`: people × connections.

use askama::Template;
use counterpart_model::{ConnectionId, DraftEdit, Environment, Situation, ViewPage};
use counterpart_service::mapping::{GridPage, Names, Overview, Unnamed};
use counterpart_store::grid::GridRow;

use super::filter::{INCONSISTENT, NEEDS_YOU, Query};
use super::filters::Filters;
use super::seat::{Drafted, why_id};
use super::{Cards, Seat, Views};
use crate::paging::{Paging, page_after};
use crate::problem::{Answer, Problem};
use crate::providers::Provider;
use crate::request::{Asked, address};
use crate::session::Portal;
use crate::shell::{Place, Shell, show as show_page};
use crate::words::{self, count, grouped, initials};

/// How many people stand on one page.
const ROWS: u32 = 50;

#[derive(Template)]
#[template(path = "mapping/grid.html")]
struct Page {
    shell: Shell,
    base: String,
    sentence: String,
    cards: Cards,
    tabs: Vec<Tab>,
    views: Views,
    filters: Filters,
    /// What a search keeps.
    searching: Vec<(&'static str, String)>,
    search: String,
    show: String,
    connection: String,
    columns: Vec<Column>,
    rows: Vec<Row>,
    paging: Paging,
    /// The address of this very page.
    here: String,
    certain: u64,
    /// How many proposals stand on this page and are not in the draft.
    proposed_here: usize,
    saved: Option<u64>,
    accepted: Option<u64>,
    drifted: u64,
    people: u64,
    connections: usize,
    may_edit: bool,
}

struct Tab {
    word: &'static str,
    count: String,
    path: String,
    here: bool,
}

struct Column {
    id: ConnectionId,
    name: String,
    provider: Provider,
    sandbox: bool,
    path: String,
    /// How many of those who should be mapped are: `94 %`, and in full.
    coverage: String,
    covered: String,
}

struct Row {
    name: String,
    line: String,
    face: String,
    active: bool,
    path: String,
    why_id: String,
    seats: Vec<(String, Seat)>,
    /// Why the person's CRM users seem to be two human beings.
    disagreements: Vec<String>,
}

/// `GET /o/{organization}/mapping`
pub(super) async fn show(portal: Portal, Asked(query): Asked<Query>) -> Answer {
    let focus = query.focus();
    let overview = portal.service.overview(&portal.actor, focus).await?;
    let page = page_after(&query.after, ROWS);
    let grid = portal
        .service
        .grid(&portal.actor, &query.request(), &page)
        .await?;
    let base = portal.path("/mapping");
    let mut here = query.asked().to_vec();
    here.push(("after", &query.after));
    let here = address(&base, &here);
    let columns = columns(&portal, &overview, &query);
    let paging = Paging::new(&base, &query.asked(), &query.after, grid.rows.next.clone());
    let rows = rows(&portal, grid, &columns).await?;
    let inconsistent = portal.service.count_inconsistent(&portal.actor).await?;
    show_page(&Page {
        shell: portal.shell(Place::Mapping, "Mapping").await?,
        sentence: sentence(&overview, focus.is_some()),
        cards: Cards::new(&portal, &overview, &query.show, focus),
        tabs: tabs(&base, &overview, inconsistent, &query),
        views: Views::above(&portal, ViewPage::People, query.text()).await?,
        filters: Filters::of(&portal, &overview, &query).await?,
        searching: query.kept(&["q"]),
        paging,
        proposed_here: rows
            .iter()
            .flat_map(|row| &row.seats)
            .filter(|(_, seat)| seat.proposed().is_some())
            .count(),
        rows,
        columns,
        here,
        certain: overview.certain,
        drifted: overview.drift.iter().map(|count| count.mappings).sum(),
        people: overview.people.active + overview.people.inactive,
        connections: overview.connections.len(),
        may_edit: portal.may_edit(),
        base,
        search: query.q,
        show: query.show,
        connection: query.connection,
        saved: query.saved,
        accepted: query.accepted,
    })
}

/// The answer for which the page was opened.
#[expect(
    clippy::cast_precision_loss,
    reason = "a percentage needs no more than two digits"
)]
fn sentence(overview: &Overview, focused: bool) -> String {
    let people = overview.people.active;
    let (mut settled, mut total) = (0, 0);
    for connection in &overview.connections {
        let ignored = connection.in_situation(Situation::Ignored);
        settled += connection.in_situation(Situation::Mapped);
        total += connection.total() - ignored;
    }
    let head = format!(
        "{} in {}.",
        count(people, "person", "people"),
        count(
            overview.connections.len() as u64,
            "connection",
            "connections"
        )
    );
    if total == 0 {
        return head;
    }
    // Rounded down, so that only the whole is a hundred.
    let percent = (settled as f64 * 100.0 / total as f64).floor();
    let waiting = match overview.needs_you {
        0 if focused => "Nobody needs you in this one.".to_owned(),
        0 => "Nobody needs you.".to_owned(),
        1 => "One person needs you.".to_owned(),
        several => format!("{} people need you.", grouped(several)),
    };
    format!("{head} {percent} % of the mappings are made. {waiting}")
}

fn tabs(base: &str, overview: &Overview, inconsistent: u64, query: &Query) -> Vec<Tab> {
    let tab = |word, show: &str, number: u64| Tab {
        word,
        count: grouped(number),
        path: query.with(base, "show", show),
        here: query.show == show,
    };
    let mut tabs = vec![
        tab("All", "", overview.people.active),
        tab("Needs you", NEEDS_YOU, overview.needs_you),
    ];
    let listed = [
        Situation::Proposed,
        Situation::Ambiguous,
        Situation::Unmapped,
        Situation::Drifted,
        Situation::Held,
        Situation::Ignored,
        Situation::Mapped,
    ];
    for situation in listed {
        let number = overview
            .people_in
            .get(&situation)
            .copied()
            .unwrap_or_default();
        // A tab without anybody is worth its room only where emptiness is good news.
        let worthwhile = number > 0 || situation == Situation::Unmapped;
        if worthwhile || query.show == situation.as_str() {
            tabs.push(tab(words::situation(situation), situation.as_str(), number));
        }
    }
    if inconsistent > 0 || query.show == INCONSISTENT {
        tabs.push(tab("CRMs disagree", INCONSISTENT, inconsistent));
    }
    tabs
}

fn columns(portal: &Portal, overview: &Overview, query: &Query) -> Vec<Column> {
    let focus = query.focus();
    let alone = focus.filter(|_| query.wide != "on");
    let hidden = query.hidden();
    overview
        .connections
        .iter()
        .filter(|counts| alone.is_none_or(|focus| focus == counts.connection.id))
        .filter(|counts| alone.is_some() || !hidden.contains(&counts.connection.id))
        .map(|counts| {
            let connection = &counts.connection;
            let id = connection.id.to_string();
            let to = if focus == Some(connection.id) {
                ""
            } else {
                id.as_str()
            };
            let (mapped, should) = counts.coverage();
            Column {
                coverage: words::share(mapped, should),
                covered: format!(
                    "{} of {} people who should be are mapped",
                    grouped(mapped),
                    grouped(should)
                ),
                id: connection.id,
                name: connection.name.clone(),
                provider: Provider::named(&portal.service, &connection.provider),
                sandbox: connection.environment == Environment::Sandbox,
                path: query.with(&portal.path("/mapping"), "connection", to),
            }
        })
        .collect()
}

async fn rows(portal: &Portal, grid: GridPage, columns: &[Column]) -> Result<Vec<Row>, Problem> {
    let unnamed = Unnamed {
        crm_users: grid
            .drafts
            .values()
            .filter_map(|draft| match &draft.edit {
                DraftEdit::Map { crm_user_id, .. } | DraftEdit::Reject { crm_user_id } => {
                    Some((draft.connection_id, crm_user_id.clone()))
                }
                _ => None,
            })
            .collect(),
        ..Unnamed::default()
    };
    let names = portal.service.names(&portal.actor, &unnamed).await?;
    let base = portal.path("");
    Ok(grid
        .rows
        .items
        .iter()
        .map(|row| view(portal, &base, row, &grid, columns, &names))
        .collect())
}

fn view(
    portal: &Portal,
    base: &str,
    row: &GridRow,
    grid: &GridPage,
    columns: &[Column],
    names: &Names,
) -> Row {
    let person = &row.person;
    let (drafts, drift) = (&grid.drafts, &grid.drift);
    let seats = columns
        .iter()
        .map(|column| {
            let cell = row
                .cells
                .iter()
                .find(|cell| cell.connection_id == column.id);
            let drafted = drafts
                .get(&(column.id, person.id))
                .map(|draft| Drafted::of(draft, cell, names));
            let place = (column.id, &column.provider);
            let seat = Seat::new(base, person, place, cell, drafted, portal.may_edit());
            let drift = drift.get(&(column.id, person.id));
            (column.name.clone(), seat.drifting(base, drift))
        })
        .collect();
    let profile = &person.profile;
    Row {
        name: profile.display_name.clone(),
        line: profile
            .emails
            .first()
            .or(profile.department.as_ref())
            .cloned()
            .unwrap_or_default(),
        face: initials(&profile.display_name),
        active: person.active,
        path: format!("{base}/people/{}", person.id),
        why_id: why_id(person.id),
        seats,
        disagreements: grid
            .inconsistencies
            .get(&person.id)
            .into_iter()
            .flatten()
            .map(|one| one.detail.clone())
            .collect(),
    }
}
