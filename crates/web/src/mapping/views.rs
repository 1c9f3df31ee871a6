//! Views that somebody keeps: chips above the mapping, and the page where they are managed.

use askama::Template;
use axum::http::StatusCode;
use counterpart_model::{OrganizationId, SavedViewId, ViewPage};
use counterpart_service::mapping::{ViewChange, ViewInput};
use counterpart_service::{Error, Kind};
use serde::Deserialize;

use crate::form::FormProblems;
use crate::problem::{Answer, Problem, status};
use crate::request::{Asked, At, Sent, address};
use crate::session::Portal;
use crate::shell::{Place, Shell, show_with};

/// The views above a page of the mapping, and the way to keep the one that is open.
#[derive(Template)]
#[template(path = "mapping/views.html")]
pub(crate) struct Views {
    base: String,
    chips: Vec<Chip>,
    /// What the open page is asked.
    query: String,
    page: &'static str,
    /// Whether the open page is worth keeping and not kept yet.
    is_new: bool,
    may_share: bool,
}

struct Chip {
    name: String,
    path: String,
    here: bool,
    shared: bool,
}

impl Views {
    /// The views of somebody who looks at `page` with `query`.
    pub(crate) async fn above(
        portal: &Portal,
        page: ViewPage,
        query: String,
    ) -> Result<Self, Problem> {
        let chips: Vec<Chip> = portal
            .service
            .list_views(&portal.actor)
            .await?
            .into_iter()
            .map(|view| Chip {
                here: view.page == page && view.query == query,
                path: path_of(portal, view.page, &view.query),
                name: view.name,
                shared: view.shared,
            })
            .collect();
        Ok(Self {
            base: portal.path("/mapping/views"),
            is_new: !query.is_empty() && chips.iter().all(|chip| !chip.here),
            chips,
            query,
            page: page.as_str(),
            may_share: portal.may_edit(),
        })
    }
}

/// Where a view is.
fn path_of(portal: &Portal, page: ViewPage, query: &str) -> String {
    let base = portal.path(match page {
        ViewPage::People => "/mapping",
        ViewPage::CrmUsers => "/mapping/users",
    });
    if query.is_empty() {
        base
    } else {
        format!("{base}?{query}")
    }
}

/// A view that is to be kept, as its form sends it.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(super) struct Input {
    name: String,
    page: String,
    query: String,
    /// `on` to share it.
    shared: String,
}

#[derive(Template)]
#[template(path = "mapping/views_page.html")]
struct Page {
    shell: Shell,
    base: String,
    back: String,
    rows: Vec<Row>,
    input: Input,
    form: FormProblems,
    may_share: bool,
}

struct Row {
    id: SavedViewId,
    name: String,
    path: String,
    of: &'static str,
    shared: bool,
    /// Whether whoever looks may change it.
    mine: bool,
}

/// `GET /o/{organization}/mapping/views`: all of them, to rename, share and delete.
pub(super) async fn show(portal: Portal, Asked(input): Asked<Input>) -> Answer {
    page(&portal, StatusCode::OK, input, FormProblems::default()).await
}

/// `POST /o/{organization}/mapping/views`: keeps one, and goes there.
pub(super) async fn create(portal: Portal, Sent(input): Sent<Input>) -> Answer {
    let wanted = ViewInput {
        name: input.name.clone(),
        page: input.page.parse().unwrap_or_default(),
        query: input.query.clone(),
        shared: input.shared == "on",
    };
    match portal.service.save_view(&portal.actor, wanted).await {
        Ok(view) => portal.go(&path_of(&portal, view.page, &view.query)),
        Err(error) => refused(&portal, input, error).await,
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Change {
    want: String,
    name: String,
}

/// `POST /o/{organization}/mapping/views/{view}`: renames, shares or deletes one.
pub(super) async fn change(
    portal: Portal,
    At((_, id)): At<(OrganizationId, SavedViewId)>,
    Sent(input): Sent<Change>,
) -> Answer {
    let change = match input.want.as_str() {
        "delete" => None,
        "share" | "keep" => Some(ViewChange {
            shared: Some(input.want == "share"),
            ..ViewChange::default()
        }),
        _ => Some(ViewChange {
            name: Some(input.name),
            ..ViewChange::default()
        }),
    };
    let (service, actor) = (&portal.service, &portal.actor);
    let done = match change {
        Some(change) => service.change_view(actor, id, change).await.map(drop),
        None => service.delete_view(actor, id).await,
    };
    match done {
        Ok(()) => portal.go(&portal.path("/mapping/views")),
        Err(error) => refused(&portal, Input::default(), error).await,
    }
}

/// The page again, with what is wrong.
async fn refused(portal: &Portal, input: Input, error: Error) -> Answer {
    match FormProblems::of(&error) {
        Some(form) if error.kind() == Kind::Invalid => {
            page(portal, status(&error), input, form).await
        }
        _ => Err(error.into()),
    }
}

async fn page(portal: &Portal, status: StatusCode, input: Input, form: FormProblems) -> Answer {
    let views = portal.service.list_views(&portal.actor).await?;
    let rows = views
        .into_iter()
        .map(|view| Row {
            path: path_of(portal, view.page, &view.query),
            of: match view.page {
                ViewPage::People => "by person",
                ViewPage::CrmUsers => "by CRM user",
            },
            mine: !view.shared || portal.may_edit(),
            id: view.id,
            name: view.name,
            shared: view.shared,
        })
        .collect();
    let back = address(&portal.path("/mapping"), &[]);
    let page = Page {
        shell: portal.shell(Place::Mapping, "Views").await?,
        base: portal.path("/mapping/views"),
        back,
        rows,
        input,
        form,
        may_share: portal.may_edit(),
    };
    show_with(status, &page)
}
