//! The fields of a module: what they hold, what they refuse, how `settings/fields` shows them.

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::users::date_time;

/// One field.
#[derive(Debug)]
pub(crate) struct Field {
    /// Its API name.
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    /// A record without it is refused.
    pub(crate) mandatory: bool,
    /// What clients send is ignored.
    pub(crate) read_only: bool,
    /// Made by the organization, no two records with one value: what a client's key goes in.
    pub(crate) own_key: bool,
}

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A line of at most so many characters.
    Text(usize),
    /// Lines of at most so many characters.
    Area(usize),
    Phone,
    Email,
    Website,
    DateTime,
    Date,
    Integer,
    Boolean,
    /// One of these and no other.
    Pick(&'static [&'static str]),
    /// One of these; another is added to them.
    OpenPick(&'static [&'static str]),
    /// The user whom the record belongs to.
    Owner,
    /// A user.
    User,
    /// A record of this module.
    Lookup(&'static str),
    /// A record of the module that `$se_module` names.
    Related,
    /// The record a note is under.
    Parent,
}

impl Field {
    pub(crate) const fn new(name: &'static str, kind: Kind) -> Self {
        Self {
            name,
            kind,
            mandatory: false,
            read_only: false,
            own_key: false,
        }
    }

    pub(crate) const fn mandatory(self) -> Self {
        Self {
            mandatory: true,
            ..self
        }
    }

    pub(crate) const fn read_only(self) -> Self {
        Self {
            read_only: true,
            ..self
        }
    }

    pub(crate) const fn own_key(self) -> Self {
        Self {
            own_key: true,
            ..self
        }
    }

    /// The field as `settings/fields` shows it.
    pub(crate) fn shown(&self, nth: usize) -> Value {
        let pick = match self.kind {
            Kind::Pick(values) | Kind::OpenPick(values) => values,
            _ => &[],
        };
        let values: Vec<Value> = pick
            .iter()
            .map(|value| json!({ "display_value": value, "actual_value": value, "type": "used" }))
            .collect();
        let lookup = match self.kind {
            Kind::Lookup(module) => json!({ "module": { "api_name": module, "id": null } }),
            Kind::Related => json!({ "module": { "api_name": "se_module", "id": null } }),
            _ => json!({}),
        };
        let unique = if self.own_key {
            json!({ "casesensitive": false })
        } else {
            json!({})
        };
        json!({
            "id": format!("5843104000000002{nth:03}"),
            "api_name": self.name,
            "field_label": self.name.replace("__s", "").replace('_', " "),
            "data_type": self.data_type(),
            "json_type": self.json_type(),
            "length": self.length(),
            "system_mandatory": self.mandatory,
            "read_only": self.read_only,
            "field_read_only": self.read_only,
            "visible": true,
            "custom_field": self.own_key,
            "unique": unique,
            "external": null,
            "lookup": lookup,
            "pick_list_values": values,
        })
    }

    fn data_type(&self) -> &'static str {
        match self.kind {
            Kind::Text(_) => "text",
            Kind::Area(_) => "textarea",
            Kind::Phone => "phone",
            Kind::Email => "email",
            Kind::Website => "website",
            Kind::DateTime => "datetime",
            Kind::Date => "date",
            Kind::Integer => "integer",
            Kind::Boolean => "boolean",
            Kind::Pick(_) | Kind::OpenPick(_) => "picklist",
            Kind::Owner | Kind::User => "ownerlookup",
            Kind::Lookup(_) | Kind::Related | Kind::Parent => "lookup",
        }
    }

    fn json_type(&self) -> &'static str {
        match self.kind {
            Kind::Integer => "integer",
            Kind::Boolean => "boolean",
            Kind::Owner | Kind::User | Kind::Lookup(_) | Kind::Related | Kind::Parent => {
                "jsonobject"
            }
            _ => "string",
        }
    }

    /// The most characters.
    fn length(&self) -> usize {
        match self.kind {
            Kind::Text(most) | Kind::Area(most) => most,
            Kind::Phone => 30,
            Kind::Email => 100,
            Kind::Website => 450,
            Kind::Pick(_) | Kind::OpenPick(_) => 120,
            Kind::Integer => 9,
            _ => 20,
        }
    }

    /// The value as it is kept; lookups are resolved elsewhere. The error is the type that was
    /// expected, or the length that is the most.
    pub(crate) fn kept(&self, value: &Value) -> Result<Value, Value> {
        let expected = || json!({ "expected_data_type": self.data_type() });
        if value.is_null() {
            return Ok(Value::Null);
        }
        match self.kind {
            Kind::Integer => value.is_i64().then(|| value.clone()).ok_or_else(expected),
            Kind::Boolean => value
                .is_boolean()
                .then(|| value.clone())
                .ok_or_else(expected),
            Kind::DateTime => value
                .as_str()
                .and_then(instant)
                .map(|time| json!(date_time(time)))
                .ok_or_else(expected),
            Kind::Date => value
                .as_str()
                .filter(|text| text.parse::<Date>().is_ok() && text.len() == 10)
                .map(|text| json!(text))
                .ok_or_else(expected),
            Kind::Pick(values) => value
                .as_str()
                .filter(|text| values.contains(text))
                .map(|text| json!(text))
                .ok_or_else(expected),
            Kind::Owner | Kind::User | Kind::Lookup(_) | Kind::Related | Kind::Parent => {
                Ok(value.clone())
            }
            _ => {
                let text = value.as_str().ok_or_else(expected)?;
                if text.chars().count() > self.length() {
                    return Err(json!({ "maximum_length": self.length() }));
                }
                if self.kind == Kind::Email && !text.is_empty() && !text.contains('@') {
                    return Err(expected());
                }
                Ok(json!(text))
            }
        }
    }
}

/// A time with an offset and no fraction of a second.
pub(crate) fn instant(text: &str) -> Option<Timestamp> {
    if text.contains('.') {
        return None;
    }
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_of_another_type_is_refused_with_the_type_that_was_expected() {
        let time = Field::new("Call_Start_Time", Kind::DateTime);
        assert_eq!(
            time.kept(&json!("2026-11-20T05:00:00Z")),
            Ok(json!("2026-11-20T10:30:00+05:30"))
        );
        for bad in [
            json!("2026-11-20T10:30:00"),
            json!("2026-11-20"),
            json!("2026-11-20T10:30:00.5Z"),
            json!(5),
        ] {
            assert_eq!(
                time.kept(&bad),
                Err(json!({ "expected_data_type": "datetime" }))
            );
        }
        let subject = Field::new("Subject", Kind::Text(3));
        assert_eq!(
            subject.kept(&json!("four")),
            Err(json!({ "maximum_length": 3 }))
        );
        assert_eq!(
            subject.kept(&json!(5)),
            Err(json!({ "expected_data_type": "text" }))
        );
    }
}
