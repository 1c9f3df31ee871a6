//! Search conditions: lists of clauses that must all hold, or any of them after `"OR"`.

use serde_json::Value;

use super::data::{Data, Row};
use super::errors::Refused;
use super::models::{self, Field, Kind, Model};

/// A condition that was read and checked.
#[derive(Clone, Debug)]
pub(crate) enum Domain {
    All(Vec<Domain>),
    Any(Vec<Domain>),
    Clause {
        path: Vec<&'static Field>,
        operator: String,
        value: Value,
    },
}

const OPERATORS: &[&str] = &[
    "=",
    "!=",
    "<",
    ">",
    "<=",
    ">=",
    "in",
    "not in",
    "like",
    "not like",
    "ilike",
    "not ilike",
];

/// What Python says when it goes round and round a clause that is none.
fn endless() -> Refused {
    Refused::Exception("maximum recursion depth exceeded in __instancecheck__".to_owned())
}

pub(crate) fn read(domain: &Value, model: &'static Model) -> Result<Domain, Refused> {
    let Some(parts) = domain.as_array() else {
        return if domain.is_null() {
            Ok(Domain::All(Vec::new()))
        } else {
            Err(endless())
        };
    };
    if let [Value::String(name), Value::String(operator), value, ..] = parts.as_slice()
        && OPERATORS.contains(&operator.as_str())
    {
        return Ok(Domain::Clause {
            path: path(name, model)?,
            operator: operator.clone(),
            value: value.clone(),
        });
    }
    let (any, clauses) = match parts.as_slice() {
        [Value::String(word), rest @ ..] if word == "OR" => (true, rest),
        [Value::String(word), rest @ ..] if word == "AND" => (false, rest),
        all => (false, all),
    };
    let clauses = clauses.iter().map(|clause| {
        if clause.is_array() {
            read(clause, model)
        } else {
            Err(endless())
        }
    });
    let clauses = clauses.collect::<Result<Vec<_>, _>>()?;
    Ok(if any {
        Domain::Any(clauses)
    } else {
        Domain::All(clauses)
    })
}

fn path(name: &str, model: &'static Model) -> Result<Vec<&'static Field>, Refused> {
    let mut path = Vec::new();
    let mut at = Some(model);
    for part in name.split('.') {
        let field = at
            .and_then(|model| model.field(part))
            .ok_or_else(|| Refused::key(part))?;
        if field.computed {
            let label = at.map_or("", |model| model.label);
            return Err(Refused::Exception(format!(
                "Missing search function for field \"{}\" in \"{label}\".",
                field.label
            )));
        }
        path.push(field);
        at = match field.kind {
            Kind::One(model) | Kind::Many(model) => models::find(model),
            _ => None,
        };
    }
    Ok(path)
}

impl Domain {
    /// Whether any clause is about this field of the model itself.
    pub(crate) fn names(&self, field: &str) -> bool {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().any(|part| part.names(field)),
            Self::Clause { path, .. } => path.len() == 1 && path[0].name == field,
        }
    }

    /// The id that all rows must be above, of a client that pages by it.
    pub(crate) fn above_id(&self) -> Option<i64> {
        match self {
            Self::All(parts) => parts.iter().find_map(Self::above_id),
            Self::Clause {
                path,
                operator,
                value,
            } if operator == ">" && path.len() == 1 && path[0].name == "id" => value.as_i64(),
            _ => None,
        }
    }

    /// The same without that clause.
    pub(crate) fn without_keyset(&self) -> Self {
        match self {
            Self::All(parts) => Self::All(parts.iter().map(Self::without_keyset).collect()),
            Self::Clause { .. } if self.above_id().is_some() => Self::All(Vec::new()),
            other => other.clone(),
        }
    }

    pub(crate) fn holds(&self, data: &Data<'_>, row: &Row<'_>) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.holds(data, row)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(data, row)),
            Self::Clause {
                path,
                operator,
                value,
            } => along(data, row, path, operator, value),
        }
    }
}

fn along(
    data: &Data<'_>,
    row: &Row<'_>,
    path: &[&'static Field],
    operator: &str,
    wanted: &Value,
) -> bool {
    let [field, rest @ ..] = path else {
        return false;
    };
    let value = data.get(row, field);
    let related = match field.kind {
        Kind::One(model) | Kind::Many(model) => Some(model),
        _ => None,
    };
    let ids: Vec<i64> = match &value {
        Value::Array(ids) => ids.iter().filter_map(Value::as_i64).collect(),
        other => other.as_i64().into_iter().collect(),
    };
    match related {
        Some(model) if !rest.is_empty() => {
            let mut rows = ids.iter().filter_map(|id| data.row(model, *id));
            rows.any(|row| along(data, &row, rest, operator, wanted))
        }
        // A text is looked for in the names of the related records.
        Some(model) if wanted.is_string() => {
            let mut rows = ids.iter().filter_map(|id| data.row(model, *id));
            rows.any(|row| compares(&Value::String(row.name()), operator, wanted))
        }
        Some(_) if value.is_array() && wanted.is_null() => (operator == "=") == ids.is_empty(),
        Some(_) if value.is_array() => ids
            .iter()
            .any(|id| compares(&Value::from(*id), operator, wanted)),
        _ => compares(&value, operator, wanted),
    }
}

fn compares(value: &Value, operator: &str, wanted: &Value) -> bool {
    let among = || {
        let all = wanted.as_array();
        all.is_some_and(|all| all.iter().any(|one| same(value, one)))
    };
    let like = |any_case: bool| match (value.as_str(), wanted.as_str()) {
        (Some(text), Some(pattern)) => matches(text, pattern, any_case),
        _ => false,
    };
    match operator {
        "=" => same(value, wanted),
        "!=" => !same(value, wanted),
        "in" => among(),
        "not in" => !among(),
        "like" => like(false),
        "ilike" => like(true),
        "not like" => !like(false),
        "not ilike" => !like(true),
        _ => {
            let (first, second) = (comparable(value), comparable(wanted));
            let ordering = match (&first, &second) {
                (Some(first), Some(second)) => first.partial_cmp(second),
                _ => None,
            };
            ordering.is_some_and(|ordering| match operator {
                "<" => ordering.is_lt(),
                ">" => ordering.is_gt(),
                "<=" => ordering.is_le(),
                _ => ordering.is_ge(),
            })
        }
    }
}

fn same(value: &Value, wanted: &Value) -> bool {
    match (value, wanted) {
        // Truth values of one database are numbers of the other.
        (Value::Bool(value), Value::Number(number)) => {
            i64::from(*value) == number.as_i64().unwrap_or(-1)
        }
        (Value::Null, Value::Bool(false)) => true,
        _ if value.is_object() => comparable(value) == comparable(wanted),
        _ => value == wanted,
    }
}

/// Numbers as numbers; times as texts that sort as times do.
#[derive(Clone, Debug, PartialEq, PartialOrd)]
pub(crate) enum Comparable {
    Number(f64),
    Text(String),
}

pub(crate) fn comparable(value: &Value) -> Option<Comparable> {
    match value {
        Value::Number(number) => number.as_f64().map(Comparable::Number),
        Value::String(text) => Some(Comparable::Text(
            text.replace('T', " ").trim_end_matches('Z').to_owned(),
        )),
        Value::Object(parts) => {
            let part = |name: &str| parts.get(name).and_then(Value::as_i64).unwrap_or(0);
            let day = format!(
                "{:04}-{:02}-{:02}",
                part("year"),
                part("month"),
                part("day")
            );
            if parts.get("__class__").is_some_and(|class| class == "date") {
                return Some(Comparable::Text(day));
            }
            let (hour, minute, second) = (part("hour"), part("minute"), part("second"));
            let micro = part("microsecond");
            Some(Comparable::Text(format!(
                "{day} {hour:02}:{minute:02}:{second:02}.{micro:06}"
            )))
        }
        _ => None,
    }
}

/// SQL's `LIKE`: `%` for any text, `_` for a letter.
fn matches(text: &str, pattern: &str, any_case: bool) -> bool {
    let fold = |text: &str| {
        if any_case {
            text.to_lowercase()
        } else {
            text.to_owned()
        }
    };
    let text: Vec<char> = fold(text).chars().collect();
    let pattern: Vec<char> = fold(pattern).chars().collect();
    // What of the pattern can be reached after each letter of the text.
    let mut reached = vec![false; pattern.len() + 1];
    reached[0] = true;
    let skip = |reached: &mut Vec<bool>| {
        for (at, letter) in pattern.iter().enumerate() {
            if *letter == '%' && reached[at] {
                reached[at + 1] = true;
            }
        }
    };
    skip(&mut reached);
    for letter in text {
        let mut next = vec![false; pattern.len() + 1];
        for (at, wanted) in pattern.iter().enumerate() {
            if reached[at] && *wanted == '%' {
                next[at] = true;
            } else if reached[at] && (*wanted == '_' || *wanted == letter) {
                next[at + 1] = true;
            }
        }
        skip(&mut next);
        reached = next;
    }
    reached[pattern.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_finds_what_sql_would_find() {
        assert!(matches("+44 20 7946 0107", "%7946 0107", false));
        assert!(!matches("+44 20 7946 0107", "7946%", false));
        assert!(matches("Anna", "a_n%", true));
        assert!(!matches("Anna", "a_n%", false));
        assert!(matches("", "%", false));
    }
}
