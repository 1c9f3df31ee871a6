//! The parts of SOQL and SOSL a client needs to list users and find customers, with the vendor's errors for the rest.
//!
//! Read are `SELECT` of fields and of parents' fields, `COUNT()`, `FIELDS(ALL)` and
//! `FIELDS(STANDARD)`, `FROM` one object, `WHERE`, `ORDER BY`, `LIMIT`, `OFFSET`. Not read, and refused as
//! malformed: subqueries, aggregates, `TYPEOF`, date words such as `TODAY`, `FOR VIEW`.

mod check;
mod lexer;
mod parser;
mod run;
mod sosl;

use jiff::Timestamp;

pub(crate) use parser::parse;
pub(crate) use run::{Bin, Plan, Sieve, attributes, plan};
pub(crate) use sosl::{Group, Item, Letter, Search, only_ids, parse_search, parse_term};

/// A query as written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Query {
    pub(crate) select: Select,
    pub(crate) object: String,
    pub(crate) condition: Option<Condition>,
    pub(crate) order: Vec<Order>,
    pub(crate) limit: Option<usize>,
    pub(crate) offset: usize,
}

/// What to answer with.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Select {
    Paths(Vec<Path>),
    Count,
    /// `FIELDS(ALL)` when true, else `FIELDS(STANDARD)`.
    Fields {
        all: bool,
    },
}

/// `Field` or `Parent.Field`, and where it stands in the query.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Path {
    pub(crate) parts: Vec<String>,
    pub(crate) at: usize,
}

/// A condition of `WHERE`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Condition {
    And(Vec<Condition>),
    Or(Vec<Condition>),
    Not(Box<Condition>),
    Compare(Path, Operator, Literal),
    /// `IN`, or with false `NOT IN`.
    In(Path, bool, Vec<Literal>),
}

/// An operator between a field and one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Like,
}

/// A value as written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Literal {
    Null,
    Boolean(bool),
    Number(f64),
    Text(String),
    DateTime(Timestamp),
}

/// One key of `ORDER BY`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Order {
    pub(crate) path: Path,
    pub(crate) descending: bool,
    pub(crate) nulls_last: bool,
}
