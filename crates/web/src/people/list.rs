//! `/o/{organization}/people`: everybody, to search and to add to.

use askama::Template;
use counterpart_model::IdentityKind;
use serde::Deserialize;

use crate::paging::{Paging, page_after};
use crate::problem::Answer;
use crate::request::{Asked, address};
use crate::session::Portal;
use crate::shell::{Place, Shell, show as show_page};
use crate::words::{count, grouped, initials};

const ROWS: u32 = 100;

#[derive(Debug, Default, Deserialize)]
pub(super) struct Query {
    #[serde(default)]
    q: String,
    /// `left` for who works here no longer, `all` for everybody.
    #[serde(default)]
    show: String,
    #[serde(default)]
    after: String,
    /// The change set that was imported just now.
    #[serde(default)]
    saved: Option<u64>,
}

#[derive(Template)]
#[template(path = "people/list.html")]
struct Page {
    shell: Shell,
    base: String,
    sentence: String,
    tabs: Vec<(&'static str, String, String, bool)>,
    search: String,
    show: String,
    rows: Vec<Row>,
    paging: Paging,
    nobody: bool,
    saved: Option<u64>,
    may_edit: bool,
}

struct Row {
    path: String,
    name: String,
    face: String,
    email: String,
    extension: String,
    department: String,
    external_id: String,
    active: bool,
}

/// `GET /o/{organization}/people`
pub(super) async fn show(portal: Portal, Asked(query): Asked<Query>) -> Answer {
    let active = match query.show.as_str() {
        "left" => Some(false),
        "all" => None,
        _ => Some(true),
    };
    let page = page_after(&query.after, ROWS);
    let (people, identities) = portal
        .service
        .list_people(&portal.actor, &query.q, active, &page)
        .await?;
    let counts = portal.service.count_people(&portal.actor).await?;
    let base = portal.path("/people");
    let rows = people
        .items
        .into_iter()
        .map(|person| {
            let extension = identities
                .get(&person.id)
                .into_iter()
                .flatten()
                .filter(|identity| identity.kind == IdentityKind::Extension)
                .map(|identity| identity.value.as_str())
                .collect::<Vec<_>>()
                .join(", ");
            let profile = person.profile;
            Row {
                path: format!("{base}/{}", person.id),
                face: initials(&profile.display_name),
                name: profile.display_name,
                email: profile.emails.into_iter().next().unwrap_or_default(),
                extension,
                department: profile.department.or(profile.title).unwrap_or_default(),
                external_id: person.external_id.unwrap_or_default(),
                active: person.active,
            }
        })
        .collect();
    let tab = |word, show: &str, number: u64| {
        let path = address(&base, &[("q", &query.q), ("show", show)]);
        (word, grouped(number), path, query.show == show)
    };
    let sentence = match (counts.active, counts.inactive) {
        (0, 0) => "Nobody yet.".to_owned(),
        (active, 0) => format!("{} here.", count(active, "person works", "people work")),
        (active, left) => format!(
            "{} here, {} left.",
            count(active, "person works", "people work"),
            if left == 1 {
                "1 has".to_owned()
            } else {
                format!("{} have", grouped(left))
            }
        ),
    };
    show_page(&Page {
        shell: portal.shell(Place::People, "People").await?,
        sentence,
        tabs: vec![
            tab("Here", "", counts.active),
            tab("Left", "left", counts.inactive),
            tab("All", "all", counts.active + counts.inactive),
        ],
        rows,
        paging: Paging::new(
            &base,
            &[("q", &query.q), ("show", &query.show)],
            &query.after,
            people.next,
        ),
        nobody: counts.active + counts.inactive == 0,
        may_edit: portal.may_edit(),
        base,
        saved: query.saved,
        search: query.q,
        show: query.show,
    })
}
