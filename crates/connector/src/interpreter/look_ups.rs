//! What is read from the provider before a record is written: roles, places, ids behind names.

use std::collections::BTreeSet;

use counterpart_manifest::{Activity as Described, LookUp, Pointer, RequestTemplate};
use counterpart_model::Code;
use counterpart_model::activity::{About, Activity};
use serde_json::Value;

use super::ManifestConnector;
use super::call::Call;
use super::records::each;
use crate::{Access, ConnectorError, ErrorClass};

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
            .ids_beside(described, &activity.about, owner)
            .map(|(name, value)| (name.to_owned(), value))
            .collect();
        let given = inputs.len();
        let mut answers: Vec<(&RequestTemplate, Vec<Value>)> = Vec::new();
        let what = format!("writing a {}", described.title);
        for look_up in needed(described, access, template) {
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
            match chosen(look_up, access, &answers[at].1) {
                Some(value) => inputs.push((look_up.input.clone(), value)),
                None if look_up.optional => {}
                None => return Err(not_there(look_up, access, &what)),
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
                .flat_map(|body| each(body, &look_up.items))
                .cloned()
                .collect()),
        }
    }

    /// The ids of what a record is about and of its owner, in the types that the rules give them.
    pub(super) fn ids_beside<'a>(
        &'a self,
        described: &'a Described,
        about: &'a About,
        owner: Option<&'a str>,
    ) -> impl Iterator<Item = (&'static str, Value)> + 'a {
        let ids = [
            ("contact_id", about.contact_id.as_deref()),
            ("lead_id", about.lead_id.as_deref()),
            ("company_id", about.company_id.as_deref()),
            ("ticket_id", about.ticket_id.as_deref()),
            ("owner", owner),
        ];
        ids.into_iter()
            .filter_map(|(name, id)| Some((name, self.typed_by_rule(described, name, id?))))
    }
}

/// The look-ups whose value the request needs, or another of them does, in their order. What a
/// setting says is not looked up.
fn needed<'a>(
    described: &'a Described,
    access: &Access<'_>,
    template: &RequestTemplate,
) -> Vec<&'a LookUp> {
    let mut wanted: BTreeSet<String> = template.inputs();
    let mut all = Vec::new();
    for look_up in described.look_up.iter().rev() {
        let is_set = setting(access, &look_up.input).is_some();
        let unnamed = look_up.optional
            && look_up
                .named
                .as_ref()
                .is_some_and(|named| setting(access, &named.by).is_none());
        if wanted.contains(&look_up.input) && !is_set && !unnamed {
            wanted.extend(look_up.request.inputs());
            all.push(look_up);
        }
    }
    all.reverse();
    all
}

/// A setting that is filled in.
fn setting<'a>(access: &Access<'a>, name: &str) -> Option<&'a str> {
    let text = access.settings.get(name)?.trim();
    Some(text).filter(|text| !text.is_empty())
}

/// The value in the row that is meant.
fn chosen(look_up: &LookUp, access: &Access<'_>, rows: &[Value]) -> Option<Value> {
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
    let name = look_up
        .named
        .as_ref()
        .and_then(|named| Some((&named.pointer, setting(access, &named.by)?)));
    let mut fitting = rows.iter().filter(|row| {
        let value = look_up.value.find(row);
        value.is_some_and(|value| Pointer::default().text(value).is_some())
            && name.is_none_or(|(place, name)| {
                let own = place.text(row);
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

fn not_there(look_up: &LookUp, access: &Access<'_>, what: &str) -> ConnectorError {
    let input = look_up.input.replace('_', " ");
    let named = look_up
        .named
        .as_ref()
        .and_then(|named| Some((&named.by, setting(access, &named.by)?)));
    match named {
        Some((by, name)) => ConnectorError::with_code(
            ErrorClass::Permanent,
            Code::ConnectionSettingsInvalid,
            format!("{what}: there is no `{name}`; correct `{by}` in the settings"),
        ),
        None => ConnectorError::new(
            ErrorClass::NotFound,
            format!("{what}: there is no {input} for it"),
        ),
    }
}
