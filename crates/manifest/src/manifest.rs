//! The manifest as a whole, and what pages and the API want to know of it.

use std::collections::BTreeMap;

use counterpart_model::activity::ActivityKind;
use counterpart_model::{Environment, Side};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    Action, Activity, Budget, Constant, Contacts, Environments, ErrorRule, Escape, Field, Hosts,
    IdType, Impersonation, LengthFormat, ManifestError, OrgProbe, Permission, Probe, SandboxRule,
    SessionLookUp, SetupStep, SignIn, SignedInAs, Suite, Template, TimeFormat, Users, Webhooks,
    Yielded, load, rule,
};

/// The setting that says which way of signing in is used, where there are several.
pub const SIGN_IN_SETTING: &str = "sign_in";

/// The one-time credential, of no form, with the address that a browser was sent back to from the
/// consent page and with which its code is exchanged. A setting of this name keeps it, for vendors who want it with every token request.
pub const REDIRECT_URI: &str = "redirect_uri";

/// The version of the format that this version writes and reads.
pub const FORMAT: u32 = 1;

/// What a provider's `manifest.toml` says.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The version of the format. Manifests of earlier versions are read as if they were of this
    /// one.
    pub manifest: u32,
    /// The provider's name: lower-case letters, digits and hyphens.
    pub provider: String,
    /// What the vendor calls the product.
    pub title: String,
    /// One or two letters that stand for it where there is no room.
    pub initial: String,
    /// Its colour, `#rrggbb`.
    pub colour: String,
    /// What its users are.
    pub side: Side,
    /// What happens to a write whose answer was lost.
    pub delivery: DeliveryTier,
    /// The words it uses.
    pub vocabulary: Vocabulary,
    /// Settings that are no secrets.
    #[serde(default)]
    pub settings: Vec<Field>,
    /// Credentials: stored sealed, never shown.
    #[serde(default)]
    pub credentials: Vec<Field>,
    /// Test environments.
    #[serde(default)]
    pub environments: Environments,
    /// Where its API is.
    pub hosts: Hosts,
    /// How inputs are made safe where they stand inside a longer text.
    #[serde(default)]
    pub inputs: BTreeMap<String, InputRule>,
    /// The ways to sign in, those that need no public address first.
    pub sign_in: Vec<SignIn>,
    /// What is asked for behind every signing in, in order: what it yields is part of the
    /// session.
    #[serde(default)]
    pub after_sign_in: Vec<SessionLookUp>,
    /// The suite of products that one sign-in can serve.
    #[serde(default)]
    pub suite: Option<Suite>,
    /// Headers of every request, signed or not.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// Which organization of the vendor a connection leads to.
    pub org: OrgProbe,
    /// As whom it is signed in.
    #[serde(default)]
    pub signed_in_as: Option<SignedInAs>,
    /// What to do on the vendor's side, in order.
    pub steps: Vec<SetupStep>,
    /// The permissions of the API user.
    pub permissions: Vec<Permission>,
    /// What is tried when a connection is tested.
    #[serde(default)]
    pub probes: Vec<Probe>,
    /// The users.
    pub users: Users,
    /// The address of a user's page; `{user_id}` and settings.
    #[serde(default)]
    pub user_link: Option<Template>,
    /// The records that a caller can be.
    #[serde(default)]
    pub contacts: Vec<Contacts>,
    /// The records that can be written.
    #[serde(default)]
    pub activities: Vec<Activity>,
    /// How a write is done in its owner's name.
    #[serde(default)]
    pub impersonation: Option<Impersonation>,
    /// Shows a record on a user's screen.
    #[serde(default)]
    pub screen_pop: Option<Action>,
    /// Places a call from a user's phone.
    #[serde(default)]
    pub place_call: Option<Action>,
    /// Webhooks that come in.
    #[serde(default)]
    pub webhooks: Option<Webhooks>,
    /// How much of the allowance of requests is left.
    #[serde(default)]
    pub budget: Option<Budget>,
    /// What answers mean; the first rule that fits decides. Behind them stand the rules that
    /// hold for every provider, by status.
    #[serde(default)]
    pub errors: Vec<ErrorRule>,
    /// Statuses that mean "nothing there" rather than an answer: 204, 304.
    #[serde(default)]
    pub empty: Vec<u16>,
    /// How fast requests may follow each other.
    #[serde(default)]
    pub rate: Option<Rate>,
    /// The hooks that `hooks.rs` provides.
    #[serde(default)]
    pub hooks: Vec<HookName>,
}

/// How an input is made safe and spelled. Words come first, then the format, then the type;
/// the escape is for inputs that stand inside a longer text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct InputRule {
    /// It is another input, `started_at` or `ended_at`, spelled in one more way: a day beside its
    /// time.
    pub of: Option<String>,
    /// The language of the text it stands in.
    pub escape: Option<Escape>,
    /// What to write for each of our words: `inbound`, `outbound`; `answered`, `missed`,
    /// `voicemail`, `busy`, `failed`. A word that is not there has no value.
    pub words: BTreeMap<String, Constant>,
    /// How an instant is spelled.
    pub time: Option<TimeFormat>,
    /// How a length of time is spelled.
    pub length: Option<LengthFormat>,
    /// The type in a JSON body, where it is the whole of a text.
    #[serde(rename = "type")]
    pub json_type: Option<IdType>,
    /// The greatest number of characters; what is longer is cut.
    pub most: Option<usize>,
}

/// What happens to a write whose answer was lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum DeliveryTier {
    /// A unique key or upsert: written exactly once.
    A,
    /// A key that can be searched for: found, or written again after a wait.
    B,
    /// Neither: the outcome is shown as unknown and never blindly repeated.
    C,
}

/// The provider's words, singular and plural.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Vocabulary {
    /// What it calls its users: `["resource", "resources"]`.
    pub user: (String, String),
    /// What it calls companies.
    pub company: (String, String),
    /// What it calls contacts.
    pub contact: (String, String),
    /// What it calls an organization of its own.
    pub organization: (String, String),
}

/// How fast requests may follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// How many requests …
    pub requests: u32,
    /// … in how many seconds.
    pub per_seconds: u32,
    /// How many at the same time.
    pub at_once: u32,
}

/// A typed function in `hooks.rs`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum HookName {
    /// Puts settings right before the general rules do.
    NormaliseSettings,
    /// Adds what a request needs to be accepted, when it is otherwise complete.
    SignRequest,
    /// Signs in or renews, in place of the manifest's way.
    RefreshToken,
    /// Finds the next page.
    NextPage,
    /// Turns a body that is no JSON into the JSON that pointers look into.
    DecodePage,
    /// Brings a user's id to its one form.
    NormaliseId,
    /// Changes a user after its fields were read.
    MapUser,
    /// Says what an answer means, before the rules.
    ClassifyError,
    /// Changes the JSON body of a write before it is sent.
    BuildActivity,
    /// Tells a forged webhook from a real one.
    VerifyWebhook,
}

impl Manifest {
    /// Reads a manifest. `file` stands in messages only. Every problem is reported at once.
    pub fn load(file: &str, text: &str) -> Result<Self, ManifestError> {
        load::load(file, text)
    }

    /// The setting of this name.
    pub fn setting(&self, name: &str) -> Option<&Field> {
        self.settings.iter().find(|field| field.name == name)
    }

    /// The credential of this name.
    pub fn credential(&self, name: &str) -> Option<&Field> {
        self.credentials.iter().find(|field| field.name == name)
    }

    /// The settings that stand in the form, the seldom needed ones last.
    pub fn form_settings(&self) -> impl Iterator<Item = &Field> {
        in_form(&self.settings)
    }

    /// The credentials that stand in the form.
    pub fn form_credentials(&self) -> impl Iterator<Item = &Field> {
        in_form(&self.credentials)
    }

    /// The probe of this name.
    pub fn probe(&self, name: &str) -> Option<&Probe> {
        self.probes.iter().find(|probe| probe.name == name)
    }

    /// The way of signing in that a connection with these settings uses: the one that the
    /// setting [`SIGN_IN_SETTING`] names, or the first.
    pub fn sign_in_of(&self, settings: &BTreeMap<String, String>) -> &SignIn {
        let chosen = settings.get(SIGN_IN_SETTING).map_or("", String::as_str);
        self.sign_in
            .iter()
            .find(|way| way.name() == chosen)
            .unwrap_or(&self.sign_in[0])
    }

    /// All that a way of signing in yields, and what is asked for behind it.
    pub fn yields<'a>(
        &'a self,
        way: &'a SignIn,
    ) -> impl Iterator<Item = (&'a String, &'a Yielded)> {
        let after = self.after_sign_in.iter().flat_map(|it| &it.yields);
        way.yields().iter().chain(after)
    }

    /// How this kind of record is written; the first where that depends on a setting.
    pub fn activity(&self, kind: ActivityKind) -> Option<&Activity> {
        self.activities
            .iter()
            .find(|activity| activity.kind == kind)
    }

    /// How this kind of record is written by a connection with these settings.
    pub fn activity_of(
        &self,
        kind: ActivityKind,
        settings: &BTreeMap<String, String>,
    ) -> Option<&Activity> {
        self.activities.iter().find(|activity| {
            activity.kind == kind
                && activity
                    .when
                    .as_ref()
                    .is_none_or(|when| settings.get(&when.setting) == Some(&when.equals))
        })
    }

    /// What the settings alone tell of the environment; `None` when they do not tell.
    pub fn environment_by_settings(
        &self,
        settings: &BTreeMap<String, String>,
    ) -> Option<Environment> {
        self.environments
            .sandbox
            .iter()
            .find_map(|rule| match rule {
                SandboxRule::Setting { name, contains } => settings
                    .get(name)
                    .filter(|value| rule::holds_one(value, contains))
                    .map(|_| Environment::Sandbox),
                SandboxRule::Org(_) => None,
            })
    }

    /// Whether the provider can say who changed since an instant.
    pub const fn lists_changed(&self) -> bool {
        self.users.changed.is_some()
    }
}

fn in_form(fields: &[Field]) -> impl Iterator<Item = &Field> {
    let shown = |advanced: bool| {
        fields
            .iter()
            .filter(move |field| !field.internal && field.advanced == advanced)
    };
    shown(false).chain(shown(true))
}
