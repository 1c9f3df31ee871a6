//! Where a provider's API is.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

/// The hosts of a provider by name; `api` is the one that requests go to unless they say
/// otherwise.
pub type Hosts = BTreeMap<String, Vec<HostSource>>;

/// One place to take a host's base address from. Of several, the first that has a value wins.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum HostSource {
    /// A setting.
    Setting(String),
    /// A value that signing in yielded, for example the address in a token's answer.
    Session(String),
    /// A table, by the value of a setting: the data centres of a vendor.
    Region {
        /// The setting that says which.
        setting: String,
        /// The address for each of its values.
        addresses: BTreeMap<String, String>,
    },
    /// Always the same.
    Fixed(String),
}
