//! What is written to a CRM under its owner: calls, notes, tasks, tickets, ticket notes, time.

use std::collections::BTreeMap;

use counterpart_model::activity::ActivityKind;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::manifest::{DeliveryTier, InputRule};
use crate::{Condition, One, Paging, Pick, Pointer, RequestTemplate, Source, Template};

/// One kind of record that can be written.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Activity {
    /// What it is for us.
    pub kind: ActivityKind,
    /// What the vendor calls it: `Task`, `Phone call`.
    pub title: String,
    /// What happens to a write whose answer was lost; the manifest's where nothing is said.
    #[serde(default)]
    pub delivery: Option<DeliveryTier>,
    /// Which id of the user owns it: absent, the immutable one; else a kind of `other_ids`.
    #[serde(default)]
    pub owner_id: Option<String>,
    /// What must be known of what it is about: inputs without which it is not written.
    #[serde(default)]
    pub needs: Vec<String>,
    /// How inputs are spelled here; what is said here comes before what `[inputs]` says.
    #[serde(default)]
    pub inputs: BTreeMap<String, InputRule>,
    /// Whether it is written in the owner's name, by what `[impersonation]` says.
    #[serde(default)]
    pub impersonate: bool,
    /// What is read before it is written or changed, in order: further inputs of its requests.
    #[serde(default)]
    pub look_up: Vec<LookUp>,
    /// Writes it.
    pub write: RequestTemplate,
    /// Where the answer names the record's id.
    pub id: WrittenId,
    /// Requests that follow a write, each with `{record_id}`: they tie the record to what it is
    /// about. They may be repeated and must not do harm when they are.
    #[serde(default)]
    pub then: Vec<RequestTemplate>,
    /// Reads it back, by `{record_id}`, and by the ids of what it is about where it lies below
    /// that.
    #[serde(default)]
    pub read: Option<One>,
    /// Where its owner's id stands in what was read; nothing there means: nobody's.
    #[serde(default)]
    pub owner: Vec<Source>,
    /// Finds it by `{our_key}`, the key that was written into it.
    #[serde(default)]
    pub find: Option<FindByKey>,
    /// Changes it, by `{record_id}`.
    #[serde(default)]
    pub update: Option<RequestTemplate>,
    /// Takes it away, by `{record_id}`, and by the ids of what it is about where it lies below
    /// that.
    #[serde(default)]
    pub delete: Option<RequestTemplate>,
    /// The address of its page; `{record_id}` and settings.
    #[serde(default)]
    pub link: Option<Template>,
}

/// Something that is read from the provider for a write: the role in which its owner works, the
/// place where a company is, the id behind a name. It is only asked for when a request needs it,
/// and one request serves all who make the same.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LookUp {
    /// The input that it becomes. A setting of this name comes before it: while that is filled
    /// in, nothing is asked.
    pub input: String,
    /// The request; `{owner}`, the ids of what the record is about, settings, and what was looked
    /// up before. Its first answer must hold the row: further pages are not read.
    pub request: RequestTemplate,
    /// Where the rows stand in the answer; something that is no list counts as one row.
    pub items: Pointer,
    /// Narrows the rows to a list inside one of them.
    #[serde(default)]
    pub pick: Option<Pick>,
    /// Takes the row of the name that a setting says.
    #[serde(default)]
    pub named: Option<Named>,
    /// Takes the first row that fulfils this before the first of all.
    #[serde(default)]
    pub prefer: Option<Condition>,
    /// Where the value stands in the row.
    pub value: Pointer,
    /// Whether the record is written without it when there is no row, or when the setting with
    /// its name is empty. Otherwise it is not written.
    #[serde(default)]
    pub optional: bool,
}

/// A row that is known by its name.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Named {
    /// The setting that holds the name; while it is empty, names are not looked at.
    pub by: String,
    /// Where the name stands in a row; compared without regard to ASCII case.
    pub pointer: Pointer,
}

/// Where the answer to a write names the record's id.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum WrittenId {
    /// There.
    Pointer(Pointer),
    /// At the first of these places that has a value.
    OneOf(Vec<Pointer>),
    /// In the last segment of this header, an address; brackets around it are dropped.
    Header(String),
}

/// How a record is found by its key.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FindByKey {
    /// The requests; `{our_key}` is the key. Where `key` says where it stands in a row, they may
    /// list all there is about `{contact_id}`, `{company_id}` or `{ticket_id}` in its place.
    pub requests: Vec<RequestTemplate>,
    /// Where the rows stand in an answer.
    pub items: Pointer,
    /// How pages follow each other; a few are read at most.
    pub paging: Paging,
    /// Where the id stands in a row.
    pub id: Pointer,
    /// Where the key stands in a row. It is compared whole: searches may find too much. Absent:
    /// only what has the key comes.
    #[serde(default)]
    pub key: Option<Pointer>,
    /// How many seconds a new record may stay unfound, as far as is known.
    #[serde(default)]
    pub settles_after_seconds: u32,
}
