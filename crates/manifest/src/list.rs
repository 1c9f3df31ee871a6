//! Lists of records, and what stands in their rows.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::{Escape, Paging, Pointer, RequestTemplate, TimeFormat};

/// A list of records: one or more requests whose rows are merged.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct List {
    /// The requests, each read to its end before the next.
    pub requests: Vec<RequestTemplate>,
    /// Where the rows stand in an answer.
    pub items: Pointer,
    /// How pages follow each other.
    pub paging: Paging,
    /// Where an answer says how many rows there are in all.
    #[serde(default)]
    pub total: Option<Pointer>,
    /// The header in which an answer says how many rows there are in all.
    #[serde(default)]
    pub total_header: Option<String>,
    /// Asks for the number of rows once, at the beginning; `total` then says where it stands in
    /// this request's answer.
    #[serde(default)]
    pub count: Option<RequestTemplate>,
}

/// How `{since}` is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Since {
    /// The spelling.
    pub format: TimeFormat,
    /// How it is made safe for where it stands.
    pub escape: Escape,
    /// How many seconds earlier than asked: changes become visible late, and clocks differ.
    #[serde(default)]
    pub overlap_seconds: u32,
}

/// Where a record's id stands and what type it has. An id of another type fails the whole page:
/// it means that the API changed, and a silent conversion would lose digits.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IdField {
    /// Where it stands.
    pub pointer: Pointer,
    /// Its JSON type.
    #[serde(rename = "type")]
    pub id_type: IdType,
}

/// The JSON type of ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum IdType {
    /// Text.
    Text,
    /// A whole number.
    Integer,
}
