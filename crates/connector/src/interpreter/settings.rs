//! Putting right what a human typed.

use std::collections::{BTreeMap, BTreeSet};

use counterpart_manifest::{Choice, Field, FieldKind, Manifest, Normalise, SignIn};
use counterpart_outbound::Url;

use crate::{FieldProblem, Hooks};

/// Settings in the one form in which they are kept, with the manifest's defaults filled in.
pub(super) fn normalise(
    manifest: &Manifest,
    hooks: &Hooks,
    typed: BTreeMap<String, String>,
) -> Result<BTreeMap<String, String>, Vec<FieldProblem>> {
    let mut typed: BTreeMap<_, _> = typed
        .into_iter()
        .map(|(name, value)| (name, value.trim().to_owned()))
        .collect();
    let mut problems: Vec<_> = typed
        .keys()
        .filter(|name| manifest.setting(name).is_none())
        .map(|name| problem(name, format!("{} has no such setting", manifest.title)))
        .collect();
    if let Some(hook) = hooks.normalise_settings {
        problems.extend(hook(&mut typed));
    }
    let mut settings = BTreeMap::new();
    for field in &manifest.settings {
        let value = typed
            .remove(&field.name)
            .filter(|value| !value.is_empty())
            .or_else(|| field.default.clone());
        let Some(value) = value else {
            continue;
        };
        match normalise_one(field, &value) {
            Ok(value) if value.is_empty() => {}
            Ok(value) => {
                settings.insert(field.name.clone(), value);
            }
            Err(reason) => problems.push(problem(&field.name, reason)),
        }
    }
    for field in &manifest.settings {
        let is_wrong = problems.iter().any(|problem| problem.field == field.name);
        let is_for_way = field.is_for(manifest.sign_in_of(&settings));
        if is_for_way
            && is_required(field, &settings)
            && !settings.contains_key(&field.name)
            && !is_wrong
        {
            problems.push(empty(field));
        }
    }
    if problems.is_empty() {
        Ok(settings)
    } else {
        Err(problems)
    }
}

/// The credentials that the chosen way of signing in needs and that are not among those of
/// `present`.
pub(super) fn missing_credentials(
    manifest: &Manifest,
    settings: &BTreeMap<String, String>,
    present: &BTreeSet<String>,
) -> Vec<FieldProblem> {
    let way = manifest.sign_in_of(settings);
    let has_refresh_token = present.contains("refresh_token");
    manifest
        .credentials
        .iter()
        .filter(|field| field.required && !field.internal && field.is_for(way))
        .filter(|field| !present.contains(&field.name))
        // The one-time code is forgotten once it was exchanged.
        .filter(|field| {
            let is_code = matches!(way, SignIn::Oauth2Refresh { code, .. } if *code == field.name);
            !(is_code && has_refresh_token)
        })
        .map(empty)
        .collect()
}

fn is_required(field: &Field, settings: &BTreeMap<String, String>) -> bool {
    let by_other = field
        .required_if
        .as_ref()
        .is_some_and(|condition| settings.get(&condition.setting) == Some(&condition.equals));
    field.required || by_other
}

fn normalise_one(field: &Field, value: &str) -> Result<String, String> {
    if field.kind == FieldKind::Choice {
        return choice(field, value);
    }
    match field.normalise {
        Normalise::None => Ok(value.to_owned()),
        Normalise::Origin => address(value, false),
        Normalise::BaseUrl => address(value, true),
        Normalise::List => Ok(value
            .split([',', ';', '\n'])
            .map(str::trim)
            .filter(|item| !item.is_empty())
            .collect::<Vec<_>>()
            .join(",")),
    }
}

fn choice(field: &Field, value: &str) -> Result<String, String> {
    let chosen = field.choices.iter().find(|choice| {
        choice.value.eq_ignore_ascii_case(value) || choice.label.eq_ignore_ascii_case(value)
    });
    let chosen = chosen.or_else(|| chosen_by_host(field, value));
    chosen.map(|choice| choice.value.clone()).ok_or_else(|| {
        let values: Vec<_> = field
            .choices
            .iter()
            .map(|choice| choice.value.as_str())
            .collect();
        format!("`{value}` is none of {}", values.join(", "))
    })
}

/// The choice whose host the host of a pasted address is or is below.
fn chosen_by_host<'a>(field: &'a Field, value: &str) -> Option<&'a Choice> {
    let lower = value.to_ascii_lowercase();
    let rest = lower
        .split_once("://")
        .map_or(lower.as_str(), |(_, rest)| rest);
    let host = rest.split(['/', ':', '?', '#']).next().unwrap_or_default();
    let is_below = |end: &str| {
        host.strip_suffix(end)
            .is_some_and(|name| name.is_empty() || name.ends_with('.'))
    };
    let hosts = field.choices.iter().flat_map(|choice| {
        let hosts = choice.hosts.iter();
        hosts.map(move |end| (end, choice))
    });
    hosts
        .filter(|(end, _)| is_below(end))
        .max_by_key(|(end, _)| end.len())
        .map(|(_, choice)| choice)
}

/// An address with its scheme, in lower case, without query and trailing slash.
fn address(value: &str, keep_path: bool) -> Result<String, String> {
    let wrong = || format!("`{value}` is no address; enter it like https://crm.example");
    let with_scheme = if value.contains("://") {
        value.to_owned()
    } else {
        format!("https://{}", value.trim_start_matches('/'))
    };
    let url = Url::parse(&with_scheme).map_err(|_| wrong())?;
    let is_web = matches!(url.scheme(), "http" | "https");
    if !is_web || url.host_str().is_none_or(str::is_empty) {
        return Err(wrong());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("enter the address without user name and password".to_owned());
    }
    let origin = url.origin().ascii_serialization();
    let path = if keep_path {
        url.path().trim_end_matches('/')
    } else {
        ""
    };
    Ok(format!("{origin}{path}"))
}

fn empty(field: &Field) -> FieldProblem {
    problem(&field.name, format!("{} is empty; fill it in", field.label))
}

fn problem(field: &str, problem: String) -> FieldProblem {
    FieldProblem {
        field: field.to_owned(),
        problem,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_put_right_and_not_refused() {
        for (typed, origin, base) in [
            (
                "acme.crm.example",
                "https://acme.crm.example",
                "https://acme.crm.example",
            ),
            (
                "https://ACME.crm.example/",
                "https://acme.crm.example",
                "https://acme.crm.example",
            ),
            (
                "//acme.example/a/?b#c",
                "https://acme.example",
                "https://acme.example/a",
            ),
            (
                "http://10.0.0.7:8000/x",
                "http://10.0.0.7:8000",
                "http://10.0.0.7:8000/x",
            ),
        ] {
            assert_eq!(address(typed, false).as_deref(), Ok(origin));
            assert_eq!(address(typed, true).as_deref(), Ok(base));
        }
        for wrong in [
            "ftp://crm.example",
            "https://",
            "https://user:pw@crm.example",
            "a b",
        ] {
            assert!(address(wrong, true).is_err(), "{wrong}");
        }
    }
}
