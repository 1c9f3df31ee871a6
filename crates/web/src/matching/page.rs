//! `/o/{organization}/settings/matching`, `/o/{organization}/connections/{connection}/matching`

use askama::Template;
use axum::http::StatusCode;
use counterpart_model::matching_settings::EvidenceSource;
use counterpart_model::{ConnectionId, MatchingRules, OrganizationId, Role};
use counterpart_service::Error;
use counterpart_service::matching::{MatchingInput, MatchingView};
use serde::Deserialize;

use super::effect::Effect;
use super::input::{Input, pair_text, pairs_of, percents};
use crate::form::FormProblems;
use crate::paging::page_after;
use crate::problem::{Answer, status};
use crate::request::{Asked, At, Sent};
use crate::session::Portal;
use crate::shell::{Place, Shell, show_with};
use crate::words::sentence;

/// How many names a page of an effect has.
const LINES: u32 = 25;

/// What is asked of the page.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Query {
    /// A pair of domains to add, as decisions suggest it.
    domains: String,
    /// A pair of names to add.
    alias: String,
    /// The change set that was saved just now.
    saved: Option<u64>,
}

#[derive(Template)]
#[template(path = "matching/page.html")]
struct Page {
    shell: Shell,
    action: String,
    /// The connection and where it is; `None` for the organization's page.
    connection: Option<(String, String)>,
    input: Input,
    form: FormProblems,
    kinds: Vec<(&'static str, &'static str, bool)>,
    /// What holds here, in words.
    holds: Vec<String>,
    /// The organization's own domains.
    domains: String,
    /// The rules that are said here: where they stand, the pair, and what takes it away.
    rules: Vec<(&'static str, String, String)>,
    usual: [String; 2],
    effect: Option<Effect>,
    /// What the effect is of; sent back when it is saved.
    seen: String,
    saved: Option<u64>,
    may_edit: bool,
}

/// What the page shows beside what stands.
struct Shown {
    input: Input,
    form: FormProblems,
    effect: Option<Effect>,
    seen: String,
    saved: Option<u64>,
    status: StatusCode,
}

impl Shown {
    fn of(input: Input) -> Self {
        Self {
            input,
            form: FormProblems::default(),
            effect: None,
            seen: String::new(),
            saved: None,
            status: StatusCode::OK,
        }
    }
}

/// `GET /o/{organization}/settings/matching`
pub(super) async fn show(portal: Portal, Asked(query): Asked<Query>) -> Answer {
    look(&portal, None, query).await
}

/// `GET /o/{organization}/connections/{connection}/matching`
pub(super) async fn show_connection(
    portal: Portal,
    At((_, connection)): At<(OrganizationId, ConnectionId)>,
    Asked(query): Asked<Query>,
) -> Answer {
    look(&portal, Some(connection), query).await
}

/// `POST /o/{organization}/settings/matching`
pub(super) async fn send(portal: Portal, Sent(input): Sent<Input>) -> Answer {
    sent(&portal, None, input).await
}

/// `POST /o/{organization}/connections/{connection}/matching`
pub(super) async fn send_connection(
    portal: Portal,
    At((_, connection)): At<(OrganizationId, ConnectionId)>,
    Sent(input): Sent<Input>,
) -> Answer {
    sent(&portal, Some(connection), input).await
}

async fn look(portal: &Portal, place: Option<ConnectionId>, query: Query) -> Answer {
    let view = portal
        .service
        .matching_settings(&portal.actor, place)
        .await?;
    let mut rules = view.settings.rules.clone();
    let offered = |text: &str| pairs_of(text).unwrap_or_default();
    rules.equivalent_domains.extend(offered(&query.domains));
    rules.aliases.extend(offered(&query.alias));
    let rules = rules.tidied();
    let mut shown = Shown::of(Input::of(&rules, view.settings.version));
    shown.saved = query.saved;
    if rules != view.settings.rules && portal.may_edit() {
        previewed(portal, place, rules, &mut shown).await?;
    }
    page(portal, place, view, shown).await
}

async fn sent(portal: &Portal, place: Option<ConnectionId>, input: Input) -> Answer {
    portal.actor.require(Role::Admin)?;
    let view = portal
        .service
        .matching_settings(&portal.actor, place)
        .await?;
    let outcome = match input.rules() {
        Ok(rules) if input.verb == "save" && input.seen == text_of(&rules)? => {
            return save(portal, place, view, input, rules).await;
        }
        Ok(rules) => Ok(rules),
        Err(error) => Err(error),
    };
    let mut shown = Shown::of(input.clone());
    let tried = match outcome {
        Ok(rules) => {
            shown.input = Input {
                after: input.after,
                ..Input::of(&rules, input.version)
            };
            previewed(portal, place, rules, &mut shown).await
        }
        Err(error) => Err(error),
    };
    match tried {
        Ok(()) => page(portal, place, view, shown).await,
        Err(error) => refused(portal, place, view, shown, error).await,
    }
}

async fn save(
    portal: &Portal,
    place: Option<ConnectionId>,
    view: MatchingView,
    input: Input,
    rules: MatchingRules,
) -> Answer {
    let wanted = MatchingInput {
        connection_id: place,
        version: input.version,
        rules,
        reason: None,
    };
    let saved = portal
        .service
        .save_matching_settings(&portal.actor, wanted)
        .await;
    match saved {
        Ok(saved) => portal.go(&format!("{}?saved={}", path(portal, place), saved.number)),
        Err(error) => refused(portal, place, view, Shown::of(input), error).await,
    }
}

/// The page with what is wrong, where the page can help.
async fn refused(
    portal: &Portal,
    place: Option<ConnectionId>,
    view: MatchingView,
    shown: Shown,
    error: Error,
) -> Answer {
    match FormProblems::of(&error) {
        Some(form) => {
            let shown = Shown {
                form,
                status: status(&error),
                ..shown
            };
            page(portal, place, view, shown).await
        }
        None => Err(error.into()),
    }
}

/// Puts what `rules` would do on the page.
async fn previewed(
    portal: &Portal,
    place: Option<ConnectionId>,
    rules: MatchingRules,
    shown: &mut Shown,
) -> Result<(), Error> {
    let after = shown.input.after.clone();
    let request = page_after(&after, LINES);
    shown.seen = text_of(&rules)?;
    let effect = portal
        .service
        .preview_matching_settings(&portal.actor, place, rules, &request)
        .await?;
    shown.effect = Some(Effect::of(portal, effect, &after));
    Ok(())
}

/// Rules as a text by which two are compared.
fn text_of(rules: &MatchingRules) -> Result<String, Error> {
    serde_json::to_string(rules).map_err(Error::internal)
}

fn path(portal: &Portal, place: Option<ConnectionId>) -> String {
    match place {
        Some(id) => portal.path(&format!("/connections/{id}/matching")),
        None => portal.path("/settings/matching"),
    }
}

async fn page(
    portal: &Portal,
    place: Option<ConnectionId>,
    view: MatchingView,
    shown: Shown,
) -> Answer {
    let connection = view.connection.map(|it| {
        let path = portal.path(&format!("/connections/{}", it.id));
        (it.name, path)
    });
    let (at, title) = match &connection {
        Some((name, _)) => (Place::Connections, format!("Matching in {name}")),
        None => (Place::Settings, "Matching".to_owned()),
    };
    let said = &view.settings.rules;
    let pairs = |kind: &'static str, of: &[_]| -> Vec<(&'static str, String, String)> {
        let one = |pair| {
            let text = pair_text(pair);
            let word = if kind == "domains" {
                "one domain"
            } else {
                "one name"
            };
            (word, text.clone(), format!("{kind}:{text}"))
        };
        of.iter().map(one).collect()
    };
    let mut rules = pairs("domains", &said.equivalent_domains);
    rules.extend(pairs("alias", &said.aliases));
    let holds = view.effective.changes_since(&MatchingRules::default());
    let page = Page {
        shell: portal.shell(at, &title).await?,
        action: path(portal, place),
        connection,
        kinds: EvidenceSource::ALL
            .into_iter()
            .map(|it| (it.as_str(), words_of(it), shown.input.uses(it)))
            .collect(),
        holds: holds.iter().map(|it| sentence(it)).collect(),
        domains: view.domains.join(", "),
        rules,
        usual: [MatchingRules::USUAL_AUTO, MatchingRules::USUAL_REVIEW].map(percents),
        input: shown.input,
        form: shown.form,
        effect: shown.effect,
        seen: shown.seen,
        saved: shown.saved,
        may_edit: portal.may_edit(),
    };
    show_with(shown.status, &page)
}

const fn words_of(source: EvidenceSource) -> &'static str {
    match source {
        EvidenceSource::Email => "E-mail addresses",
        EvidenceSource::Domain => "Mail domains",
        EvidenceSource::GivenName => "Given names",
        EvidenceSource::FamilyName => "Family names",
        EvidenceSource::MiddleName => "Middle names",
        EvidenceSource::Username => "User names",
        EvidenceSource::ExternalId => "Employee numbers and ids",
        EvidenceSource::Phone => "Phone numbers",
        EvidenceSource::Extension => "Extensions",
        EvidenceSource::Text => "Titles and departments",
    }
}
