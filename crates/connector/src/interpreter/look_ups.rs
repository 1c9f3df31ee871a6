//! What is read from the provider before a record is written: roles, places, ids behind names.

use std::collections::{BTreeMap, BTreeSet};

use counterpart_manifest::{Activity as Described, LookUp, Named, Pointer, RequestTemplate};
use counterpart_model::Code;
use counterpart_model::activity::Activity;
use serde_json::Value;

use super::ManifestConnector;
use super::call::Call;
use super::records::each;
use crate::{Access, ConnectorError, ErrorClass};

/// The settings of a connection.
type Settings = BTreeMap<String, String>;

/// Further inputs of a write, by name.
pub(super) type Found = Vec<(String, Value)>;

impl ManifestConnector {
    /// What a request of a write needs to know beyond what is given to it.
    pub(super) async fn looked_up(
        &self,
        access: &Access<'_>,
        described: &Described,
        activity: &Activity,
        template: &RequestTemplate,
    ) -> Result<Found, ConnectorError> {
        let kind = described.owner_id.as_deref();
        let owner = activity.owner.id_of_kind(kind);
        let mut inputs: Vec<_> = self
            .about(described, &activity.about, owner)
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect();
        let given = inputs.len();
        let mut answers: Vec<(&RequestTemplate, Vec<Value>)> = Vec::new();
        let what = format!("writing a {}", described.title);
        for look_up in needed(described, access.settings, template) {
            let known = answers
                .iter()
                .position(|(request, _)| **request == look_up.request);
            let at = if let Some(at) = known {
                at
            } else {
                let rows = self
                    .rows_of_look_up(access, look_up, &inputs, &what)
                    .await?;
                answers.push((&look_up.request, rows));
                answers.len() - 1
            };
            match chosen(look_up, access.settings, &answers[at].1) {
                Some(value) => inputs.push((look_up.input.clone(), value)),
                None if look_up.optional && name_of(look_up, access.settings).is_none() => {}
                None => return Err(not_there(look_up, access.settings, &what)),
            }
        }
        Ok(inputs.split_off(given))
    }

    /// The rows at the beginning of an answer; none where there is nothing.
    async fn rows_of_look_up(
        &self,
        access: &Access<'_>,
        look_up: &LookUp,
        inputs: &[(String, Value)],
        what: &str,
    ) -> Result<Vec<Value>, ConnectorError> {
        let extras: Vec<_> = inputs
            .iter()
            .map(|(name, value)| (name.as_str(), value.clone()))
            .collect();
        let call = Call {
            extras: &extras,
            may_be_empty: true,
            ..Call::of(&look_up.request, what)
        };
        match self.call(access, call).await {
            Err(error) if *error.class() == ErrorClass::NotFound => Ok(Vec::new()),
            answer => Ok(answer?
                .json
                .iter()
                .flat_map(|body| each(body, &look_up.rows))
                .cloned()
                .collect()),
        }
    }
}

/// The look-ups whose value the request needs, or another of them does, in their order. What a
/// setting says is not looked up.
fn needed<'a>(
    described: &'a Described,
    settings: &Settings,
    template: &RequestTemplate,
) -> Vec<&'a LookUp> {
    let mut wanted: BTreeSet<String> = template.inputs();
    let mut all = Vec::new();
    for look_up in described.look_up.iter().rev() {
        let is_set = setting(settings, &look_up.input).is_some();
        let unnamed =
            look_up.optional && look_up.named.is_some() && name_of(look_up, settings).is_none();
        if wanted.contains(&look_up.input) && !is_set && !unnamed {
            wanted.extend(look_up.request.inputs());
            all.push(look_up);
        }
    }
    all.reverse();
    all
}

/// A setting that is filled in.
fn setting<'a>(settings: &'a Settings, name: &str) -> Option<&'a str> {
    let text = settings.get(name)?.trim();
    Some(text).filter(|text| !text.is_empty())
}

/// The setting that says which row is meant, and the name in it.
fn name_of<'a>(look_up: &'a LookUp, settings: &'a Settings) -> Option<(&'a Named, &'a str)> {
    let named = look_up.named.as_ref()?;
    Some((named, setting(settings, &named.by)?))
}

/// The value in the row that is meant.
fn chosen(look_up: &LookUp, settings: &Settings, rows: &[Value]) -> Option<Value> {
    let inner: Vec<Value>;
    let rows = if let Some(pick) = &look_up.pick {
        let row = rows
            .iter()
            .find(|row| pick.pointer.text(row).as_ref() == Some(&pick.equals))?;
        inner = each(row, &pick.items).cloned().collect();
        &inner
    } else {
        rows
    };
    let name = name_of(look_up, settings);
    let mut fitting = rows.iter().filter(|row| {
        let value = look_up.value.find(row);
        value.is_some_and(|value| Pointer::default().text(value).is_some())
            && name.is_none_or(|(named, name)| {
                let own = named.pointer.text(row);
                own.is_some_and(|own| own.eq_ignore_ascii_case(name))
            })
    });
    let first = fitting.next()?;
    let holds = |row: &&Value| look_up.prefer.as_ref().is_none_or(|it| it.holds(row));
    let row = if holds(&first) {
        first
    } else {
        fitting.find(holds).unwrap_or(first)
    };
    look_up.value.find(row).cloned()
}

fn not_there(look_up: &LookUp, settings: &Settings, what: &str) -> ConnectorError {
    match name_of(look_up, settings) {
        Some((named, name)) => ConnectorError::with_code(
            ErrorClass::Permanent,
            Code::ConnectionSettingsInvalid,
            format!(
                "{what}: there is no `{name}`; correct `{}` in the settings",
                named.by
            ),
        ),
        None => ConnectorError::new(
            ErrorClass::NotFound,
            format!(
                "{what}: there is no {} for it",
                look_up.input.replace('_', " ")
            ),
        ),
    }
}

#[cfg(test)]
mod tests {
    use counterpart_manifest::Condition;
    use serde_json::json;

    use super::*;

    fn look_up() -> LookUp {
        let pointer = |text: &str| Pointer::parse(text).expect("a pointer");
        LookUp {
            input: "status_id".to_owned(),
            request: serde_json::from_value(json!({"path": "/fields"})).expect("a request"),
            rows: pointer("/fields"),
            pick: None,
            named: Some(Named {
                by: "status".to_owned(),
                pointer: pointer("/label"),
            }),
            prefer: Some(Condition {
                pointer: pointer("/default"),
                equals: vec![json!(true)],
                contains: Vec::new(),
            }),
            value: pointer("/id"),
            optional: false,
        }
    }

    fn settings(status: &str) -> Settings {
        Settings::from([("status".to_owned(), status.to_owned())])
    }

    #[test]
    fn a_name_comes_before_what_is_preferred_and_that_before_the_first() {
        let rows = [
            json!({"id": 1, "label": "Open"}),
            json!({"id": 2, "label": "New", "default": true}),
            json!({"label": "without an id"}),
        ];
        let look_up = look_up();
        assert_eq!(chosen(&look_up, &settings(" open "), &rows), Some(json!(1)));
        assert_eq!(chosen(&look_up, &settings(""), &rows), Some(json!(2)));
        assert_eq!(chosen(&look_up, &settings(""), &rows[..1]), Some(json!(1)));
        assert_eq!(chosen(&look_up, &settings("Closed"), &rows), None);
        let error = not_there(&look_up, &settings("Closed"), "writing a ticket");
        assert!(error.to_string().contains("correct `status`"), "{error}");
    }
}
