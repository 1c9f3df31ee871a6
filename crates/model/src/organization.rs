//! Organizations: the tenants.

use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};

use crate::{OrganizationId, Timestamp, sealed::WrappedKey};

/// A tenant. Everything belongs to one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organization {
    /// Its id.
    pub id: OrganizationId,
    /// What it is called.
    pub name: String,
    /// Its IANA time zone: where days begin.
    pub time_zone: String,
    /// Mail domains of its own people, lower case, ASCII.
    pub domains: Vec<String>,
    /// Whether its data is the demo's, and says so on every page.
    pub demo: bool,
    /// From how many lines on a change needs a second person; `None` when none does.
    pub second_person_from: Option<NonZeroU32>,
    /// When it was made.
    pub created_at: Timestamp,
    /// The key that seals its secrets, itself sealed under the master key.
    #[serde(skip_serializing)]
    pub data_key: WrappedKey,
}
