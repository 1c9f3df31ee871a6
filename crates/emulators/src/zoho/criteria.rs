//! `criteria=((Phone:equals:020)or(Mobile:equals:020))`. In a value `\` stands before a
//! parenthesis, a comma or itself.

use axum::http::StatusCode;
use jiff::Timestamp;
use serde_json::Value;

use super::errors::ApiError;
use super::modules::Module;

/// Conditions of a search at most.
const CONDITIONS: usize = 15;

/// What a record must be.
#[derive(Debug, PartialEq)]
pub(crate) enum Criteria {
    All(Vec<Criteria>),
    Any(Vec<Criteria>),
    Is(String, Comparison, Vec<String>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    Equals,
    NotEqual,
    In,
    StartsWith,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Between,
}

impl Criteria {
    /// Reads criteria about the fields of a module.
    pub(crate) fn read(text: &str, module: &Module) -> Result<Self, ApiError> {
        let mut reader = Reader {
            rest: text.trim(),
            module,
            conditions: 0,
        };
        let criteria = reader.group().ok_or_else(invalid)?;
        if !reader.rest.trim().is_empty() {
            return Err(invalid());
        }
        if reader.conditions > CONDITIONS {
            return Err(ApiError::limit_exceeded("criteria", CONDITIONS));
        }
        Ok(criteria)
    }

    /// Whether a record is so.
    pub(crate) fn matches(&self, record: &Value) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.matches(record)),
            Self::Any(parts) => parts.iter().any(|part| part.matches(record)),
            Self::Is(field, comparison, values) => {
                let own = field.split('.').fold(record, |value, part| &value[part]);
                compare(own, *comparison, values)
            }
        }
    }
}

fn invalid() -> ApiError {
    ApiError::new(
        StatusCode::BAD_REQUEST,
        "INVALID_QUERY",
        "Invalid query formed",
    )
}

struct Reader<'a> {
    rest: &'a str,
    module: &'a Module,
    conditions: usize,
}

impl Reader<'_> {
    /// `(…)`, alone or tied to others by one word, or a bare condition.
    fn group(&mut self) -> Option<Criteria> {
        if !self.rest.starts_with('(') {
            return self.condition();
        }
        let mut parts = vec![self.bracketed()?];
        let mut tie = None;
        loop {
            self.rest = self.rest.trim_start();
            let this = ["and", "or"]
                .into_iter()
                .find(|word| starts_with(self.rest, word));
            let Some(word) = this else { break };
            if *tie.get_or_insert(word) != word {
                return None;
            }
            self.rest = self.rest[word.len()..].trim_start();
            parts.push(self.bracketed()?);
        }
        match (tie, parts.len()) {
            (_, 1) => parts.pop(),
            (Some("and"), _) => Some(Criteria::All(parts)),
            _ => Some(Criteria::Any(parts)),
        }
    }

    fn bracketed(&mut self) -> Option<Criteria> {
        self.rest = self.rest.strip_prefix('(')?.trim_start();
        let inner = self.group()?;
        self.rest = self.rest.trim_start().strip_prefix(')')?;
        Some(inner)
    }

    /// `Field:comparison:value`, to the next parenthesis that closes.
    fn condition(&mut self) -> Option<Criteria> {
        let (field, rest) = self.rest.split_once(':')?;
        let (word, rest) = rest.split_once(':')?;
        let (values, end) = values(rest);
        let base = field.split('.').next().unwrap_or(field);
        if base != "id" && self.module.field(base).is_none() {
            return None;
        }
        let comparison = comparison(word)?;
        let fits = match comparison {
            Comparison::Between => values.len() == 2,
            Comparison::In => true,
            _ => values.len() == 1,
        };
        self.rest = &rest[end..];
        self.conditions += 1;
        fits.then(|| Criteria::Is(field.to_owned(), comparison, values))
    }
}

fn starts_with(text: &str, word: &str) -> bool {
    text.get(..word.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(word))
}

/// The values between commas, and where they end.
fn values(text: &str) -> (Vec<String>, usize) {
    let mut values = vec![String::new()];
    let mut escaped = false;
    for (at, one) in text.char_indices() {
        let plain = escaped;
        escaped = !plain && one == '\\';
        match one {
            '\\' if !plain => {}
            ')' if !plain => return (values, at),
            ',' if !plain => values.push(String::new()),
            _ => {
                if let Some(last) = values.last_mut() {
                    last.push(one);
                }
            }
        }
    }
    (values, text.len())
}

fn comparison(word: &str) -> Option<Comparison> {
    Some(match word {
        "equals" => Comparison::Equals,
        "not_equal" => Comparison::NotEqual,
        "in" => Comparison::In,
        "starts_with" => Comparison::StartsWith,
        "less_than" => Comparison::Less,
        "less_equal" => Comparison::LessOrEqual,
        "greater_than" => Comparison::Greater,
        "greater_equal" => Comparison::GreaterOrEqual,
        "between" => Comparison::Between,
        _ => return None,
    })
}

/// Compares as text without regard to case, as times or as numbers, as the value is.
fn compare(own: &Value, comparison: Comparison, values: &[String]) -> bool {
    let own = match own {
        Value::Object(lookup) => lookup.get("id").and_then(Value::as_str).map(str::to_owned),
        Value::String(text) => Some(text.clone()),
        Value::Null => None,
        other => Some(other.to_string()),
    };
    let is = |value: &String| match &own {
        None => value == "null" || value.is_empty(),
        Some(own) => own.to_lowercase() == value.to_lowercase(),
    };
    let first = values.first();
    let than = |value: Option<&String>| Some(ordered(own.as_deref()?, value?));
    match comparison {
        Comparison::Equals => first.is_some_and(is),
        Comparison::NotEqual => !first.is_some_and(is),
        Comparison::In => values.iter().any(is),
        Comparison::StartsWith => own
            .as_ref()
            .zip(first)
            .is_some_and(|(own, value)| own.to_lowercase().starts_with(&value.to_lowercase())),
        Comparison::Less => than(first).is_some_and(std::cmp::Ordering::is_lt),
        Comparison::LessOrEqual => than(first).is_some_and(std::cmp::Ordering::is_le),
        Comparison::Greater => than(first).is_some_and(std::cmp::Ordering::is_gt),
        Comparison::GreaterOrEqual => than(first).is_some_and(std::cmp::Ordering::is_ge),
        Comparison::Between => {
            than(first).is_some_and(std::cmp::Ordering::is_ge)
                && than(values.get(1)).is_some_and(std::cmp::Ordering::is_le)
        }
    }
}

fn ordered(own: &str, value: &str) -> std::cmp::Ordering {
    if let (Ok(own), Ok(value)) = (own.parse::<Timestamp>(), value.parse::<Timestamp>()) {
        return own.cmp(&value);
    }
    if let (Ok(own), Ok(value)) = (own.parse::<i64>(), value.parse::<i64>()) {
        return own.cmp(&value);
    }
    own.cmp(value)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::zoho::modules::Source;
    use crate::zoho::seeded;

    const CONTACTS: Module = Module {
        api_name: "Contacts",
        singular: "Contact",
        plural: "Contacts",
        source: Source::Contacts,
        fields: &seeded::contact("Account_Name", "Accounts"),
    };

    fn holds(criteria: &str, record: &Value) -> bool {
        Criteria::read(criteria, &CONTACTS)
            .expect("criteria")
            .matches(record)
    }

    #[test]
    fn conditions_are_tied_by_and_or_or_and_values_are_escaped() {
        let record = json!({ "Phone": "(020) 79,46", "Mobile": null, "Owner": { "id": "7" },
            "Modified_Time": "2026-01-01T05:30:00+05:30" });
        for good in [
            r"((Phone:equals:\(020\) 79\,46)or(Mobile:equals:1))",
            r"(Phone:starts_with:\(020)",
            "(Owner:equals:7)and(Modified_Time:greater_equal:2026-01-01T00:00:00Z)",
            "((Mobile:equals:null)and((Owner.id:in:5,7)or(Phone:equals:x)))",
            "Owner:equals:7",
        ] {
            assert!(holds(good, &record), "{good}");
        }
        assert!(!holds("(Mobile:starts_with:0)", &record));
    }

    #[test]
    fn what_is_no_criteria_is_refused() {
        let many = vec!["(Phone:equals:1)"; 16].join("or");
        for bad in [
            "(Phone:equals:1",
            "(Telephone:equals:1)",
            "(Phone:is:1)",
            "(Phone:equals:1)or(Mobile:equals:1)and(Phone:equals:2)",
            "(Phone:between:1)",
            many.as_str(),
        ] {
            assert!(Criteria::read(bad, &CONTACTS).is_err(), "{bad}");
        }
    }
}
