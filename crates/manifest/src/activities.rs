//! What is written to a CRM under its owner: calls, notes, tasks, tickets, ticket notes, time.

use std::collections::BTreeMap;

use counterpart_model::activity::ActivityKind;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::manifest::{DeliveryTier, InputRule};
use crate::{One, Paging, Pointer, RequestTemplate, Source, Template};

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
    /// Writes it.
    pub write: RequestTemplate,
    /// Where the answer names the record's id.
    pub id: WrittenId,
    /// Requests that follow a write, each with `{record_id}`: they tie the record to what it is
    /// about. They may be repeated and must not do harm when they are.
    #[serde(default)]
    pub then: Vec<RequestTemplate>,
    /// Reads it back, by `{record_id}`. Where its address has `{ticket_id}` or another id of
    /// what it is about, it can be read right behind the write only.
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
    /// Takes it away, by `{record_id}`.
    #[serde(default)]
    pub delete: Option<RequestTemplate>,
    /// The address of its page; `{record_id}` and settings.
    #[serde(default)]
    pub link: Option<Template>,
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
    /// The requests; `{our_key}` is the key. Where `key` is said they may also list what is
    /// below the record that it is about, `{ticket_id}`.
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
