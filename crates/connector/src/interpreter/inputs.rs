//! The values that may stand in a request, spelled as the manifest says.

use std::collections::BTreeMap;

use counterpart_manifest::{IdType, InputRule, LengthFormat, Manifest, TimeFormat};
use counterpart_model::Timestamp;
use counterpart_outbound::SecretString;
use secrecy::ExposeSecret as _;
use serde_json::Value;

use crate::{Access, SessionState};

/// The values that may stand in a request, and which of them are secret.
pub(super) struct Inputs<'a> {
    manifest: &'a Manifest,
    /// What the place itself says of its inputs; comes before what the manifest says.
    own_rules: Option<&'a BTreeMap<String, InputRule>>,
    values: BTreeMap<String, Value>,
    secrets: Vec<String>,
}

impl<'a> Inputs<'a> {
    /// Settings, credentials and what signing in yielded.
    pub(super) fn new(
        manifest: &'a Manifest,
        access: &Access<'_>,
        session: Option<&SessionState>,
    ) -> Self {
        let mut inputs = Self {
            manifest,
            own_rules: None,
            values: BTreeMap::new(),
            secrets: Vec::new(),
        };
        for (name, value) in access.settings {
            inputs.set(name, Value::from(value.as_str()));
        }
        for (name, secret) in access.credentials.iter() {
            inputs.set(name, Value::from(secret.expose_secret()));
            inputs.secrets.push(name.to_owned());
        }
        let way = manifest.sign_in_of(access.settings);
        for (name, value) in session.iter().flat_map(|session| &session.values) {
            let typed = manifest.setting(name).filter(|field| !field.internal);
            if typed.is_some() && inputs.get(name).is_some() {
                continue;
            }
            inputs.set(name, Value::from(value.as_str()));
            let is_public = manifest
                .yields(way)
                .any(|(known, yielded)| known == name && yielded.public);
            if !is_public {
                inputs.secrets.push(name.clone());
            }
        }
        inputs
    }

    /// The same with rules of the place's own.
    pub(super) const fn under(mut self, rules: &'a BTreeMap<String, InputRule>) -> Self {
        self.own_rules = Some(rules);
        self
    }

    /// What is said of an input: by the place, or by the manifest.
    pub(super) fn rule(&self, name: &str) -> Option<&'a InputRule> {
        self.own_rules
            .and_then(|rules| rules.get(name))
            .or_else(|| self.manifest.inputs.get(name))
    }

    /// Sets a value, in place of an earlier one of that name.
    pub(super) fn set(&mut self, name: &str, value: Value) {
        let value = match (self.rule(name).and_then(|rule| rule.most), value) {
            (Some(most), Value::String(text)) if text.chars().count() > most => {
                Value::from(text.chars().take(most).collect::<String>())
            }
            (_, value) => value,
        };
        self.values.insert(name.to_owned(), value);
    }

    /// Sets a text, if there is one.
    pub(super) fn set_text(&mut self, name: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.set(name, Value::from(text));
        }
    }

    /// Sets an id, as text or number.
    pub(super) fn set_id(&mut self, name: &str, id: Option<&str>, id_type: IdType) {
        let Some(id) = id else { return };
        let number = (id_type == IdType::Integer).then(|| id.parse::<i64>().ok());
        let value = number
            .flatten()
            .map_or_else(|| Value::from(id), Value::from);
        self.set(name, value);
    }

    /// Sets one of our words, as the provider's word for it. Where words are listed and this one
    /// is not, it has no value.
    pub(super) fn set_word(&mut self, name: &str, word: Option<&str>) {
        let Some(word) = word else { return };
        match self.rule(name).filter(|rule| !rule.words.is_empty()) {
            None => self.set(name, Value::from(word)),
            Some(rule) => {
                if let Some(theirs) = rule.words.get(word) {
                    self.set(name, Value::from(theirs));
                }
            }
        }
    }

    /// Sets an instant, spelled by its rule; by RFC 3339 where there is none.
    pub(super) fn set_time(&mut self, name: &str, at: Timestamp) {
        let format = self.rule(name).and_then(|rule| rule.time);
        let spelled = spell(at, format.unwrap_or(TimeFormat::Rfc3339));
        let is_number = matches!(
            format,
            Some(TimeFormat::UnixSeconds | TimeFormat::UnixMillis)
        );
        let wants_text = self.rule(name).and_then(|rule| rule.json_type) == Some(IdType::Text);
        let value = match spelled.parse::<i64>() {
            Ok(number) if is_number && !wants_text => Value::from(number),
            _ => Value::from(spelled),
        };
        self.set(name, value);
    }

    /// Sets a length of time, spelled by its rule; in whole seconds where there is none.
    pub(super) fn set_length(&mut self, name: &str, seconds: u32) {
        let rule = self.rule(name);
        let format = rule.and_then(|rule| rule.length);
        let value = length(seconds, format.unwrap_or(LengthFormat::Seconds));
        let wants_text = rule.and_then(|rule| rule.json_type) == Some(IdType::Text);
        self.set(
            name,
            match value {
                Value::Number(number) if wants_text => Value::from(number.to_string()),
                value => value,
            },
        );
    }

    /// The value of an input; none if it is empty.
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.values
            .get(name)
            .filter(|value| !value.is_null() && value.as_str() != Some(""))
    }

    /// The value of an input that is the whole of a text in a JSON body.
    pub(super) fn typed(&self, name: &str) -> Option<Value> {
        let value = self.get(name)?;
        let wanted = self.rule(name).and_then(|rule| rule.json_type);
        Some(match (wanted, value) {
            (Some(IdType::Integer), Value::String(text)) => {
                let number = text.parse::<i64>();
                number.map_or_else(|_| value.clone(), Value::from)
            }
            (Some(IdType::Text), Value::Number(number)) => Value::from(number.to_string()),
            _ => value.clone(),
        })
    }

    /// The text of an input.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.get(name).map(plain)
    }

    /// The secrets among the inputs.
    pub(super) fn secrets(&self) -> impl Iterator<Item = SecretString> + '_ {
        self.secrets
            .iter()
            .filter_map(|name| self.text(name))
            .map(SecretString::from)
    }

    /// Whether the input of this name is secret.
    pub(super) fn is_secret(&self, name: &str) -> bool {
        self.secrets.iter().any(|secret| secret == name)
    }
}

/// A value as it stands in a text; a list with commas.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}

/// An instant as the provider wants it written. Instants before 1970 and the sentinels are
/// written as its beginning.
pub(super) fn spell(instant: Timestamp, format: TimeFormat) -> String {
    let epoch = Timestamp::from_micros(0);
    let instant = instant.max(epoch);
    let at = instant.to_jiff().unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    let pattern = match format {
        TimeFormat::UnixSeconds => return at.as_second().to_string(),
        TimeFormat::UnixMillis => return at.as_millisecond().to_string(),
        TimeFormat::Rfc3339 => "%Y-%m-%dT%H:%M:%SZ",
        TimeFormat::Rfc3339Millis => "%Y-%m-%dT%H:%M:%S.%3fZ",
        TimeFormat::Rfc3339Offset => "%Y-%m-%dT%H:%M:%S+00:00",
        TimeFormat::HttpDate => "%a, %d %b %Y %H:%M:%S GMT",
        TimeFormat::Plain => "%Y-%m-%d %H:%M:%S",
        TimeFormat::PlainT => "%Y-%m-%dT%H:%M:%S",
        TimeFormat::Date => "%Y-%m-%d",
        TimeFormat::Time => "%H:%M:%S",
    };
    at.strftime(pattern).to_string()
}

/// A length of time as the provider wants it written.
fn length(seconds: u32, format: LengthFormat) -> Value {
    let (minutes, rest) = (seconds / 60, seconds % 60);
    let begun = seconds.div_ceil(60);
    match format {
        LengthFormat::Seconds => Value::from(seconds),
        LengthFormat::Milliseconds => Value::from(u64::from(seconds) * 1_000),
        LengthFormat::Minutes => Value::from(begun),
        LengthFormat::DecimalMinutes => hundredths(u64::from(seconds) * 100, 60),
        LengthFormat::DecimalHours => hundredths(u64::from(seconds) * 100, 3_600),
        LengthFormat::MmSs => Value::from(format!("{minutes:02}:{rest:02}")),
        LengthFormat::HhMm => Value::from(format!("{:02}:{:02}", begun / 60, begun % 60)),
        LengthFormat::HhMmSs => {
            Value::from(format!("{:02}:{:02}:{rest:02}", minutes / 60, minutes % 60))
        }
    }
}

/// A number with two decimals: hundredths over something, rounded up.
fn hundredths(hundredths: u64, over: u64) -> Value {
    let rounded = hundredths.div_ceil(over);
    // Below 2^32 hundredths a double is exact.
    let exact = u32::try_from(rounded).unwrap_or(u32::MAX);
    Value::from(f64::from(exact) / 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_spelled_as_each_vendor_wants_them() {
        let at: Timestamp = "2026-01-05T10:11:12.345Z".parse().expect("a time");
        for (format, expected) in [
            (TimeFormat::Rfc3339, "2026-01-05T10:11:12Z"),
            (TimeFormat::Rfc3339Millis, "2026-01-05T10:11:12.345Z"),
            (TimeFormat::Rfc3339Offset, "2026-01-05T10:11:12+00:00"),
            (TimeFormat::HttpDate, "Mon, 05 Jan 2026 10:11:12 GMT"),
            (TimeFormat::UnixSeconds, "1767607872"),
            (TimeFormat::UnixMillis, "1767607872345"),
            (TimeFormat::Plain, "2026-01-05 10:11:12"),
            (TimeFormat::PlainT, "2026-01-05T10:11:12"),
            (TimeFormat::Date, "2026-01-05"),
            (TimeFormat::Time, "10:11:12"),
        ] {
            assert_eq!(spell(at, format), expected);
        }
        assert_eq!(
            spell(Timestamp::ALWAYS, TimeFormat::Rfc3339),
            "1970-01-01T00:00:00Z"
        );
    }

    #[test]
    fn lengths_are_spelled_as_each_vendor_wants_them() {
        for (format, expected) in [
            (LengthFormat::Seconds, Value::from(125)),
            (LengthFormat::Milliseconds, Value::from(125_000)),
            (LengthFormat::Minutes, Value::from(3)),
            (LengthFormat::DecimalMinutes, Value::from(2.09)),
            (LengthFormat::DecimalHours, Value::from(0.04)),
            (LengthFormat::MmSs, Value::from("02:05")),
            (LengthFormat::HhMm, Value::from("00:03")),
            (LengthFormat::HhMmSs, Value::from("00:02:05")),
        ] {
            assert_eq!(length(125, format), expected, "{format:?}");
        }
        assert_eq!(length(0, LengthFormat::DecimalHours), Value::from(0.0));
    }
}
