//! What has to be done on the vendor's side, and how to see that it was.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::{Condition, Pointer, RequestTemplate, Template};

/// One step of setting up, done by whoever administers the vendor's system.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetupStep {
    /// What is done, in a few words.
    pub title: String,
    /// Where: the path through the vendor's menus.
    #[serde(default, rename = "where")]
    pub place: String,
    /// What to do there.
    pub what: String,
    /// The probe that sees whether it was done.
    #[serde(default)]
    pub probe: Option<String>,
}

/// How much a permission is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Need {
    /// Nothing works without it.
    Required,
    /// Something named in its reason does not work without it.
    Optional,
    /// Must not be given.
    MustBeAbsent,
}

/// A permission, in the vendor's own words.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Permission {
    /// What the vendor calls it.
    pub name: String,
    /// How much it is needed.
    pub need: Need,
    /// What for.
    pub why: String,
    /// The probe that sees whether it is there.
    #[serde(default)]
    pub probe: Option<String>,
}

/// A harmless request whose answer shows whether something works.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Probe {
    /// Its name, for steps and permissions.
    pub name: String,
    /// What it shows, in a few words: "Users can be listed".
    pub title: String,
    /// How much what it shows is needed.
    #[serde(default = "required")]
    pub need: Need,
    /// The request.
    pub request: RequestTemplate,
    /// What its answer must hold; empty: any answer that is no error.
    #[serde(default)]
    pub expect: Vec<Condition>,
}

const fn required() -> Need {
    Need::Required
}

/// How to find out which organization of the vendor a connection leads to.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OrgProbe {
    /// The request; absent: id and name are made of inputs.
    #[serde(default)]
    pub request: Option<RequestTemplate>,
    /// Whether the test goes on when the request is refused or finds nothing.
    #[serde(default)]
    pub optional: bool,
    /// Its id: the first of these that has a value.
    pub id: Vec<OrgValue>,
    /// Its name.
    #[serde(default)]
    pub name: Option<OrgValue>,
}

/// Where something about the organization is found.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OrgValue {
    /// In the answer.
    Pointer(Pointer),
    /// In several places of the answer, joined with hyphens.
    Joined(Vec<Pointer>),
    /// Made of inputs: settings and values that signing in yielded. No credentials: what is
    /// found here is shown.
    Text(Template),
}

/// How to find out as whom a connection is signed in.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SignedInAs {
    /// The request; absent: the name is made of inputs.
    #[serde(default)]
    pub request: Option<RequestTemplate>,
    /// Where the user's name stands.
    pub name: OrgValue,
}

/// How the vendor's test environments are recognised.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Environments {
    /// What the vendor calls them.
    #[serde(default)]
    pub sandbox_word: Option<String>,
    /// How to know one; any one of the rules is enough.
    #[serde(default)]
    pub sandbox: Vec<SandboxRule>,
}

/// One sign of a test environment.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum SandboxRule {
    /// A setting holds one of these texts.
    Setting {
        /// The setting.
        name: String,
        /// The texts, compared without regard to case.
        contains: Vec<String>,
    },
    /// The answer of the *which organization* request fulfils this.
    Org(Condition),
}
