//! The query language: a JSON tree of conditions over an entity's fields.

use std::cmp::Ordering;

use serde::Deserialize;
use serde_json::Value;

use super::entities::Entity;
use super::fields::Field;

/// A query as sent. Property names come in any case.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Query {
    /// Rows of a page, 1 to 500.
    pub(crate) max_records: usize,
    pub(crate) include: Vec<&'static Field>,
    pub(crate) filter: Vec<Condition>,
}

impl Query {
    /// The id that all rows are to be above, when that is one of the conditions: how clients page
    /// that do not follow links.
    pub(crate) fn above_id(&self) -> Option<i64> {
        self.filter.iter().find_map(keyset)
    }

    /// The other conditions.
    pub(crate) fn without_keyset(&self) -> Vec<Condition> {
        let others = self
            .filter
            .iter()
            .filter(|condition| keyset(condition).is_none());
        others.cloned().collect()
    }
}

fn keyset(condition: &Condition) -> Option<i64> {
    match condition {
        Condition::Is(field, Operator::Greater, value) if field.name == "id" => value.as_i64(),
        _ => None,
    }
}

impl PartialEq for Field {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

/// One condition of the tree, checked.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Condition {
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Is(&'static Field, Operator, Value),
}

/// What is asked of one field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Equal,
    NotEqual,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
    BeginsWith,
    EndsWith,
    Contains,
    Exists,
    ExistsNot,
    In,
    NotIn,
}

/// The largest page and the number of `or` conditions a query may have.
const MOST: usize = 500;

#[derive(Deserialize)]
struct Written {
    #[serde(alias = "MaxRecords", alias = "maxrecords")]
    #[serde(rename = "maxRecords")]
    max_records: Option<usize>,
    #[serde(alias = "IncludeFields", alias = "includefields")]
    #[serde(rename = "includeFields")]
    include_fields: Option<Vec<String>>,
    #[serde(alias = "Filter")]
    filter: Option<Vec<WrittenCondition>>,
}

#[derive(Deserialize)]
struct WrittenCondition {
    #[serde(alias = "Op")]
    op: String,
    #[serde(alias = "Field")]
    field: Option<String>,
    #[serde(default, alias = "Value")]
    value: Value,
    #[serde(default, alias = "Udf")]
    udf: bool,
    #[serde(alias = "Items")]
    items: Option<Vec<WrittenCondition>>,
}

/// Reads and checks a query; the error is the vendor's text.
pub(crate) fn read(body: &[u8], entity: &Entity) -> Result<Query, String> {
    let written: Written = serde_json::from_slice(body)
        .map_err(|error| format!("The query could not be read: {error}."))?;
    let max_records = written.max_records.unwrap_or(MOST);
    if max_records == 0 || max_records > MOST {
        return Err(format!("MaxRecords must be between 1 and {MOST}."));
    }
    let filter = written.filter.filter(|filter| !filter.is_empty());
    let filter = filter.ok_or("A filter is required to query this entity.")?;
    let include = written.include_fields.unwrap_or_default();
    let include = include
        .iter()
        .map(|name| field(entity, name))
        .collect::<Result<_, _>>()?;
    let mut count = 0;
    let filter = filter
        .into_iter()
        .map(|own| condition(own, entity, &mut count))
        .collect::<Result<_, _>>()?;
    Ok(Query {
        max_records,
        include,
        filter,
    })
}

fn field(entity: &Entity, name: &str) -> Result<&'static Field, String> {
    entity
        .field(name)
        .ok_or_else(|| format!("Unable to find {name} in the {} Entity.", entity.name))
}

fn condition(
    written: WrittenCondition,
    entity: &Entity,
    count: &mut usize,
) -> Result<Condition, String> {
    let op = written.op.to_lowercase();
    if op == "and" || op == "or" {
        let items = written.items.filter(|items| !items.is_empty());
        let items = items.ok_or_else(|| format!("The operator {op} needs items."))?;
        if op == "or" {
            *count += items.len();
            if *count > MOST {
                return Err(format!("A query may have at most {MOST} OR conditions."));
            }
        }
        let inner = items
            .into_iter()
            .map(|item| condition(item, entity, count))
            .collect::<Result<_, _>>()?;
        return Ok(if op == "and" {
            Condition::All(inner)
        } else {
            Condition::Any(inner)
        });
    }
    let operator =
        operator(&op).ok_or_else(|| format!("{} is not a valid operator.", written.op))?;
    let name = written
        .field
        .ok_or_else(|| format!("The operator {op} needs a field."))?;
    if written.udf {
        return Err(format!(
            "Unable to find user defined field {name} in the {} Entity.",
            entity.name
        ));
    }
    let field = field(entity, &name)?;
    if !field.queryable {
        return Err(format!(
            "The field {name} in the {} Entity cannot be queried.",
            entity.name
        ));
    }
    check_value(field, operator, &written.value)?;
    Ok(Condition::Is(field, operator, written.value))
}

fn operator(op: &str) -> Option<Operator> {
    Some(match op {
        "eq" => Operator::Equal,
        "noteq" => Operator::NotEqual,
        "gt" => Operator::Greater,
        "gte" => Operator::GreaterOrEqual,
        "lt" => Operator::Less,
        "lte" => Operator::LessOrEqual,
        "beginswith" => Operator::BeginsWith,
        "endswith" => Operator::EndsWith,
        "contains" => Operator::Contains,
        "exist" => Operator::Exists,
        "notexist" => Operator::ExistsNot,
        "in" => Operator::In,
        "notin" => Operator::NotIn,
        _ => return None,
    })
}

/// Whether a number was given where the field holds numbers, and a list where one is needed.
fn check_value(field: &Field, operator: Operator, value: &Value) -> Result<(), String> {
    let wrong = || {
        format!(
            "The value {value} is not valid for the field {} of type {}.",
            field.name, field.data_type
        )
    };
    match operator {
        Operator::Exists | Operator::ExistsNot => return Ok(()),
        Operator::In | Operator::NotIn => {
            let values = value.as_array().ok_or_else(wrong)?;
            if values.is_empty() || values.len() > MOST {
                return Err(format!("A list must have between 1 and {MOST} values."));
            }
            return values
                .iter()
                .try_for_each(|value| check_value(field, Operator::Equal, value));
        }
        _ => {}
    }
    let fits = match field.data_type {
        "boolean" => value.is_boolean() || matches!(value.as_str(), Some("true" | "false")),
        "long" | "integer" | "double" => as_number(value).is_some(),
        _ => value.is_string(),
    };
    if fits { Ok(()) } else { Err(wrong()) }
}

/// Numbers are accepted in quotes, too.
fn as_number(value: &Value) -> Option<f64> {
    value
        .as_f64()
        .or_else(|| value.as_str().and_then(|text| text.parse().ok()))
}

/// Whether a row meets all conditions.
pub(crate) fn matches(row: &Value, filter: &[Condition]) -> bool {
    filter.iter().all(|condition| meets(row, condition))
}

fn meets(row: &Value, condition: &Condition) -> bool {
    match condition {
        Condition::All(inner) => inner.iter().all(|condition| meets(row, condition)),
        Condition::Any(inner) => inner.iter().any(|condition| meets(row, condition)),
        Condition::Is(field, operator, wanted) => holds(&row[field.name], *operator, wanted),
    }
}

fn holds(value: &Value, operator: Operator, wanted: &Value) -> bool {
    let text = |own: fn(&str, &str) -> bool| match (value.as_str(), wanted.as_str()) {
        (Some(value), Some(wanted)) => own(&value.to_lowercase(), &wanted.to_lowercase()),
        _ => false,
    };
    let found = compare(value, wanted);
    match operator {
        Operator::Equal => found == Some(Ordering::Equal),
        Operator::NotEqual => found != Some(Ordering::Equal),
        Operator::Greater => found.is_some_and(Ordering::is_gt),
        Operator::GreaterOrEqual => found.is_some_and(Ordering::is_ge),
        Operator::Less => found.is_some_and(Ordering::is_lt),
        Operator::LessOrEqual => found.is_some_and(Ordering::is_le),
        Operator::BeginsWith => text(|value, wanted| value.starts_with(wanted)),
        Operator::EndsWith => text(|value, wanted| value.ends_with(wanted)),
        Operator::Contains => text(|value, wanted| value.contains(wanted)),
        Operator::Exists => !value.is_null(),
        Operator::ExistsNot => value.is_null(),
        Operator::In => among(value, wanted),
        Operator::NotIn => !among(value, wanted),
    }
}

fn among(value: &Value, wanted: &Value) -> bool {
    wanted
        .as_array()
        .into_iter()
        .flatten()
        .any(|one| compare(value, one) == Some(Ordering::Equal))
}

/// Text is compared without regard to case, as the vendor's database does.
fn compare(value: &Value, wanted: &Value) -> Option<Ordering> {
    match value {
        Value::Bool(value) => {
            let wanted = wanted
                .as_bool()
                .or_else(|| wanted.as_str().map(|text| text == "true"))?;
            Some(value.cmp(&wanted))
        }
        Value::Number(value) => value.as_f64()?.partial_cmp(&as_number(wanted)?),
        Value::String(value) => Some(value.to_lowercase().cmp(&wanted.as_str()?.to_lowercase())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::entities::find;
    use super::*;

    fn check(query: &str) -> Result<Query, String> {
        read(query.as_bytes(), find("resources").expect("the entity"))
    }

    #[test]
    fn names_are_read_in_any_case() {
        let query = check(r#"{"MaxRecords":2,"IncludeFields":["ID","EMAIL"],"Filter":[{"op":"EQ","field":"isactive","value":true}]}"#)
            .expect("a good query");
        assert_eq!(query.max_records, 2);
        assert_eq!(query.include[1].name, "email");
    }

    #[test]
    fn what_the_vendor_refuses_is_refused() {
        assert!(
            check(r#"{"MaxRecords":2}"#)
                .expect_err("no filter")
                .contains("filter is required")
        );
        let unknown = check(r#"{"filter":[{"op":"eq","field":"shoeSize","value":1}]}"#);
        assert_eq!(
            unknown,
            Err("Unable to find shoeSize in the Resource Entity.".to_owned())
        );
        assert!(check(r#"{"MaxRecords":501,"filter":[{"op":"exist","field":"id"}]}"#).is_err());
        assert!(check(r#"{"filter":[{"op":"like","field":"email","value":"a"}]}"#).is_err());
        assert!(check(r#"{"filter":[{"op":"eq","field":"internalCost","value":1}]}"#).is_err());
    }
}
