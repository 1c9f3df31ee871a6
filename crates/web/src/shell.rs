//! The frame of every page behind the sign-in: navigation, organizations, the draft's bar.

use askama::Template;
use axum::http::HeaderValue;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{Html, IntoResponse as _, Response};
use counterpart_model::Role;

use crate::problem::{Answer, Problem};
use crate::session::Portal;
use crate::words::grouped;

/// The parts of the portal, as the navigation lists them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Overview,
    Mapping,
    Review,
    People,
    Connections,
    Changes,
    Settings,
}

/// One line of the navigation.
pub(crate) struct NavLine {
    pub(crate) title: &'static str,
    pub(crate) path: String,
    /// The letter that goes there behind `g`.
    pub(crate) key: char,
    pub(crate) here: bool,
    /// How much waits there; empty for nothing.
    pub(crate) count: String,
    pub(crate) broken: bool,
}

/// An organization to switch to.
pub(crate) struct Other {
    pub(crate) name: String,
    pub(crate) path: String,
}

/// What the frame shows.
pub(crate) struct Shell {
    pub(crate) title: String,
    pub(crate) organization: String,
    pub(crate) base: String,
    pub(crate) others: Vec<Other>,
    pub(crate) email: String,
    pub(crate) role: Role,
    pub(crate) demo: bool,
    pub(crate) nav: Vec<NavLine>,
    pub(crate) bar: DraftBar,
    /// Whether the bar belongs on this page.
    pub(crate) with_bar: bool,
}

/// The bar that says what is not saved yet.
#[derive(Template)]
#[template(path = "mapping/bar.html")]
pub(crate) struct DraftBar {
    pub(crate) base: String,
    pub(crate) drafts: u64,
    /// Whether it is sent beside something else, to replace the one on the page.
    pub(crate) aside: bool,
}

impl Portal {
    /// The frame of a page called `title`.
    pub(crate) async fn shell(&self, place: Place, title: &str) -> Result<Shell, Problem> {
        let attention = self.service.attention(&self.actor).await?;
        let waiting = self.service.count_waiting(&self.actor).await?;
        let others = self
            .service
            .organizations_of(self.account.id)
            .await?
            .into_iter()
            .filter(|(organization, _)| organization.id != self.organization.id)
            .map(|(organization, _)| Other {
                path: format!("/o/{}", organization.id),
                name: organization.name,
            })
            .collect();
        let line = |at: Place, title, path: &str, key, count: u64| NavLine {
            title,
            path: self.path(path),
            key,
            here: at == place,
            count: if count == 0 {
                String::new()
            } else {
                grouped(count)
            },
            broken: at == Place::Connections && count > 0,
        };
        let nav = vec![
            line(Place::Overview, "Overview", "", 'o', 0),
            line(Place::Mapping, "Mapping", "/mapping", 'm', attention.people),
            line(Place::Review, "Review", "/review", 'r', attention.cases),
            line(Place::People, "People", "/people", 'p', 0),
            line(
                Place::Connections,
                "Connections",
                "/connections",
                'c',
                attention.connections,
            ),
            line(Place::Changes, "Changes", "/changes", 'h', waiting),
            line(Place::Settings, "Settings", "/settings", 's', 0),
        ];
        Ok(Shell {
            title: title.to_owned(),
            organization: self.organization.name.clone(),
            base: self.path(""),
            others,
            email: self.account.email.clone(),
            role: self.actor.role(),
            demo: self.organization.demo,
            nav,
            bar: self.draft_bar(false).await?,
            with_bar: matches!(place, Place::Mapping),
        })
    }

    /// The draft's bar as it is now.
    pub(crate) async fn draft_bar(&self, aside: bool) -> Result<DraftBar, Problem> {
        let drafts = self.service.count_drafts(&self.actor).await?;
        Ok(DraftBar {
            base: self.path(""),
            drafts,
            aside,
        })
    }

    /// Sends the browser to `path`, whether a page or a script asked.
    pub(crate) fn go(&self, path: &str) -> Answer {
        go(path, self.fragment)
    }
}

/// Sends the browser to `path`. A script follows by itself when it is told in its own way.
pub(crate) fn go(path: &str, fragment: bool) -> Answer {
    let location = HeaderValue::from_str(path).map_err(counterpart_service::Error::internal)?;
    Ok(if fragment {
        [("hx-redirect", location)].into_response()
    } else {
        (StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response()
    })
}

/// A template as an answer.
pub(crate) fn show(template: &impl Template) -> Answer {
    Ok(Html(template.render()?).into_response())
}

/// A template as an answer with a status of its own.
pub(crate) fn show_with(status: StatusCode, template: &impl Template) -> Answer {
    let response: Response = (status, Html(template.render()?)).into_response();
    Ok(response)
}
