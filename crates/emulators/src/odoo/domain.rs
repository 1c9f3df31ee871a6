//! Domains: search conditions in prefix notation, `["|", ["phone", "=", x], ["mobile", "=", x]]`.

use std::cmp::Ordering;

use serde_json::Value;

use super::data::{Data, Row};
use super::errors::Exception;
use super::models::{self, Field, Kind, Model};

/// A domain that was read and checked.
#[derive(Clone, Debug)]
pub(crate) enum Domain {
    All(Vec<Domain>),
    Any(Vec<Domain>),
    Not(Box<Domain>),
    Leaf(Leaf),
}

/// One condition.
#[derive(Clone, Debug)]
pub(crate) struct Leaf {
    /// The fields from the record to what is compared; all but the last lead to another record.
    path: Vec<&'static Field>,
    operator: Operator,
    value: Value,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Equal,
    NotEqual,
    Less,
    Greater,
    LessOrEqual,
    GreaterOrEqual,
    In,
    NotIn,
    /// Contains, `%` and `_` being wildcards; the first flag: any case, the second: not.
    Like(bool, bool),
    /// Is, `%` and `_` being wildcards; the flag: any case.
    EqualLike(bool),
    /// Is, unless the value is empty.
    EqualIfSet,
}

impl Operator {
    fn read(text: &str) -> Option<Self> {
        Some(match text.to_lowercase().as_str() {
            "=" | "==" => Self::Equal,
            "!=" | "<>" => Self::NotEqual,
            "<" => Self::Less,
            ">" => Self::Greater,
            "<=" => Self::LessOrEqual,
            ">=" => Self::GreaterOrEqual,
            "in" => Self::In,
            "not in" => Self::NotIn,
            "like" => Self::Like(false, false),
            "ilike" => Self::Like(true, false),
            "not like" => Self::Like(false, true),
            "not ilike" => Self::Like(true, true),
            "=like" => Self::EqualLike(false),
            "=ilike" => Self::EqualLike(true),
            "=?" => Self::EqualIfSet,
            _ => return None,
        })
    }
}

/// Reads the domain of a model in a version.
pub(crate) fn read(
    domain: &Value,
    model: &'static Model,
    version: u32,
) -> Result<Domain, Exception> {
    let empty = Vec::new();
    let terms = match domain {
        Value::Array(terms) => terms,
        // An absent domain; the ORM reads `false` as an empty one as well.
        Value::Null | Value::Bool(false) => &empty,
        other => return Err(Exception::invalid_leaf(other)),
    };
    let mut stack: Vec<Domain> = Vec::new();
    for term in terms.iter().rev() {
        let wrong = || {
            let printed = format!(
                "[{}]",
                terms.iter().map(python).collect::<Vec<_>>().join(", ")
            );
            Exception::assertion(format!(
                "This domain is syntactically not correct: {printed}"
            ))
        };
        let read = match term.as_str() {
            Some("&" | "|") => {
                let (first, second) = (
                    stack.pop().ok_or_else(wrong)?,
                    stack.pop().ok_or_else(wrong)?,
                );
                if term.as_str() == Some("|") {
                    Domain::Any(vec![first, second])
                } else {
                    Domain::All(vec![first, second])
                }
            }
            Some("!") => Domain::Not(Box::new(stack.pop().ok_or_else(wrong)?)),
            _ => leaf(term, model, version)?,
        };
        stack.push(read);
    }
    Ok(Domain::All(stack))
}

fn leaf(term: &Value, model: &'static Model, version: u32) -> Result<Domain, Exception> {
    let invalid = || Exception::invalid_leaf(term);
    let [name, operator, value] = term.as_array().ok_or_else(invalid)?.as_slice() else {
        return Err(invalid());
    };
    // `(1, "=", 1)` is always true and `(0, "=", 1)` never.
    if let Some(number) = name.as_i64() {
        return Ok(if number == 1 {
            Domain::All(Vec::new())
        } else {
            Domain::Any(Vec::new())
        });
    }
    let name = name.as_str().ok_or_else(invalid)?;
    let operator = operator
        .as_str()
        .and_then(Operator::read)
        .ok_or_else(invalid)?;
    if matches!(operator, Operator::In | Operator::NotIn)
        && !value.is_array()
        && !value.is_boolean()
    {
        return Err(Exception::invalid_term(term));
    }
    let mut path: Vec<&'static Field> = Vec::new();
    let mut at = Some(model);
    for part in name.split('.') {
        let found = at.and_then(|model| model.field(part, version));
        let field =
            found.ok_or_else(|| Exception::invalid_leaf_field(model.name, part, term, version))?;
        path.push(field);
        at = field.kind.relation().and_then(models::find);
    }
    Ok(Domain::Leaf(Leaf {
        path,
        operator,
        value: value.clone(),
    }))
}

impl Domain {
    /// Whether a condition names this field of the model itself.
    pub(crate) fn names(&self, field: &str) -> bool {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().any(|part| part.names(field)),
            Self::Not(part) => part.names(field),
            Self::Leaf(leaf) => leaf.path.len() == 1 && leaf.path[0].name == field,
        }
    }

    /// The id that all rows must be above, of a client that pages by it.
    pub(crate) fn above_id(&self) -> Option<i64> {
        match self {
            Self::All(parts) => parts.iter().find_map(Self::above_id),
            Self::Leaf(leaf)
                if leaf.path.len() == 1
                    && leaf.path[0].name == "id"
                    && leaf.operator == Operator::Greater =>
            {
                leaf.value.as_i64()
            }
            _ => None,
        }
    }

    /// The same without that condition.
    pub(crate) fn without_keyset(&self) -> Self {
        match self {
            Self::All(parts) => Self::All(parts.iter().map(Self::without_keyset).collect()),
            Self::Leaf(_) if self.above_id().is_some() => Self::All(Vec::new()),
            other => other.clone(),
        }
    }

    /// Whether the row is one of those.
    pub(crate) fn holds(&self, data: &Data<'_>, row: &Row<'_>) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.holds(data, row)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(data, row)),
            Self::Not(part) => !part.holds(data, row),
            Self::Leaf(leaf) => leaf.holds(data, row, &leaf.path),
        }
    }
}

impl Leaf {
    fn holds(&self, data: &Data<'_>, row: &Row<'_>, path: &[&'static Field]) -> bool {
        let [field, rest @ ..] = path else {
            return false;
        };
        if field.name == "phone_mobile_search" {
            return self.finds_number(row);
        }
        let value = data.get(row, field);
        if rest.is_empty() {
            return self.compares(data, field, &value);
        }
        let Some(model) = field.kind.relation() else {
            return false;
        };
        let ids = match &value {
            Value::Array(ids) => ids.clone(),
            other => vec![other.clone()],
        };
        let mut ids = ids.iter().filter_map(Value::as_i64);
        ids.any(|id| {
            data.row(model, id)
                .is_some_and(|row| self.holds(data, &row, rest))
        })
    }

    fn compares(&self, data: &Data<'_>, field: &Field, value: &Value) -> bool {
        let wanted = &self.value;
        match self.operator {
            Operator::Equal => same(data, field, value, wanted),
            Operator::NotEqual => !same(data, field, value, wanted),
            Operator::EqualIfSet => empty(wanted) || same(data, field, value, wanted),
            Operator::In | Operator::NotIn => {
                let among = match wanted {
                    Value::Array(all) => all.iter().any(|one| same(data, field, value, one)),
                    // `in False` asks for what is not set.
                    other => empty(value) != (other == &Value::Bool(true)),
                };
                among == (self.operator == Operator::In)
            }
            Operator::Like(any_case, not) => {
                let text = text_of(data, field, value);
                let found =
                    text.is_some_and(|text| like(&text, &format!("%{}%", plain(wanted)), any_case));
                found != not
            }
            Operator::EqualLike(any_case) => {
                let text = text_of(data, field, value);
                text.is_some_and(|text| like(&text, &plain(wanted), any_case))
            }
            Operator::Less => ordered(value, wanted, Ordering::is_lt),
            Operator::Greater => ordered(value, wanted, Ordering::is_gt),
            Operator::LessOrEqual => ordered(value, wanted, Ordering::is_le),
            Operator::GreaterOrEqual => ordered(value, wanted, Ordering::is_ge),
        }
    }

    /// `phone_mobile_search` looks at both numbers and at nothing but what is dialled.
    fn finds_number(&self, row: &Row<'_>) -> bool {
        let wanted = dialled(&plain(&self.value));
        let national = wanted
            .strip_prefix('+')
            .or_else(|| wanted.strip_prefix("00"));
        let fits = |number: String| {
            let number = dialled(&number);
            let whole = |number: &str, wanted: &str| match self.operator {
                Operator::Equal => number == wanted,
                _ => number.contains(wanted),
            };
            match national {
                None => whole(&number, &wanted),
                Some(rest) => {
                    whole(&number, &format!("+{rest}")) || whole(&number, &format!("00{rest}"))
                }
            }
        };
        row.numbers().into_iter().any(fits)
    }
}

/// The number without what separates its parts.
fn dialled(number: &str) -> String {
    let separates = |letter: &char| letter.is_whitespace() || "\\./()-".contains(*letter);
    number.chars().filter(|letter| !separates(letter)).collect()
}

fn empty(value: &Value) -> bool {
    matches!(value, Value::Null | Value::Bool(false)) || value.as_str() == Some("")
}

/// Equality as the ORM means it: `false` is empty, texts name related records, a list of ids
/// equals each of them.
fn same(data: &Data<'_>, field: &Field, value: &Value, wanted: &Value) -> bool {
    if field.kind == Kind::Boolean {
        return (value == &Value::Bool(true)) != (empty(wanted) || wanted.as_i64() == Some(0));
    }
    if empty(wanted) {
        return empty(value) || value.as_array().is_some_and(Vec::is_empty);
    }
    if let Value::Array(ids) = value {
        return ids.iter().any(|id| id == wanted);
    }
    match (field.kind, wanted) {
        (Kind::Many2one(_), Value::String(name)) => {
            text_of(data, field, value).is_some_and(|text| text == *name)
        }
        (Kind::Integer | Kind::Float, _) => value.as_f64() == wanted.as_f64(),
        (Kind::Date | Kind::Datetime, _) => {
            value.as_str().map(instant) == wanted.as_str().map(instant)
        }
        _ => value == wanted,
    }
}

/// The text that a pattern is held against: a related record's name, anything else as it is.
fn text_of(data: &Data<'_>, field: &Field, value: &Value) -> Option<String> {
    match (field.kind, value) {
        (Kind::Many2one(model), Value::Number(id)) => data.name(model, id.as_i64()?),
        (_, Value::String(text)) => Some(text.clone()),
        (_, Value::Number(number)) => Some(number.to_string()),
        _ => None,
    }
}

fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// A time as PostgreSQL reads it, so that times in any of its spellings compare as texts.
fn instant(text: &str) -> String {
    text.replace('T', " ").trim_end_matches('Z').to_owned()
}

fn ordered(value: &Value, wanted: &Value, wished: fn(Ordering) -> bool) -> bool {
    let order = match (value, wanted) {
        (Value::Number(value), Value::Number(wanted)) => {
            value.as_f64().partial_cmp(&wanted.as_f64())
        }
        (Value::String(value), Value::String(wanted)) => Some(instant(value).cmp(&instant(wanted))),
        _ => None,
    };
    order.is_some_and(wished)
}

/// SQL's `LIKE`: `%` for any text, `_` for a letter, `\` before a letter that is meant.
pub(crate) fn like(text: &str, pattern: &str, any_case: bool) -> bool {
    let fold = |text: &str| {
        if any_case {
            text.to_lowercase()
        } else {
            text.to_owned()
        }
    };
    let (text, pattern): (Vec<char>, Vec<char>) = (
        fold(text).chars().collect(),
        fold(pattern).chars().collect(),
    );
    let (mut at, mut in_pattern) = (0, 0);
    // Where to go on after the last `%` when what follows it does not fit.
    let mut retry: Option<(usize, usize)> = None;
    while at < text.len() {
        match pattern.get(in_pattern) {
            Some('%') => {
                retry = Some((at, in_pattern + 1));
                in_pattern += 1;
                continue;
            }
            Some('\\') if pattern.get(in_pattern + 1) == Some(&text[at]) => {
                at += 1;
                in_pattern += 2;
                continue;
            }
            Some(letter) if *letter == '_' || *letter == text[at] => {
                at += 1;
                in_pattern += 1;
                continue;
            }
            _ => {}
        }
        let Some((from, after)) = retry else {
            return false;
        };
        retry = Some((from + 1, after));
        (at, in_pattern) = (from + 1, after);
    }
    pattern[in_pattern..].iter().all(|letter| *letter == '%')
}

/// A value as Python prints it.
pub(crate) fn python(value: &Value) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::String(text) => format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'")),
        Value::Array(parts) => {
            format!(
                "[{}]",
                parts.iter().map(python).collect::<Vec<_>>().join(", ")
            )
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_finds_what_sql_would_find() {
        assert!(like("+44 20 7946 0107", "%7946%0107%", false));
        assert!(!like("+44 20 7946 0107", "%79460107%", false));
        assert!(like("Anna", "a__a", true));
        assert!(!like("Anna", "a__a", false));
        assert!(like("100%", "100\\%", false));
        assert!(!like("1000", "100\\%", false));
        assert!(like("", "%", false));
    }
}
