//! `/o/{organization}/connections/{connection}/checks/{check}`: what one system check showed.

use askama::Template;
use counterpart_model::{ConnectionId, OrganizationId, Run, SystemCheck, SystemCheckId};

use super::findings::{FindingView, summary, tone, views, word};
use crate::problem::Answer;
use crate::request::At;
use crate::session::Portal;
use crate::shell::{Place, Shell, show as show_page};
use crate::times::Moment;
use crate::words::Tone;

#[derive(Template)]
#[template(path = "checks/show.html")]
struct Page {
    shell: Shell,
    view: CheckView,
    may_edit: bool,
}

/// The same as a piece of a page, for a pop-up.
#[derive(Template)]
#[template(path = "checks/fragment.html")]
struct Fragment {
    view: CheckView,
}

/// A system check as it is shown.
struct CheckView {
    /// What was checked.
    subject: String,
    /// The connection's name.
    connection: String,
    /// The connection's page.
    connection_path: String,
    /// The person's page; empty for a check of the connection itself.
    person_path: String,
    /// This check's own address.
    path: String,
    summary: String,
    word: &'static str,
    tone: Tone,
    at: Moment,
    /// How long it took, in words.
    took: String,
    findings: Vec<FindingView>,
    /// The sync that it began.
    run: Option<String>,
}

/// `GET /o/{organization}/connections/{connection}/checks/{check}`
pub(super) async fn show(
    portal: Portal,
    At((_, _, id)): At<(OrganizationId, ConnectionId, SystemCheckId)>,
) -> Answer {
    let check = portal.service.system_check(&portal.actor, id).await?;
    page(&portal, check, None).await
}

/// What a check showed, as a page or, for a script, as a piece of one.
pub(super) async fn page(portal: &Portal, check: SystemCheck, run: Option<&Run>) -> Answer {
    let view = view(portal, check, run).await?;
    if portal.fragment {
        return show_page(&Fragment { view });
    }
    let place = if view.person_path.is_empty() {
        Place::Connections
    } else {
        Place::People
    };
    let title = format!("Check of {}", view.subject);
    show_page(&Page {
        shell: portal.shell(place, &title).await?,
        may_edit: portal.may_edit(),
        view,
    })
}

async fn view(
    portal: &Portal,
    check: SystemCheck,
    run: Option<&Run>,
) -> Result<CheckView, crate::problem::Problem> {
    let (service, actor) = (&portal.service, &portal.actor);
    let connection = service
        .connection_view(actor, check.connection_id)
        .await?
        .connection;
    let connection_path = portal.path(&format!("/connections/{}", connection.id));
    let (subject, person_path) = match check.person_id {
        None => (connection.name.clone(), String::new()),
        Some(id) => {
            let person = service.person_view(actor, id).await?.person;
            let subject = format!("{} in {}", person.profile.display_name, connection.name);
            (subject, portal.path(&format!("/people/{id}")))
        }
    };
    Ok(CheckView {
        subject,
        connection: connection.name,
        path: format!("{connection_path}/checks/{}", check.id),
        run: run.map(|run| format!("{connection_path}/runs/{}", run.id)),
        connection_path,
        person_path,
        summary: summary(&check),
        word: word(check.result),
        tone: tone(check.result),
        at: portal.times.moment(check.started_at),
        took: took(check.took_millis),
        findings: views(portal, check.checks),
    })
}

/// A length of time in words: "1.2 s".
pub(super) fn took(millis: u64) -> String {
    format!("{}.{} s", millis / 1_000, millis % 1_000 / 100)
}
