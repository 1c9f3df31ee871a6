//! Statements and rows.

use counterpart_model::{
    AccountId, ConnectionId, CrmUserId, DecisionId, IdentityId, MappingId, OrganizationId,
    PersonId, RunId, SavedViewId, SystemCheckId, Timestamp, TokenId, WebhookId,
};
use counterpart_store::{Result, StoreError};
use serde::de::IntoDeserializer;
use serde::de::value::{Error as WordError, StrDeserializer};
use serde::{Serialize, de::DeserializeOwned};
use tokio_postgres::types::{FromSql, FromSqlOwned};
use tokio_postgres::{Client, Row};
use uuid::Uuid;

use crate::error;
use crate::params::Param;

/// Runs a statement and returns its rows.
pub(crate) async fn query(client: &Client, sql: &str, params: &[Param]) -> Result<Vec<Row>> {
    let typed: Vec<_> = params.iter().map(Param::typed).collect();
    client
        .query_typed(sql, &typed)
        .await
        .map_err(|error| error::from_statement(&error))
}

/// Runs a statement that has one row at most.
pub(crate) async fn find(client: &Client, sql: &str, params: &[Param]) -> Result<Option<Row>> {
    Ok(query(client, sql, params).await?.pop())
}

/// Runs a statement that always has a row.
pub(crate) async fn get(client: &Client, sql: &str, params: &[Param]) -> Result<Row> {
    find(client, sql, params)
        .await?
        .ok_or_else(|| StoreError::Corrupt("a statement that has a row had none".into()))
}

/// Runs a statement and returns how many rows it touched.
pub(crate) async fn execute(client: &Client, sql: &str, params: &[Param]) -> Result<u64> {
    let typed: Vec<_> = params.iter().map(Param::typed).collect();
    client
        .execute_typed(sql, &typed)
        .await
        .map_err(|error| error::from_statement(&error))
}

/// Reads columns of a row as values of the model.
pub(crate) trait ReadRow {
    /// The value of a column.
    fn read<T: FromColumn>(&self, column: &str) -> Result<T>;

    /// The value of a column that holds a word of the model, such as a role.
    fn word<T: DeserializeOwned>(&self, column: &str) -> Result<T>;

    /// The value of a column that holds JSON.
    fn json<T: DeserializeOwned>(&self, column: &str) -> Result<T>;

    /// Like [`ReadRow::json`], for a column that may be empty.
    fn json_opt<T: DeserializeOwned>(&self, column: &str) -> Result<Option<T>>;
}

impl ReadRow for Row {
    fn read<T: FromColumn>(&self, column: &str) -> Result<T> {
        let value: T::Sql = self
            .try_get(column)
            .map_err(|error| error::unreadable(column, error))?;
        T::from_column(value).map_err(|why| error::unreadable(column, why))
    }

    fn word<T: DeserializeOwned>(&self, column: &str) -> Result<T> {
        word(column, &self.read::<String>(column)?)
    }

    fn json<T: DeserializeOwned>(&self, column: &str) -> Result<T> {
        from_json(column, &self.read::<String>(column)?)
    }

    fn json_opt<T: DeserializeOwned>(&self, column: &str) -> Result<Option<T>> {
        self.read::<Option<String>>(column)?
            .map(|text| from_json(column, &text))
            .transpose()
    }
}

/// A word of the model by its name in databases.
pub(crate) fn word<T: DeserializeOwned>(column: &str, text: &str) -> Result<T> {
    let deserializer: StrDeserializer<'_, WordError> = text.into_deserializer();
    T::deserialize(deserializer).map_err(|error| error::unreadable(column, error))
}

fn from_json<T: DeserializeOwned>(column: &str, text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| error::unreadable(column, error))
}

/// A value as the JSON text that is kept.
pub(crate) fn to_json<T: Serialize + ?Sized>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|error| StoreError::Misuse(error.to_string()))
}

/// What a column can hold.
pub(crate) trait FromColumn: Sized {
    /// The value as the driver reads it.
    type Sql: FromSqlOwned;

    /// The value as the model has it, or why it has none.
    fn from_column(value: Self::Sql) -> std::result::Result<Self, String>;
}

macro_rules! plain {
    ($($rust:ty),*) => {$(
        impl FromColumn for $rust {
            type Sql = $rust;

            fn from_column(value: $rust) -> std::result::Result<Self, String> {
                Ok(value)
            }
        }
    )*};
}

plain!(
    bool,
    i16,
    i64,
    f64,
    String,
    Vec<Option<String>>,
    Vec<u8>,
    Uuid
);

macro_rules! id {
    ($($id:ty),*) => {$(
        impl FromColumn for $id {
            type Sql = Uuid;

            fn from_column(value: Uuid) -> std::result::Result<Self, String> {
                Ok(Self::from(value))
            }
        }
    )*};
}

id!(
    OrganizationId,
    AccountId,
    TokenId,
    PersonId,
    IdentityId,
    ConnectionId,
    MappingId,
    DecisionId,
    RunId,
    SavedViewId,
    SystemCheckId,
    WebhookId
);

impl FromColumn for CrmUserId {
    type Sql = String;

    fn from_column(value: String) -> std::result::Result<Self, String> {
        Ok(Self(value))
    }
}

impl FromColumn for Timestamp {
    type Sql = i64;

    fn from_column(value: i64) -> std::result::Result<Self, String> {
        Ok(Self::from_micros(value))
    }
}

impl FromColumn for u64 {
    type Sql = i64;

    fn from_column(value: i64) -> std::result::Result<Self, String> {
        Self::try_from(value).map_err(|_| format!("{value} is negative"))
    }
}

impl<const N: usize> FromColumn for [u8; N] {
    type Sql = Vec<u8>;

    fn from_column(value: Vec<u8>) -> std::result::Result<Self, String> {
        let length = value.len();
        Self::try_from(value).map_err(|_| format!("{length} bytes instead of {N}"))
    }
}

impl<T> FromColumn for Option<T>
where
    T: FromColumn,
    Option<T::Sql>: for<'a> FromSql<'a>,
{
    type Sql = Option<T::Sql>;

    fn from_column(value: Option<T::Sql>) -> std::result::Result<Self, String> {
        value.map(T::from_column).transpose()
    }
}

/// The conditions that each of `words` occurs in `search_text`, to be joined to others; their
/// patterns are added to `params`. One condition per word, so that the search index is used.
pub(crate) fn with_words(words: &[String], params: &mut Vec<Param>) -> String {
    let mut conditions = String::new();
    for word in words {
        params.push(Param::new(containing(word)));
        let number = params.len();
        conditions.push_str(" AND search_text LIKE $");
        conditions.push_str(&number.to_string());
    }
    conditions
}

/// The pattern with which `LIKE` finds `word` anywhere in a text.
pub(crate) fn containing(word: &str) -> String {
    let mut pattern = String::with_capacity(word.len() + 2);
    pattern.push('%');
    for c in word.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

/// Text made by folding, as it can be kept and indexed: without U+0000, which PostgreSQL does
/// not take. For sort keys also cut, at a character, to what an index takes in any case.
pub(crate) fn indexable(mut text: String, most: usize) -> String {
    text.retain(|c| c != '\0');
    if text.len() > most {
        let end = (0..=most).rev().find(|at| text.is_char_boundary(*at));
        text.truncate(end.unwrap_or(0));
    }
    text
}

/// The most bytes of a sort key. Names with a longer common beginning are in no order.
pub(crate) const LONGEST_SORT_KEY: usize = 1_024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_of_a_word_stand_for_themselves() {
        assert_eq!(containing("50%_\\"), "%50\\%\\_\\\\%");
    }

    #[test]
    fn sort_keys_are_cut_at_a_character() {
        assert_eq!(indexable("aé\0b".into(), 2), "a");
        assert_eq!(indexable("aé\0b".into(), 9), "aéb");
    }

    #[test]
    fn a_word_that_the_model_does_not_know_is_corrupt() {
        let role: Result<counterpart_model::Role> = word("role", "emperor");
        assert!(matches!(role, Err(StoreError::Corrupt(_))));
    }
}
