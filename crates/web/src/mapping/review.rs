//! Reviewing the draft, saving it, discarding it.

use askama::Template;
use axum::http::StatusCode;
use counterpart_model::{CrmUser, DraftEdit};
use counterpart_service::mapping::{Review, ReviewLine};
use counterpart_service::{Error, Kind};
use serde::Deserialize;

use crate::problem::{Answer, ProblemView, status};
use crate::request::{Sent, address};
use crate::session::Portal;
use crate::shell::{Place, Shell, show_with};
use crate::words::Tone;

#[derive(Template)]
#[template(path = "mapping/review.html")]
struct Page {
    shell: Shell,
    groups: Vec<Group>,
    total: u64,
    shown: u64,
    clear: bool,
    reason: String,
    problem: Option<ProblemView>,
    may_edit: bool,
}

/// The edits in one connection.
struct Group {
    connection: String,
    changes: Vec<Change>,
}

struct Change {
    person: String,
    person_path: String,
    seat_path: String,
    before: Option<(String, String)>,
    after: Option<(String, String)>,
    /// What becomes of the person there, where it is not being mapped.
    word: &'static str,
    tone: Tone,
    problem: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Input {
    #[serde(default)]
    reason: String,
}

/// `GET /o/{organization}/mapping/review`
pub(super) async fn show(portal: Portal) -> Answer {
    page(&portal, StatusCode::OK, String::new(), None).await
}

/// `POST /o/{organization}/mapping/save`
pub(super) async fn save(portal: Portal, Sent(input): Sent<Input>) -> Answer {
    let reason = Some(input.reason.trim().to_owned()).filter(|reason| !reason.is_empty());
    match portal.service.save_draft(&portal.actor, reason).await {
        Ok(saved) => {
            let number = saved.number.to_string();
            portal.go(&address(&portal.path("/mapping"), &[("saved", &number)]))
        }
        Err(error) if matches!(error.kind(), Kind::Conflict | Kind::Invalid) => {
            page(&portal, status(&error), input.reason, Some(&error)).await
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /o/{organization}/mapping/discard`
pub(super) async fn discard(portal: Portal) -> Answer {
    portal.service.discard_draft(&portal.actor).await?;
    portal.go(&portal.path("/mapping"))
}

async fn page(
    portal: &Portal,
    status: StatusCode,
    reason: String,
    error: Option<&Error>,
) -> Answer {
    let review = portal.service.review_draft(&portal.actor).await?;
    let mut shell = portal.shell(Place::Mapping, "Review").await?;
    // The page has the bar's verbs itself.
    shell.with_bar = false;
    show_with(status, &view(portal, shell, &review, reason, error))
}

fn view(
    portal: &Portal,
    shell: Shell,
    review: &Review,
    reason: String,
    error: Option<&Error>,
) -> Page {
    let mut groups: Vec<Group> = Vec::new();
    for line in &review.lines {
        let change = change(portal, line);
        match groups
            .iter_mut()
            .find(|group| group.connection == line.connection)
        {
            Some(group) => group.changes.push(change),
            None => groups.push(Group {
                connection: line.connection.clone(),
                changes: vec![change],
            }),
        }
    }
    Page {
        shell,
        groups,
        total: review.total,
        shown: review.lines.len() as u64,
        clear: review.is_clear(),
        reason,
        problem: error.map(ProblemView::from),
        may_edit: portal.may_edit(),
    }
}

fn change(portal: &Portal, line: &ReviewLine) -> Change {
    let user = |user: &CrmUser| (user.profile.display_name.clone(), user.id.0.clone());
    let (word, tone) = match &line.draft.edit {
        DraftEdit::Map { .. } => ("mapped", "done"),
        DraftEdit::Unmap => ("not mapped", "look"),
        DraftEdit::NoAccount { .. } => ("no account there", "calm"),
        DraftEdit::HasAccount => ("to be looked for again", "proposed"),
        DraftEdit::Reject { .. } => ("not this one", "look"),
    };
    let maps = matches!(
        line.draft.edit,
        DraftEdit::Map { .. } | DraftEdit::Reject { .. }
    );
    let person = &line.person;
    Change {
        person: person.profile.display_name.clone(),
        person_path: portal.path(&format!("/people/{}", person.id)),
        seat_path: portal.path(&format!(
            "/mapping/{}/{}",
            line.draft.connection_id, person.id
        )),
        before: line.before.as_ref().map(user),
        after: line.after.as_ref().filter(|_| maps).map(user),
        word,
        tone,
        problem: line
            .problem
            .clone()
            .map(|problem| crate::words::sentence(&problem)),
    }
}
