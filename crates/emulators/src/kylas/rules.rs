//! The `jsonRule` of a search: what the jQuery query builder makes.

use serde_json::Value;

use super::errors::ApiError;

/// What a field is, which decides the type a rule must name and the operators there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FieldType {
    Text,
    /// A look-up of another record, or an id. The rule's type is `long` though the field's is
    /// `LOOK_UP`.
    Number,
    Date,
    Flag,
}

impl FieldType {
    const fn rule_type(self) -> &'static str {
        match self {
            Self::Text => "string",
            Self::Number => "long",
            Self::Date => "date",
            Self::Flag => "boolean",
        }
    }

    const fn operators(self) -> &'static [&'static str] {
        match self {
            Self::Text => &[
                "equal",
                "not_equal",
                "contains",
                "not_contains",
                "in",
                "not_in",
                "begins_with",
                "is_empty",
                "is_not_empty",
            ],
            Self::Number => &[
                "equal",
                "not_equal",
                "in",
                "not_in",
                "is_null",
                "is_not_null",
            ],
            Self::Date => &[
                "greater",
                "greater_or_equal",
                "less",
                "less_or_equal",
                "between",
                "is_null",
                "is_not_null",
            ],
            Self::Flag => &["equal", "not_equal"],
        }
    }
}

/// A field that can be searched.
pub(crate) type Field = (&'static str, FieldType);

/// A rule, checked.
#[derive(Debug)]
pub(crate) enum Rule {
    All(Vec<Rule>),
    Any(Vec<Rule>),
    /// Somewhere in the texts of the record.
    Anywhere(String),
    Field {
        name: &'static str,
        operator: String,
        values: Vec<String>,
    },
}

/// Reads the rule of a body; a body without one is refused.
pub(crate) fn read(body: &Value, fields: &'static [Field]) -> Result<Rule, ApiError> {
    let rule = &body["jsonRule"];
    if !rule.is_object() {
        return Err(ApiError::invalid("jsonRule is required"));
    }
    group(rule, fields)
}

fn group(rule: &Value, fields: &'static [Field]) -> Result<Rule, ApiError> {
    let invalid = || ApiError::invalid("Invalid jsonRule");
    if rule["valid"] != true {
        return Err(invalid());
    }
    let rules = rule["rules"].as_array().ok_or_else(invalid)?;
    let rules = rules.iter().map(|rule| {
        if rule["rules"].is_array() {
            group(rule, fields)
        } else {
            single(rule, fields)
        }
    });
    let rules = rules.collect::<Result<Vec<_>, _>>()?;
    match rule["condition"].as_str() {
        Some("AND") => Ok(Rule::All(rules)),
        Some("OR") => Ok(Rule::Any(rules)),
        _ => Err(invalid()),
    }
}

fn single(rule: &Value, fields: &'static [Field]) -> Result<Rule, ApiError> {
    let text = |name: &str| rule[name].as_str().unwrap_or_default();
    if text("field") == "multi_field" {
        if text("type") != "multi_field" || text("operator") != "multi_field" {
            return Err(ApiError::invalid("Invalid Type"));
        }
        return Ok(Rule::Anywhere(text("value").to_lowercase()));
    }
    let field = fields.iter().find(|(name, _)| *name == text("field"));
    let Some((name, kind)) = field else {
        return Err(ApiError::invalid(format!(
            "Invalid field {}",
            text("field")
        )));
    };
    if text("type") != kind.rule_type() {
        return Err(ApiError::invalid("Invalid Type"));
    }
    let operator = text("operator").to_owned();
    if !kind.operators().contains(&operator.as_str()) {
        return Err(ApiError::invalid(format!("Invalid operator {operator}")));
    }
    if *kind == FieldType::Date && text("timeZone").is_empty() {
        return Err(ApiError::invalid("timeZone is required"));
    }
    let values = match &rule["value"] {
        Value::Array(values) => values.iter().map(shown).collect(),
        Value::Null => Vec::new(),
        value => vec![shown(value)],
    };
    let values = if *kind == FieldType::Date {
        values
            .iter()
            .map(|value| time(value))
            .collect::<Result<_, _>>()?
    } else {
        values
    };
    let unary = ["is_empty", "is_not_empty", "is_null", "is_not_null"];
    let wanted = match operator.as_str() {
        operator if unary.contains(&operator) => 0,
        "between" => 2,
        _ => 1,
    };
    if values.len() < wanted {
        return Err(ApiError::invalid("Invalid value"));
    }
    Ok(Rule::Field {
        name,
        operator,
        values,
    })
}

/// A value as text, letter case aside.
fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.to_lowercase(),
        value => value.to_string(),
    }
}

/// A time in the spelling of the rows, in which later times are greater texts.
fn time(text: &str) -> Result<String, ApiError> {
    let time: Result<jiff::Timestamp, _> = text.to_uppercase().parse();
    time.map(|time| super::date_time(time).to_lowercase())
        .map_err(|_| ApiError::invalid("Invalid value"))
}

/// The texts of a field of a row: the value itself, or the `value` of each e-mail address or
/// telephone number.
fn texts(row: &Value, field: &str) -> Vec<String> {
    match &row[field] {
        Value::Array(items) => items.iter().map(|item| shown(&item["value"])).collect(),
        Value::Null => Vec::new(),
        value => vec![shown(value)],
    }
}

impl Rule {
    pub(crate) fn meets(&self, row: &Value) -> bool {
        match self {
            Self::All(rules) => rules.iter().all(|rule| rule.meets(row)),
            Self::Any(rules) => rules.iter().any(|rule| rule.meets(row)),
            Self::Anywhere(wanted) => {
                let fields = [
                    "firstName",
                    "lastName",
                    "companyName",
                    "emails",
                    "phoneNumbers",
                    "email",
                ];
                let name = texts(row, "firstName")
                    .into_iter()
                    .chain(texts(row, "lastName"))
                    .collect::<Vec<_>>()
                    .join(" ");
                let mut all = fields.iter().flat_map(|field| texts(row, field));
                name.contains(wanted) || all.any(|text| text.contains(wanted))
            }
            Self::Field {
                name,
                operator,
                values,
            } => compare(&texts(row, name), operator, values),
        }
    }
}

fn compare(texts: &[String], operator: &str, values: &[String]) -> bool {
    let first = values.first().map_or("", String::as_str);
    let any = |test: &dyn Fn(&str) -> bool| texts.iter().any(|text| test(text));
    match operator {
        "equal" | "in" => any(&|text| values.iter().any(|value| value == text)),
        "not_equal" | "not_in" => !any(&|text| values.iter().any(|value| value == text)),
        "contains" => any(&|text| text.contains(first)),
        "not_contains" => !any(&|text| text.contains(first)),
        "begins_with" => any(&|text| text.starts_with(first)),
        "is_empty" | "is_null" => texts.is_empty(),
        "is_not_empty" | "is_not_null" => !texts.is_empty(),
        "greater" => any(&|text| text > first),
        "greater_or_equal" => any(&|text| text >= first),
        "less" => any(&|text| text < first),
        "less_or_equal" => any(&|text| text <= first),
        _ => {
            let second = values.get(1).map_or("", String::as_str);
            any(&|text| (first..=second).contains(&text))
        }
    }
}
