//! `/o/{organization}/connections/new/suite/{suite}`: one sign-in, a connection for each product
//! that is ticked.
//!
//! The ticks are a form of their own, so that the scopes and the fields below it are those of the
//! products that are wanted; with scripts only that part is swapped, and nothing typed is lost.

use std::collections::BTreeMap;

use askama::Template;
use axum::http::{StatusCode, Uri};
use counterpart_manifest::{Manifest, SIGN_IN_SETTING};
use counterpart_model::{Code, Environment, OrganizationId, Role};
use counterpart_service::Error;
use counterpart_service::connections::{Suite, SuiteInput, SuiteProduct};
use secrecy::SecretString;
use url::form_urlencoded;

use super::consent::{Callback, sync};
use super::fields::{FieldView, Filled};
use super::form::{Fields, WayView, scopes, waits_for_consent};
use super::gallery::{products_of, short_titles};
use super::outcome::Outcome;
use crate::form::FormProblems;
use crate::problem::{Answer, Problem, status};
use crate::providers::Provider;
use crate::request::{At, Sent, address};
use crate::session::Portal;
use crate::shell::{Place, Shell, show_with};

#[derive(Template)]
#[template(path = "connections/suite.html")]
struct Page {
    shell: Shell,
    title: String,
    action: String,
    products: Vec<ProductView>,
    way: String,
    ways: Vec<(WayView, String)>,
    callback: Option<Callback>,
    scopes: String,
    fields: Vec<FieldView>,
    /// Fields of single products, and those that are seldom needed.
    advanced: Vec<FieldView>,
    environment: String,
    outcome: Outcome,
}

struct ProductView {
    provider: Provider,
    short: String,
    ticked: bool,
}

/// What was asked for or sent.
#[derive(Default)]
struct Input {
    products: Vec<String>,
    environment: String,
    settings: BTreeMap<String, String>,
    /// Settings of single products, by provider.
    own: BTreeMap<String, BTreeMap<String, String>>,
    credentials: BTreeMap<String, SecretString>,
}

impl Input {
    fn read(fields: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut input = Self::default();
        for (name, value) in fields {
            match name.split_once('.') {
                Some(("s", setting)) => {
                    input.settings.insert(setting.to_owned(), value);
                }
                Some(("c", credential)) => {
                    let credential = credential.to_owned();
                    input.credentials.insert(credential, value.into());
                }
                Some(("p", own)) => {
                    if let Some((provider, setting)) = own.split_once('.') {
                        let settings = input.own.entry(provider.to_owned()).or_default();
                        settings.insert(setting.to_owned(), value);
                    }
                }
                _ => match name.as_str() {
                    "product" => input.products.push(value),
                    "environment" => input.environment = value,
                    "way" => {
                        input.settings.insert(SIGN_IN_SETTING.to_owned(), value);
                    }
                    _ => {}
                },
            }
        }
        input
    }

    fn to_service(&self, suite: &str) -> SuiteInput {
        let products = self.products.iter().map(|provider| SuiteProduct {
            provider: provider.clone(),
            name: String::new(),
            settings: self.own.get(provider).cloned().unwrap_or_default(),
        });
        SuiteInput {
            suite: suite.to_owned(),
            products: products.collect(),
            environment: match self.environment.as_str() {
                "production" => Some(Environment::Production),
                "sandbox" => Some(Environment::Sandbox),
                _ => None,
            },
            settings: self.settings.clone(),
            credentials: self.credentials.clone(),
        }
    }
}

type SuiteAt = At<(OrganizationId, String)>;

/// `GET /o/{organization}/connections/new/suite/{suite}`
pub(super) async fn show(
    portal: Portal,
    callback: Callback,
    At((_, name)): SuiteAt,
    uri: Uri,
) -> Answer {
    portal.actor.require(Role::Admin)?;
    let suite = portal.service.suite(&name)?;
    let query = uri.query().unwrap_or_default();
    let asked = form_urlencoded::parse(query.as_bytes()).into_owned();
    let mut input = Input::read(asked.filter(|(name, _)| name == "product" || name == "way"));
    if input.products.is_empty() {
        input.products.clone_from(&suite.products);
    }
    let problems = FormProblems::default();
    let ok = StatusCode::OK;
    page(
        &portal,
        callback,
        ok,
        &suite,
        &input,
        &problems,
        Outcome::NONE,
    )
    .await
}

/// `POST /o/{organization}/connections/new/suite/{suite}`
pub(super) async fn send(
    portal: Portal,
    callback: Callback,
    At((_, name)): SuiteAt,
    Sent(fields): Sent<Fields>,
) -> Answer {
    portal.actor.require(Role::Admin)?;
    let suite = portal.service.suite(&name)?;
    let input = Input::read(fields);
    let wanted = input.to_service(&suite.name);
    let error = match portal.service.connect_suite(&portal.actor, wanted).await {
        Ok(connections) => {
            let mut all = connections.iter();
            let waits = all.find(|it| waits_for_consent(&portal.service, it));
            if let Some(first) = waits {
                let path = format!("/connections/{}/sign-in", first.id);
                return portal.go(&portal.path(&path));
            }
            for connection in &connections {
                sync(&portal, connection.id).await;
            }
            return portal.go(&portal.path("/connections"));
        }
        Err(error) => error,
    };
    let manifests = manifests(&portal, &suite, &input.products)?;
    let label = |name: &str| {
        let known = manifests.iter();
        let mut known = known.filter_map(|it| it.setting(name).or_else(|| it.credential(name)));
        let found = known.next();
        found.map_or_else(|| crate::words::sentence(name), |field| field.label.clone())
    };
    let (mut outcome, problems) = Outcome::refused(&error, label)?;
    outcome.retype = !portal.fragment;
    if portal.fragment {
        return show_with(status(&error), &outcome);
    }
    page(
        &portal,
        callback,
        status(&error),
        &suite,
        &input,
        &problems,
        outcome,
    )
    .await
}

/// The manifests of the products that are wanted, in the suite's order.
fn manifests<'a>(
    portal: &'a Portal,
    suite: &Suite,
    wanted: &[String],
) -> Result<Vec<&'a Manifest>, Problem> {
    suite
        .products
        .iter()
        .filter(|product| wanted.contains(product))
        .map(|product| {
            let known = portal.service.connectors().get(product);
            let unknown = || Error::new(Code::ConnectionProviderUnknown, product.clone());
            Ok(known.ok_or_else(unknown)?.manifest())
        })
        .collect()
}

async fn page(
    portal: &Portal,
    callback: Callback,
    status: StatusCode,
    suite: &Suite,
    input: &Input,
    problems: &FormProblems,
    outcome: Outcome,
) -> Answer {
    let action = portal.path(&format!("/connections/new/suite/{}", suite.name));
    let providers = products_of(&portal.service, suite);
    let short = short_titles(&providers);
    let wanted = manifests(portal, suite, &input.products)?;
    // Without a tick the ways are those of the first product, for a page that can be mended.
    let first = match wanted.first() {
        Some(first) => *first,
        None => manifests(portal, suite, &suite.products)?[0],
    };
    let way = first.sign_in_of(&input.settings);
    let (fields, advanced) = fields(&wanted, input, problems);
    let ways = WayView::all(first, way).into_iter().map(|way| {
        let ticked = input.products.iter().map(|it| ("product", it.as_str()));
        let asked: Vec<_> = ticked.chain([("way", way.name.as_str())]).collect();
        let path = address(&action, &asked);
        (way, path)
    });
    let title = format!("Connect {}", suite.title);
    let page = Page {
        shell: portal.shell(Place::Connections, &title).await?,
        title: suite.title.clone(),
        products: providers
            .into_iter()
            .zip(short)
            .map(|(provider, short)| ProductView {
                ticked: input.products.contains(&provider.name),
                provider,
                short,
            })
            .collect(),
        way: way.name().to_owned(),
        ways: ways.collect(),
        callback: way.authorize().map(|_| callback),
        scopes: all_scopes(&wanted, input),
        fields,
        advanced,
        environment: input.environment.clone(),
        outcome,
        action,
    };
    show_with(status, &page)
}

/// What to ask for when a code for all of the products is made; empty where none is.
fn all_scopes(manifests: &[&Manifest], input: &Input) -> String {
    let mut all: Vec<&str> = Vec::new();
    let mut separator = " ";
    for manifest in manifests {
        let makes_code = !scopes(manifest, manifest.sign_in_of(&input.settings)).is_empty();
        let Some(suite) = manifest.suite.as_ref().filter(|_| makes_code) else {
            continue;
        };
        separator = &suite.separator;
        for scope in &suite.scopes {
            if !all.contains(&scope.as_str()) {
                all.push(scope);
            }
        }
    }
    all.join(separator)
}

/// The fields of all products: what they have alike is asked for once, what one of them has
/// alone stands with its name among what is seldom needed.
fn fields(
    manifests: &[&Manifest],
    input: &Input,
    problems: &FormProblems,
) -> (Vec<FieldView>, Vec<FieldView>) {
    let mut common: Vec<FieldView> = Vec::new();
    let mut seldom: Vec<FieldView> = Vec::new();
    for manifest in manifests {
        let mut settings = input.settings.clone();
        let own = input.own.get(&manifest.provider);
        settings.extend(own.cloned().unwrap_or_default());
        let filled = Filled {
            settings: &settings,
            stored: &[],
            problems,
        };
        let (usual, advanced) = filled.fields(manifest);
        let all = usual.into_iter().map(|field| (field, false));
        for (mut field, is_advanced) in all.chain(advanced.into_iter().map(|it| (it, true))) {
            if is_common(manifests, &field) {
                let known = common.iter().chain(&seldom);
                let is_there = known.into_iter().any(|known| known.name == field.name);
                match (is_there, is_advanced) {
                    (true, _) => {}
                    (false, true) => seldom.push(field),
                    (false, false) => common.push(field),
                }
            } else {
                let setting = field.name.trim_start_matches("s.");
                field.name = format!("p.{}.{setting}", manifest.provider);
                field.label = format!("{}: {}", manifest.title, field.label);
                seldom.push(field);
            }
        }
    }
    (common, seldom)
}

/// Whether every product has this field, and means the same by it.
fn is_common(manifests: &[&Manifest], field: &FieldView) -> bool {
    manifests.iter().all(|manifest| {
        let known = match field.name.split_once('.') {
            Some(("c", name)) => manifest.credential(name),
            Some((_, name)) => manifest.setting(name),
            None => None,
        };
        // Addresses of each product's own have its name in their example.
        known.is_some_and(|known| {
            let placeholder = known.placeholder.as_deref().unwrap_or_default();
            known.label == field.label && placeholder == field.placeholder
        })
    })
}
