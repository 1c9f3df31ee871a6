//! Settings and credentials: the fields of a connection's form.

use schemars::JsonSchema;
use serde::Deserialize;

/// One field of the form that connects a provider, in the vendor's own words.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one independent property of a form's field, written as such in manifests"
)]
pub struct Field {
    /// Its name, for the API and for `{name}` in this manifest.
    pub name: String,
    /// What the vendor calls it, for example "Consumer Key".
    pub label: String,
    /// Where to find it, what to enter. Plain text.
    #[serde(default)]
    pub help: String,
    /// What kind of value it takes.
    pub kind: FieldKind,
    /// Whether it must be filled in.
    #[serde(default)]
    pub required: bool,
    /// What is taken when it is left empty. Credentials have none.
    #[serde(default)]
    pub default: Option<String>,
    /// An example, shown while the field is empty.
    #[serde(default)]
    pub placeholder: Option<String>,
    /// The values to choose from, for [`FieldKind::Choice`].
    #[serde(default)]
    pub choices: Vec<Choice>,
    /// How what was typed is put right before it is kept.
    #[serde(default)]
    pub normalise: Normalise,
    /// Used once, when the connection is saved, and then forgotten.
    #[serde(default)]
    pub one_time: bool,
    /// How many minutes a one-time value works after it was made, as the vendor says: the form
    /// counts them down.
    #[serde(default)]
    pub lives_minutes: Option<u32>,
    /// The ways of signing in that need it; empty: all.
    #[serde(default)]
    pub ways: Vec<String>,
    /// Seldom needed: shown under "advanced".
    #[serde(default)]
    pub advanced: bool,
    /// Filled in by the connector when the connection is saved; never shown in the form.
    #[serde(default)]
    pub internal: bool,
    /// Must be filled in when another setting has a certain value.
    #[serde(default)]
    pub required_if: Option<RequiredIf>,
}

/// A value of a setting: with it, a field that may otherwise be empty must be filled in, or a
/// record is written in this way and no other.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RequiredIf {
    /// The other setting.
    pub setting: String,
    /// Its value.
    pub equals: String,
}

/// What kind of value a field takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// One line of text.
    Text,
    /// An address.
    Url,
    /// One of the choices.
    Choice,
    /// A secret: stored sealed, never shown again.
    Secret,
}

/// One value of a [`FieldKind::Choice`].
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// The value that is kept.
    pub value: String,
    /// What is shown.
    pub label: String,
    /// Ends of host names that mean this choice: whoever pastes an address has chosen by it. Of
    /// several that fit the longest counts.
    #[serde(default)]
    pub hosts: Vec<String>,
}

/// How what was typed is put right. Spaces around it are always dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Normalise {
    /// As it was typed.
    #[default]
    None,
    /// An address without its path: `https://` is added when no scheme was typed, host names
    /// become lower case, path, query and trailing slash are dropped.
    Origin,
    /// An address with its path: like [`Normalise::Origin`], but only the trailing slash and
    /// the query are dropped.
    BaseUrl,
    /// A list with commas: spaces and empty entries are dropped.
    List,
}

impl Field {
    /// Whether this way of signing in has use for it.
    pub fn is_for(&self, way: &crate::SignIn) -> bool {
        self.ways.is_empty() || self.ways.iter().any(|name| name == way.name())
    }

    /// Whether the value is stored sealed and never shown.
    pub fn is_secret(&self) -> bool {
        self.kind == FieldKind::Secret
    }
}
