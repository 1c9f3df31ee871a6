//! Customers' records as a CRM connection knows them.

use serde::{Deserialize, Serialize};

use crate::{CrmUserId, Timestamp};

/// What kind of record a caller is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ContactKind {
    /// Somebody at a company one works for.
    Contact,
    /// Somebody who may become a customer.
    Lead,
    /// A company, by its own number.
    Company,
}

impl ContactKind {
    /// Its name in databases, files and the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Contact => "contact",
            Self::Lead => "lead",
            Self::Company => "company",
        }
    }
}

/// A customer's record of one CRM. Its id is opaque, as a CRM user's is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// What it is.
    pub kind: ContactKind,
    /// The CRM's id of it.
    pub id: String,
    /// The name as the CRM shows it.
    pub display_name: String,
    /// E-mail addresses, the main one first.
    pub emails: Vec<String>,
    /// Phone numbers as the CRM has them.
    pub phones: Vec<String>,
    /// The company's name.
    pub company: Option<String>,
    /// The company's id.
    pub company_id: Option<String>,
    /// The CRM user who looks after them.
    pub owner: Option<CrmUserId>,
    /// The address of its page in the CRM.
    pub link: Option<String>,
    /// When the CRM says that it last changed.
    pub changed_at: Option<Timestamp>,
    /// Whether the CRM says that it was deleted.
    pub gone: bool,
}
