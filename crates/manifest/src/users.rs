//! Where the users are, and which field is what.

use counterpart_model::{CrmUserKind, CrmUserState};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::{Condition, IdField, List, Paging, Pointer, RequestTemplate, Since, pointer, rule};

/// How users are listed and read.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Users {
    /// The immutable id.
    pub id: IdField,
    /// How many rows to ask for at a time, `{page_size}`; the vendor's maximum.
    pub page_size: u64,
    /// Every user, whatever its state.
    pub full: List,
    /// Only those changed since an instant; absent: the provider cannot tell.
    #[serde(default)]
    pub changed: Option<List>,
    /// One of them, by its id.
    #[serde(default)]
    pub one: Option<One>,
    /// How `{since}` is written in the requests of `changed`.
    #[serde(default)]
    pub since: Option<Since>,
    /// Tables read once at the beginning of a pull.
    #[serde(default)]
    pub lookups: Vec<Lookup>,
    /// Further rows about the users of a page, put at `/@name` of each user as a list.
    #[serde(default)]
    pub joins: Vec<Join>,
    /// Which field is what.
    pub fields: FieldMap,
    /// What state a user is in: the first rule that holds decides; none: active.
    #[serde(default)]
    pub state: Vec<StateRule>,
    /// What kind a user is of: the first rule that holds decides; none: a person.
    #[serde(default)]
    pub kind: Vec<KindRule>,
    /// Restricts the list to what the operator chose.
    #[serde(default)]
    pub scope: Option<Scope>,
}

/// One record by its id.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct One {
    /// The request; `{user_id}`, or for other records `{record_id}`, is the id.
    pub request: RequestTemplate,
    /// Where the record stands in the answer. A list there counts by its first item; nothing
    /// there, or 404, means that there is no such record.
    #[serde(default)]
    pub item: Pointer,
}

/// Restricts the users to those who belong to a listed group.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scope {
    /// The setting with the choice; the scope acts for the values of `acts_for`.
    pub setting: String,
    /// For which of its values.
    pub acts_for: Vec<String>,
    /// The setting with the list of group ids, separated by commas.
    pub list: String,
    /// The value of `setting` for which the list is filled with all groups that exist when the
    /// connection is saved.
    #[serde(default)]
    pub filled_for: Option<String>,
    /// All groups, for that.
    pub all: Lookup,
    /// The join that brings each user's groups.
    pub join: String,
    /// Where in a joined row the group's id stands.
    pub group: Pointer,
    /// The tables that lead from a group's id to its name, one after the other: the list may
    /// hold names as well as ids.
    #[serde(default)]
    pub named_by: Vec<String>,
}

/// A table that is read once at the beginning of a pull: from a key to a text.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Lookup {
    /// Its name, for [`Source::lookup`].
    pub name: String,
    /// The request.
    pub request: RequestTemplate,
    /// Where its rows stand; something that is no list counts as one row.
    pub items: Pointer,
    /// How its pages follow each other.
    pub paging: Paging,
    /// Narrows the rows to a list inside one of them.
    #[serde(default)]
    pub pick: Option<Pick>,
    /// Where the key stands in a row.
    pub key: Pointer,
    /// Where the text stands in a row.
    pub value: Pointer,
    /// Whether the pull goes on without it when it is forbidden or unknown there.
    #[serde(default)]
    pub optional: bool,
    /// Only read when the users' scope acts.
    #[serde(default)]
    pub for_scope: bool,
}

/// One row of several, and a list inside it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pick {
    /// Where in a row to look.
    pub pointer: Pointer,
    /// What must stand there.
    pub equals: String,
    /// Where the list stands in that row.
    pub items: Pointer,
}

/// Further rows about the users of a page.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Join {
    /// Its name: rows are put at `/@name`.
    pub name: String,
    /// Where in a user the keys stand: one, or a list.
    pub on: Pointer,
    /// The request; `{keys}` is the list of keys. Where it has `{key}` instead it is sent once
    /// for each of them.
    pub request: RequestTemplate,
    /// Where its rows stand; something that is no list counts as one row.
    pub items: Pointer,
    /// How its pages follow each other.
    pub paging: Paging,
    /// Where the key stands in a row; not needed with `{key}`.
    #[serde(default)]
    pub key: Option<Pointer>,
    /// Whether the pull goes on without it when it is forbidden or unknown there.
    #[serde(default)]
    pub optional: bool,
    /// Only done when the users' scope acts.
    #[serde(default)]
    pub for_scope: bool,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// The list of objects in which it stands, when it stands in each of several; `pointer` then
    /// begins in one of them.
    pub each: Option<Pointer>,
    /// Which of these objects count; absent: all.
    pub when: Option<Condition>,
    /// Where it stands in a user. What is a list gives several values, where several are taken.
    pub pointer: Pointer,
    /// The table that turns it into a text.
    pub lookup: Option<String>,
}

impl<'de> Deserialize<'de> for Source {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Through {
            #[serde(default)]
            each: Option<Pointer>,
            #[serde(default)]
            when: Option<Condition>,
            pointer: Pointer,
            #[serde(default)]
            lookup: Option<String>,
        }
        #[derive(Deserialize)]
        #[serde(
            untagged,
            expecting = "a JSON Pointer, { pointer = \"/…\", lookup = \"…\" }, or { each = \"/…\", when = { … }, pointer = \"/…\" }"
        )]
        enum Either {
            Plain(Pointer),
            Through(Through),
        }
        Ok(match Either::deserialize(deserializer)? {
            Either::Plain(pointer) => Self {
                each: None,
                when: None,
                pointer,
                lookup: None,
            },
            Either::Through(Through {
                each,
                when,
                pointer,
                lookup,
            }) => Self {
                each,
                when,
                pointer,
                lookup,
            },
        })
    }
}

/// Which field is what. Of several sources of one value the first that has one wins; e-mail
/// addresses and phones take all, in order.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FieldMap {
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
    /// The name the user signs in with.
    #[serde(default)]
    pub username: Vec<Source>,
    /// Phone numbers.
    #[serde(default)]
    pub phones: Vec<Source>,
    /// Extension of the phone system.
    #[serde(default)]
    pub extension: Vec<Source>,
    /// Number of the employee, or the id of an identity provider.
    #[serde(default)]
    pub employee_number: Vec<Source>,
    /// Job title.
    #[serde(default)]
    pub title: Vec<Source>,
    /// Department.
    #[serde(default)]
    pub department: Vec<Source>,
    /// Role or profile.
    #[serde(default)]
    pub role: Vec<Source>,
    /// Licence.
    #[serde(default)]
    pub licence: Vec<Source>,
    /// When the user last signed in; RFC 3339, also without the colon in its offset.
    #[serde(default)]
    pub last_login_at: Vec<Source>,
    /// Other ids of the same user.
    #[serde(default)]
    pub other_ids: Vec<OtherIdField>,
}

/// Another id of a user.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OtherIdField {
    /// What it is the id of, in the connector's words.
    pub kind: String,
    /// Where it stands; a list gives several.
    pub pointer: Pointer,
}

/// What makes a user be in a state or of a kind.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[schemars(rename = "RuleOf{T}")]
#[serde(deny_unknown_fields)]
pub struct Rule<T> {
    /// Where to look.
    pub pointer: Pointer,
    /// The table that turns what stands there into a text first.
    #[serde(default)]
    pub lookup: Option<String>,
    /// It is one of these.
    #[serde(default)]
    pub equals: Vec<Value>,
    /// Its text holds one of these, without regard to case.
    #[serde(default)]
    pub contains: Vec<String>,
    /// What the user then is.
    pub is: T,
}

/// What makes a user be in a state.
pub type StateRule = Rule<CrmUserState>;
/// What makes a user be of a kind.
pub type KindRule = Rule<CrmUserKind>;

impl<T> Rule<T> {
    /// Whether the rule holds for a user. `table` gives the text of a key in a looked-up table.
    pub fn holds(&self, user: &Value, table: impl Fn(&str, &str) -> Option<String>) -> bool {
        let Some(value) = self.pointer.find(user) else {
            return false;
        };
        match &self.lookup {
            None => rule::matches(value, &self.equals, &self.contains),
            Some(name) => pointer::scalar_text(value)
                .and_then(|key| table(name, &key))
                .is_some_and(|text| {
                    rule::matches(&Value::from(text), &self.equals, &self.contains)
                }),
        }
    }
}
