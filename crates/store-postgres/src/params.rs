//! Parameters of statements.
//!
//! Statements go to the server unnamed, together with the types of their parameters, so that
//! nothing has to stay prepared on a connection that a pooler gives to somebody else meanwhile.

use counterpart_model::{
    AccountId, ConnectionId, CrmUserId, DecisionId, IdentityId, MappingId, OrganizationId,
    PersonId, RunId, SavedViewId, SystemCheckId, Timestamp, TokenId, WebhookId,
};
use tokio_postgres::types::{ToSql, Type};
use uuid::Uuid;

/// One parameter with the type it has in SQL.
pub(crate) struct Param {
    value: Box<dyn ToSql + Sync + Send>,
    kind: Type,
}

impl Param {
    /// The parameter for `value`.
    pub(crate) fn new<T: IntoParam>(value: T) -> Self {
        Self {
            value: Box::new(value.into_sql()),
            kind: T::KIND,
        }
    }

    /// The form in which the driver wants it.
    pub(crate) fn typed(&self) -> (&(dyn ToSql + Sync), Type) {
        (&*self.value, self.kind.clone())
    }
}

/// Makes the parameters `$1`, `$2`… of a statement from values of the model.
macro_rules! params {
    ($($value:expr),* $(,)?) => {
        [$($crate::params::Param::new($value)),*]
    };
}
pub(crate) use params;

/// What can be a parameter.
pub(crate) trait IntoParam {
    /// The value as the driver knows it.
    type Sql: ToSql + Sync + Send + 'static;
    /// Its type in SQL.
    const KIND: Type;
    /// The type of an array of it.
    const ARRAY: Type;

    /// Turns it into what the driver knows.
    fn into_sql(self) -> Self::Sql;
}

macro_rules! plain {
    ($($rust:ty => $kind:ident, $array:ident;)*) => {$(
        impl IntoParam for $rust {
            type Sql = $rust;
            const KIND: Type = Type::$kind;
            const ARRAY: Type = Type::$array;

            fn into_sql(self) -> $rust {
                self
            }
        }
    )*};
}

plain! {
    bool => BOOL, BOOL_ARRAY;
    i16 => INT2, INT2_ARRAY;
    i64 => INT8, INT8_ARRAY;
    f64 => FLOAT8, FLOAT8_ARRAY;
    String => TEXT, TEXT_ARRAY;
    Uuid => UUID, UUID_ARRAY;
}

macro_rules! id {
    ($($id:ty),*) => {$(
        impl IntoParam for $id {
            type Sql = Uuid;
            const KIND: Type = Type::UUID;
            const ARRAY: Type = Type::UUID_ARRAY;

            fn into_sql(self) -> Uuid {
                *self.as_uuid()
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

impl IntoParam for &str {
    type Sql = String;
    const KIND: Type = Type::TEXT;
    const ARRAY: Type = Type::TEXT_ARRAY;

    fn into_sql(self) -> String {
        self.to_owned()
    }
}

impl IntoParam for &CrmUserId {
    type Sql = String;
    const KIND: Type = Type::TEXT;
    const ARRAY: Type = Type::TEXT_ARRAY;

    fn into_sql(self) -> String {
        self.0.clone()
    }
}

impl IntoParam for Timestamp {
    type Sql = i64;
    const KIND: Type = Type::INT8;
    const ARRAY: Type = Type::INT8_ARRAY;

    fn into_sql(self) -> i64 {
        self.as_micros()
    }
}

/// Counts, numbers and versions stay far below the largest `bigint`; beyond it they stop there.
impl IntoParam for u64 {
    type Sql = i64;
    const KIND: Type = Type::INT8;
    const ARRAY: Type = Type::INT8_ARRAY;

    fn into_sql(self) -> i64 {
        i64::try_from(self).unwrap_or(i64::MAX)
    }
}

impl IntoParam for &[u8] {
    type Sql = Vec<u8>;
    const KIND: Type = Type::BYTEA;
    const ARRAY: Type = Type::BYTEA_ARRAY;

    fn into_sql(self) -> Vec<u8> {
        self.to_vec()
    }
}

impl<const N: usize> IntoParam for &[u8; N] {
    type Sql = Vec<u8>;
    const KIND: Type = Type::BYTEA;
    const ARRAY: Type = Type::BYTEA_ARRAY;

    fn into_sql(self) -> Vec<u8> {
        self.to_vec()
    }
}

impl<T: IntoParam> IntoParam for Option<T> {
    type Sql = Option<T::Sql>;
    const KIND: Type = T::KIND;
    const ARRAY: Type = T::ARRAY;

    fn into_sql(self) -> Option<T::Sql> {
        self.map(T::into_sql)
    }
}

/// An array of SQL, for `UNNEST` and `= ANY`.
impl<T: IntoParam> IntoParam for Vec<T> {
    type Sql = Vec<T::Sql>;
    const KIND: Type = T::ARRAY;
    // There are no arrays of arrays here.
    const ARRAY: Type = T::ARRAY;

    fn into_sql(self) -> Vec<T::Sql> {
        self.into_iter().map(T::into_sql).collect()
    }
}
