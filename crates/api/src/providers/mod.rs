//! Providers: the kinds of system that can be connected, with what a form about one needs.

mod list;

use std::collections::BTreeMap;

use counterpart_connector::{Capability, Connector};
use counterpart_manifest::{
    DeliveryTier, Field, FieldKind, Need, Permission, SetupStep, SignIn, Suite,
};
use counterpart_service::Service;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::words::Side;

/// The routes below `/api/v1`.
pub(crate) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(list::list_providers))
}

/// A kind of system that can be connected, in the vendor's words.
#[derive(Debug, Serialize, ToSchema)]
#[expect(
    clippy::struct_field_names,
    reason = "a connection names it by the same word"
)]
pub(crate) struct Provider {
    /// Its name, for `provider` of a connection.
    provider: String,
    /// What the vendor calls the product.
    title: String,
    /// What its users are.
    side: Side,
    /// What the vendor calls its users, singular and plural.
    users_are_called: [String; 2],
    /// What the vendor calls its test environments, if there are any.
    sandbox_word: Option<String>,
    /// What happens to a write whose answer was lost: `A` written exactly once, `B` found again
    /// or repeated after a wait, `C` shown as unknown.
    delivery: &'static str,
    /// The same for each kind of record that is written, by kind.
    delivery_of: BTreeMap<&'static str, &'static str>,
    /// Whether it can be asked for the users changed since an instant.
    changed_since: bool,
    /// Everything that it can do, by names such as `list_users` and `write_call`.
    capabilities: Vec<&'static str>,
    /// The ways of signing in, those that need no public address first. Where there are several,
    /// the setting `sign_in` chooses by `name`.
    ways: Vec<ProviderWay>,
    /// The suite of products that one sign-in can serve, if it is one of several.
    suite: Option<ProviderSuite>,
    /// What a connection's `settings` may hold.
    settings: Vec<ProviderField>,
    /// What a connection's `credentials` may hold.
    credentials: Vec<ProviderField>,
    /// What to do on the vendor's side, in order.
    steps: Vec<ProviderStep>,
    /// The permissions of the API user.
    permissions: Vec<ProviderPermission>,
}

/// A way of signing in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProviderWay {
    /// Its name; empty where there is only one.
    name: String,
    /// What the vendor calls it; empty where there is only one.
    title: String,
    /// Whether somebody consents in a browser, which the vendor sends back to an address of
    /// ours: save the connection, then begin a consent.
    needs_public_address: bool,
}

/// A suite of products that share their sign-in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProviderSuite {
    /// Its name: the providers that say the same belong together.
    name: String,
    /// What the vendor calls it.
    title: String,
    /// The scopes that this product needs.
    scopes: Vec<String>,
    /// What stands between scopes.
    separator: String,
}

/// A field of a connection's form.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProviderField {
    /// Its name.
    name: String,
    /// What the vendor calls it.
    label: String,
    /// Where to find it, what to enter.
    help: String,
    /// What kind of value it takes.
    kind: ProviderFieldKind,
    /// Whether it must be filled in.
    required: bool,
    /// What is taken when it is left out.
    default: Option<String>,
    /// An example.
    placeholder: Option<String>,
    /// The values to choose from, where `kind` is `choice`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    choices: Vec<ProviderChoice>,
    /// Used once, when the connection is saved, and then forgotten.
    one_time: bool,
    /// For how many minutes a one-time value works after it was made, where the vendor says so.
    lives_minutes: Option<u32>,
    /// The ways of signing in that need it, by name; empty: all.
    ways: Vec<String>,
    /// Seldom needed.
    advanced: bool,
}

/// What kind of value a field takes.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ProviderFieldKind {
    Text,
    Url,
    Choice,
    Secret,
}

/// One value of a choice.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProviderChoice {
    /// The value that is sent.
    value: String,
    /// What is shown.
    label: String,
}

/// One step on the vendor's side.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProviderStep {
    /// What is done, in a few words.
    title: String,
    /// The path through the vendor's menus.
    #[serde(rename = "where")]
    place: String,
    /// What to do there.
    what: String,
}

/// A permission, in the vendor's words.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProviderPermission {
    /// What the vendor calls it.
    name: String,
    /// `required`, `optional` or `must_be_absent`.
    need: ProviderNeed,
    /// What for.
    why: String,
}

/// How much a permission is needed.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ProviderNeed {
    Required,
    Optional,
    MustBeAbsent,
}

impl From<&dyn Connector> for Provider {
    fn from(connector: &dyn Connector) -> Self {
        let manifest = connector.manifest();
        let (one, many) = manifest.vocabulary.user.clone();
        let capabilities = connector.capabilities();
        Self {
            provider: manifest.provider.clone(),
            title: manifest.title.clone(),
            side: manifest.side.into(),
            users_are_called: [one, many],
            sandbox_word: manifest.environments.sandbox_word.clone(),
            delivery: letter(manifest.delivery),
            delivery_of: capabilities
                .delivery_of
                .iter()
                .map(|(kind, tier)| (kind.as_str(), letter(*tier)))
                .collect(),
            changed_since: capabilities.has(Capability::ChangedUsers),
            capabilities: Capability::all()
                .filter(|capability| capabilities.has(*capability))
                .map(Capability::as_str)
                .collect(),
            ways: manifest.sign_in.iter().map(ProviderWay::from).collect(),
            suite: manifest.suite.as_ref().map(ProviderSuite::from),
            settings: manifest.form_settings().map(ProviderField::from).collect(),
            credentials: manifest
                .form_credentials()
                .map(ProviderField::from)
                .collect(),
            steps: manifest.steps.iter().map(ProviderStep::from).collect(),
            permissions: manifest
                .permissions
                .iter()
                .map(ProviderPermission::from)
                .collect(),
        }
    }
}

const fn letter(tier: DeliveryTier) -> &'static str {
    match tier {
        DeliveryTier::A => "A",
        DeliveryTier::B => "B",
        DeliveryTier::C => "C",
    }
}

impl From<&SignIn> for ProviderWay {
    fn from(way: &SignIn) -> Self {
        Self {
            name: way.name().to_owned(),
            title: way.title().to_owned(),
            needs_public_address: way.authorize().is_some(),
        }
    }
}

impl From<&Suite> for ProviderSuite {
    fn from(suite: &Suite) -> Self {
        Self {
            name: suite.name.clone(),
            title: suite.title.clone(),
            scopes: suite.scopes.clone(),
            separator: suite.separator.clone(),
        }
    }
}

impl From<&Field> for ProviderField {
    fn from(field: &Field) -> Self {
        Self {
            name: field.name.clone(),
            label: field.label.clone(),
            help: field.help.clone(),
            kind: match field.kind {
                FieldKind::Text => ProviderFieldKind::Text,
                FieldKind::Url => ProviderFieldKind::Url,
                FieldKind::Choice => ProviderFieldKind::Choice,
                FieldKind::Secret => ProviderFieldKind::Secret,
            },
            required: field.required,
            default: field.default.clone(),
            placeholder: field.placeholder.clone(),
            choices: field
                .choices
                .iter()
                .map(|choice| ProviderChoice {
                    value: choice.value.clone(),
                    label: choice.label.clone(),
                })
                .collect(),
            one_time: field.one_time,
            lives_minutes: field.lives_minutes,
            ways: field.ways.clone(),
            advanced: field.advanced,
        }
    }
}

impl From<&SetupStep> for ProviderStep {
    fn from(step: &SetupStep) -> Self {
        Self {
            title: step.title.clone(),
            place: step.place.clone(),
            what: step.what.clone(),
        }
    }
}

impl From<&Permission> for ProviderPermission {
    fn from(permission: &Permission) -> Self {
        Self {
            name: permission.name.clone(),
            need: match permission.need {
                Need::Required => ProviderNeed::Required,
                Need::Optional => ProviderNeed::Optional,
                Need::MustBeAbsent => ProviderNeed::MustBeAbsent,
            },
            why: permission.why.clone(),
        }
    }
}
