//! The customers' records: found by phone and by e-mail, listed, listed as they change.

use counterpart_model::contact::ContactKind;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{IdField, List, One, Paging, Pointer, RequestTemplate, Rule, Since, Source, Template};

/// One kind of record that a caller can be.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Contacts {
    /// What they are.
    pub kind: ContactKind,
    /// The immutable id.
    pub id: IdField,
    /// How many rows to ask for at a time, `{page_size}`.
    pub page_size: u64,
    /// Which field is what.
    pub fields: ContactFields,
    /// How they are found by a phone number.
    #[serde(default)]
    pub by_phone: Option<Search>,
    /// How they are found by an e-mail address, `{email}`.
    #[serde(default)]
    pub by_email: Option<Search>,
    /// One of them by its id, `{record_id}`.
    #[serde(default)]
    pub one: Option<One>,
    /// All of them.
    #[serde(default)]
    pub full: Option<List>,
    /// Those changed since an instant.
    #[serde(default)]
    pub changed: Option<List>,
    /// How `{since}` is written in the requests of `changed`.
    #[serde(default)]
    pub since: Option<Since>,
    /// When a row of `changed` says that the record was deleted.
    #[serde(default)]
    pub gone: Vec<Rule<Gone>>,
    /// The address of a record's page; `{record_id}` and settings.
    #[serde(default)]
    pub link: Option<Template>,
}

/// The only thing that a rule of [`Contacts::gone`] can say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Gone {
    /// The record was deleted.
    #[default]
    Gone,
}

/// How records are found by one value.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Search {
    /// How the number is spelled, `{phone}`, one attempt after the other until something is
    /// found. For searches by phone only.
    #[serde(default)]
    pub spellings: Vec<PhoneSpelling>,
    /// Put between all digits of `{phone}`: `%`, where what was typed between them may be
    /// anything.
    #[serde(default)]
    pub between: Option<String>,
    /// The requests; their rows are put together, each record once.
    pub requests: Vec<RequestTemplate>,
    /// Where the rows stand in an answer.
    pub items: Pointer,
    /// How pages follow each other; a few are read at most.
    pub paging: Paging,
    /// Whether what was found is looked at once more: a record none of whose numbers or
    /// addresses is the one looked for is left out. Searches by a part of a number need it.
    #[serde(default = "yes")]
    pub verify: bool,
}

const fn yes() -> bool {
    true
}

/// How a phone number is spelled. The example is the number `+44 20 7946 0107`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PhoneSpelling {
    /// `+442079460107`.
    E164,
    /// `442079460107`: all digits with the country's code.
    Digits,
    /// `+44 20 7946 0107`.
    International,
    /// `020 7946 0107`: as it is dialled and written in its country.
    National,
    /// `02079460107`: the same, digits only.
    NationalDigits,
    /// `2079460107`: without the prefix that is dialled in the country only.
    Significant,
    /// The last ten digits.
    Last10,
    /// The last nine digits.
    Last9,
    /// The last eight digits.
    Last8,
    /// The last seven digits.
    Last7,
    /// The last four digits.
    Last4,
    /// As it was given.
    AsGiven,
}

/// Which field is what. Of several sources of one value the first that has one wins; addresses
/// and phones take all, in order.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ContactFields {
    /// The name as the provider shows it; without a value, given and family name are used.
    #[serde(default)]
    pub display_name: Vec<Source>,
    /// Given name.
    #[serde(default)]
    pub given_name: Vec<Source>,
    /// Family name.
    #[serde(default)]
    pub family_name: Vec<Source>,
    /// E-mail addresses.
    #[serde(default)]
    pub emails: Vec<Source>,
    /// Phone numbers.
    #[serde(default)]
    pub phones: Vec<Source>,
    /// The company's name.
    #[serde(default)]
    pub company: Vec<Source>,
    /// The company's id.
    #[serde(default)]
    pub company_id: Vec<Source>,
    /// The id of the user who looks after them.
    #[serde(default)]
    pub owner: Vec<Source>,
    /// When the record last changed.
    #[serde(default)]
    pub changed_at: Vec<Source>,
}
