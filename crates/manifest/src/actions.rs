//! What else a provider can be asked to do, and what it says of itself: acting in somebody's
//! name, showing a record on somebody's screen, placing a call, how much allowance is left.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::{HeaderTemplate, Pointer, RequestTemplate};

/// How a write is done in the name of its owner.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Impersonation {
    /// The headers of such a request; `{owner}` is the user.
    pub headers: BTreeMap<String, HeaderTemplate>,
    /// Which id of the user that is: absent, the immutable one; else a kind of `other_ids`.
    #[serde(default)]
    pub owner_id: Option<String>,
    /// Whether a write that is refused in the user's name is done in our own, and said so.
    #[serde(default)]
    pub fall_back: bool,
}

/// Something that is asked of a provider with one request.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Action {
    /// The request. Showing a record has `{owner}`, the user whose screen it is, and
    /// `{contact_id}`; placing a call has `{user_id}`, `{extension}` and `{to_number}`.
    pub request: RequestTemplate,
    /// Which id of the user `{owner}` or `{user_id}` is: absent, the immutable one; else a kind
    /// of `other_ids`.
    #[serde(default)]
    pub owner_id: Option<String>,
}

/// How much of the allowance of requests is left.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Budget {
    /// For how long the allowance is: "day", "hour", "10 seconds".
    pub period: String,
    /// Asks for it. Absent: it stands in headers of the *which organization* request's answer.
    #[serde(default)]
    pub request: Option<RequestTemplate>,
    /// Where the allowance stands.
    #[serde(default)]
    pub limit: Option<BudgetPlace>,
    /// Where it says what is left.
    #[serde(default)]
    pub remaining: Option<BudgetPlace>,
    /// Where it says what was used, where it does not say what is left.
    #[serde(default)]
    pub used: Option<BudgetPlace>,
}

/// Where a number of the allowance stands.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BudgetPlace {
    /// In the answer.
    Pointer(Pointer),
    /// In a header.
    Header(String),
}
