//! `/o/{organization}/mapping/import/pairs`: two columns of ids out of another product.

use askama::Template;
use axum::extract::Request;
use axum::http::StatusCode;
use counterpart_model::{Connection, ConnectionId, Role, Side};
use counterpart_service::Error;
use counterpart_service::mapping::{CrmUserKey, FileProblem, PairsInput, PairsPlan, PersonKey};
use serde::Deserialize;

use super::import::PlanView;
use crate::form::FormProblems;
use crate::problem::{Answer, status};
use crate::request::{Sent, address};
use crate::session::Portal;
use crate::shell::{Place, Shell, show_with};
use crate::upload::{Upload, received};

/// How many rows that are left out are listed.
const MOST_LISTED: usize = 50;

#[derive(Template)]
#[template(path = "mapping/pairs.html")]
struct Page {
    shell: Shell,
    base: String,
    form: FormProblems,
    connections: Vec<Choice>,
    pairs: Option<PairsView>,
    outrun: bool,
}

/// One option of a list.
struct Choice {
    value: String,
    word: String,
    chosen: bool,
}

/// How a file was understood, and what it would change.
struct PairsView {
    connection: String,
    rows: usize,
    person: String,
    person_found: usize,
    crm_user: String,
    crm_user_found: usize,
    person_columns: Vec<Choice>,
    person_keys: Vec<Choice>,
    crm_user_columns: Vec<Choice>,
    crm_user_keys: Vec<Choice>,
    skip_unknown: bool,
    skipped: Vec<FileProblem>,
    skipped_count: usize,
    plan: PlanView,
}

/// What the forms of the page send.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Input {
    file: String,
    connection: String,
    person_column: String,
    person_key: String,
    crm_user_column: String,
    crm_user_key: String,
    skip_unknown: String,
    fingerprint: String,
}

impl Input {
    /// Errs when no connection is chosen.
    fn asked<'b>(&self, bytes: &'b [u8]) -> Result<PairsInput<'b>, Error> {
        let connection: ConnectionId = self.connection.parse().map_err(|_| {
            Error::field(
                counterpart_model::Code::RequestInvalid,
                "connection",
                "choose a connection",
            )
        })?;
        let said = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        Ok(PairsInput {
            bytes,
            connection,
            person_column: said(&self.person_column),
            person_key: PersonKey::parse(&self.person_key),
            crm_user_column: said(&self.crm_user_column),
            crm_user_key: CrmUserKey::parse(&self.crm_user_key),
            skip_unknown: !self.skip_unknown.is_empty(),
        })
    }
}

/// `GET /o/{organization}/mapping/import/pairs`
pub(super) async fn show(portal: Portal) -> Answer {
    portal.actor.require(Role::Admin)?;
    let form = FormProblems::default();
    page(&portal, StatusCode::OK, form, "", None, false).await
}

/// `POST /o/{organization}/mapping/import/pairs`: shows how the file is understood, and what it
/// would change. Rows that name nobody are left out at first, and said.
pub(super) async fn preview(portal: Portal, request: Request) -> Answer {
    portal.actor.require(Role::Admin)?;
    let upload = match Upload::read(request).await {
        Ok(upload) => upload,
        Err(error) => return refused(&portal, "", error).await,
    };
    let input = Input {
        connection: upload.field("connection").to_owned(),
        skip_unknown: "yes".to_owned(),
        ..Input::default()
    };
    look(&portal, &upload.file, &input, StatusCode::OK, false).await
}

/// `POST /o/{organization}/mapping/import/pairs/look`: the same file, understood otherwise.
pub(super) async fn again(portal: Portal, Sent(input): Sent<Input>) -> Answer {
    portal.actor.require(Role::Admin)?;
    let bytes = received(&input.file)?;
    look(&portal, &bytes, &input, StatusCode::OK, false).await
}

/// `POST /o/{organization}/mapping/import/pairs/apply`
pub(super) async fn apply(portal: Portal, Sent(input): Sent<Input>) -> Answer {
    portal.actor.require(Role::Admin)?;
    let bytes = received(&input.file)?;
    let Portal { service, actor, .. } = &portal;
    let planned = match input.asked(&bytes) {
        Ok(asked) => service.plan_pairs(actor, &asked).await,
        Err(error) => Err(error),
    };
    let pairs = match planned {
        Ok(pairs) => pairs,
        Err(error) => return refused(&portal, &input.connection, error).await,
    };
    if pairs.plan.fingerprint() != input.fingerprint || pairs.plan.is_empty() {
        return look(&portal, &bytes, &input, StatusCode::CONFLICT, true).await;
    }
    let reason = Some("imported pairs from a file".to_owned());
    match service.apply_pairs(actor, pairs, reason).await {
        Ok(applied) => portal.go(&address(
            &portal.path("/mapping"),
            &[("saved", &applied.number.to_string())],
        )),
        Err(error) => refused(&portal, &input.connection, error).await,
    }
}

async fn look(
    portal: &Portal,
    bytes: &[u8],
    input: &Input,
    status: StatusCode,
    outrun: bool,
) -> Answer {
    let planned = match input.asked(bytes) {
        Ok(asked) => {
            let pairs = portal.service.plan_pairs(&portal.actor, &asked).await;
            pairs.map(|pairs| view(bytes, input, &pairs))
        }
        Err(error) => Err(error),
    };
    match planned {
        Ok(pairs) => {
            let form = FormProblems::default();
            page(portal, status, form, &input.connection, Some(pairs), outrun).await
        }
        Err(error) => refused(portal, &input.connection, error).await,
    }
}

fn view(bytes: &[u8], input: &Input, pairs: &PairsPlan) -> PairsView {
    let columns = |chosen: &str| {
        let headers = pairs.headers.iter();
        let choice = |header: &String| Choice {
            value: header.clone(),
            word: header.clone(),
            chosen: header == chosen,
        };
        headers.map(choice).collect()
    };
    let key = |value: &str, word: &str, chosen: bool| Choice {
        value: value.to_owned(),
        word: word.to_owned(),
        chosen,
    };
    PairsView {
        connection: input.connection.clone(),
        rows: pairs.rows,
        person: format!("{}: {}", pairs.person.name, pairs.person.key.words()),
        person_found: pairs.person.found,
        crm_user: format!("{}: {}", pairs.crm_user.name, pairs.crm_user.key.words()),
        crm_user_found: pairs.crm_user.found,
        person_columns: columns(&pairs.person.name),
        person_keys: PersonKey::ALL
            .iter()
            .map(|it| key(it.as_str(), it.words(), *it == pairs.person.key))
            .collect(),
        crm_user_columns: columns(&pairs.crm_user.name),
        crm_user_keys: CrmUserKey::ALL
            .iter()
            .map(|it| key(it.as_str(), it.words(), *it == pairs.crm_user.key))
            .collect(),
        skip_unknown: !input.skip_unknown.is_empty(),
        skipped: pairs.skipped.iter().take(MOST_LISTED).cloned().collect(),
        skipped_count: pairs.skipped.len(),
        plan: PlanView::new(bytes, &pairs.plan),
    }
}

async fn refused(portal: &Portal, connection: &str, error: Error) -> Answer {
    match FormProblems::of(&error) {
        Some(form) => page(portal, status(&error), form, connection, None, false).await,
        None => Err(error.into()),
    }
}

async fn page(
    portal: &Portal,
    status: StatusCode,
    form: FormProblems,
    chosen: &str,
    pairs: Option<PairsView>,
    outrun: bool,
) -> Answer {
    let all = portal.service.list_connections(&portal.actor).await?;
    let mapped = |it: &Connection| {
        it.side != Side::Platform && it.provider != counterpart_model::connection::DIRECTORY
    };
    let connections = all.into_iter().filter(mapped).map(|it| {
        let value = it.id.to_string();
        Choice {
            chosen: value == chosen,
            value,
            word: it.name,
        }
    });
    let page = Page {
        shell: portal.shell(Place::Mapping, "Import pairs").await?,
        base: portal.path("/mapping"),
        form,
        connections: connections.collect(),
        pairs,
        outrun,
    };
    show_with(status, &page)
}
