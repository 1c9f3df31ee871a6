//! Reviewing the draft, saving it, discarding it.

use askama::Template;
use axum::http::StatusCode;
use counterpart_model::{CrmUser, DraftEdit, Timestamp};
use counterpart_service::mapping::{EditClashCause, EditScope, Review, ReviewLine};
use counterpart_service::{Error, Kind};
use serde::Deserialize;

use crate::problem::{Answer, ProblemView, status};
use crate::request::{Sent, address};
use crate::session::Portal;
use crate::shell::{Place, Shell, show_with};
use crate::times::Moment;
use crate::words::{Tone, sentence};

#[derive(Template)]
#[template(path = "mapping/review.html")]
struct Page {
    shell: Shell,
    groups: Vec<Group>,
    total: u64,
    shown: u64,
    clashes: u64,
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
    clash: Option<ClashView>,
}

/// What stands in the way of a change, and how it can be wanted all the same.
struct ClashView {
    detail: String,
    /// The number of the change that is in the way, who made it and when.
    by: Option<(u64, String, Moment)>,
    /// The fields of the form that wants it again, knowing what stands there; none where somebody
    /// else would have to give way.
    again: Option<Vec<(&'static str, String)>>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Input {
    #[serde(default)]
    reason: String,
    /// `rest` to save what does not clash.
    #[serde(default)]
    scope: String,
}

/// `GET /o/{organization}/mapping/review`
pub(super) async fn show(portal: Portal) -> Answer {
    page(&portal, StatusCode::OK, String::new(), None).await
}

/// `POST /o/{organization}/mapping/save`
pub(super) async fn save(portal: Portal, Sent(input): Sent<Input>) -> Answer {
    let reason = Some(input.reason.trim().to_owned()).filter(|reason| !reason.is_empty());
    let scope = if input.scope == "rest" {
        EditScope::Clear
    } else {
        EditScope::Everything
    };
    match portal
        .service
        .save_draft(&portal.actor, reason, scope)
        .await
    {
        Ok(saved) => {
            let number = saved.change_set.number.to_string();
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
        clashes: review.clashes,
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
        clash: line.clash.as_ref().map(|clash| ClashView {
            detail: sentence(&clash.detail),
            by: clash.changed_by.as_ref().map(|view| {
                let by = view.account.as_ref().map_or_else(
                    || view.change_set.origin.as_str().to_owned(),
                    |account| account.email.clone(),
                );
                let at = portal.times.moment(view.change_set.applied_at);
                (view.change_set.number, by, at)
            }),
            again: (clash.cause != EditClashCause::Taken).then(|| again(portal, &line.draft.edit)),
        }),
    }
}

/// The fields of the form that puts an edit into the draft again.
fn again(portal: &Portal, edit: &DraftEdit) -> Vec<(&'static str, String)> {
    let want = |word: &str| ("want", word.to_owned());
    match edit {
        DraftEdit::Map {
            crm_user_id,
            accepted,
        } => vec![
            want(if *accepted { "accept" } else { "map" }),
            ("crm_user", crm_user_id.0.clone()),
        ],
        DraftEdit::Reject { crm_user_id } => {
            vec![want("reject"), ("crm_user", crm_user_id.0.clone())]
        }
        DraftEdit::Unmap => vec![want("unmap")],
        DraftEdit::HasAccount => vec![want("has_account")],
        DraftEdit::NoAccount { reason, expires_at } => vec![
            want("no_account"),
            ("reason", reason.clone().unwrap_or_default()),
            ("until", until(portal, *expires_at)),
        ],
    }
}

/// The day on which a decision ends, as forms send it; empty for one that does not.
fn until(portal: &Portal, expires_at: Timestamp) -> String {
    if expires_at == Timestamp::FOREVER {
        return String::new();
    }
    portal.times.day(expires_at)
}
