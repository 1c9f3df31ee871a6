//! From a manifest's request to one that can be sent.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use counterpart_manifest::{
    HeaderTemplate, HostSource, JsonTemplate, Manifest, Method, Part, RequestTemplate, SignIn,
    Template, percent_encode,
};
use counterpart_model::Code;
use counterpart_outbound::{Request, Url};
use serde_json::Value;

use super::inputs::Inputs;
use crate::{ConnectorError, ErrorClass};

/// A template with its inputs filled in. `None` when one of them has no value.
pub(super) fn text(template: &Template, inputs: &Inputs<'_>) -> Option<String> {
    let embedded = template.parts().len() > 1;
    let mut text = String::new();
    for part in template.parts() {
        match part {
            Part::Text(literal) => text.push_str(literal),
            Part::Input(name) => {
                let value = inputs.text(name)?;
                let rule = inputs.rule(name).filter(|_| embedded);
                match rule.and_then(|rule| rule.escape) {
                    Some(escape) => text.push_str(&escape.apply(&value)),
                    None => text.push_str(&value),
                }
            }
        }
    }
    Some(text)
}

/// A path with its inputs filled in, each encoded as one segment.
fn path(template: &Template, inputs: &Inputs<'_>) -> Result<String, ConnectorError> {
    let mut path = String::new();
    for part in template.parts() {
        match part {
            Part::Text(literal) => path.push_str(literal),
            Part::Input(name) => {
                let value = inputs.text(name).ok_or_else(|| missing(name))?;
                path.push_str(&percent_encode(&value));
            }
        }
    }
    Ok(path)
}

/// A JSON body with its inputs filled in; `None` where one of them has no value: what would hold
/// it is left out.
pub(super) fn json(template: &JsonTemplate, inputs: &Inputs<'_>) -> Option<Value> {
    match template {
        JsonTemplate::Text(template) => match template.whole() {
            Some(name) => inputs.typed(name),
            None => text(template, inputs).map(Value::from),
        },
        JsonTemplate::Scalar(value) => Some(value.clone()),
        JsonTemplate::List(items) => {
            Some(items.iter().filter_map(|item| json(item, inputs)).collect())
        }
        JsonTemplate::Object { needs, members } => {
            if needs
                .as_ref()
                .is_some_and(|name| inputs.get(name).is_none())
            {
                return None;
            }
            let members = members
                .iter()
                .filter_map(|(name, member)| Some((name.clone(), json(member, inputs)?)))
                .collect::<serde_json::Map<_, _>>();
            Some(members.into())
        }
    }
}

fn missing(name: &str) -> ConnectorError {
    ConnectorError::with_code(
        ErrorClass::Permanent,
        Code::ConnectionSettingsInvalid,
        format!("`{name}` is empty; fill it in"),
    )
}

/// The base address of a host, without a slash at its end.
pub(super) fn base_address(
    manifest: &Manifest,
    host: &str,
    inputs: &Inputs<'_>,
) -> Result<Url, ConnectorError> {
    let sources = manifest
        .hosts
        .get(host)
        .map(Vec::as_slice)
        .unwrap_or_default();
    let address = sources.iter().find_map(|source| match source {
        HostSource::Setting(name) | HostSource::Session(name) => inputs.text(name),
        HostSource::Region { setting, addresses } => addresses.get(&inputs.text(setting)?).cloned(),
        HostSource::Fixed(address) => Some(address.clone()),
    });
    let address = address.ok_or_else(|| {
        let name = sources.iter().find_map(|source| match source {
            HostSource::Setting(name) | HostSource::Region { setting: name, .. } => Some(name),
            HostSource::Session(_) | HostSource::Fixed(_) => None,
        });
        missing(name.map_or(host, String::as_str))
    })?;
    Url::parse(address.trim_end_matches('/')).map_err(|_| {
        ConnectorError::with_code(
            ErrorClass::Permanent,
            Code::ConnectionSettingsInvalid,
            format!("`{address}` is no web address; write it like https://crm.example"),
        )
    })
}

/// The base address of a host as far as settings tell it.
pub(super) fn address_by_settings(
    manifest: &Manifest,
    host: &str,
    settings: &BTreeMap<String, String>,
) -> Option<String> {
    let sources = manifest.hosts.get(host)?;
    sources.iter().find_map(|source| match source {
        HostSource::Setting(name) => settings.get(name).cloned(),
        HostSource::Region { setting, addresses } => addresses.get(settings.get(setting)?).cloned(),
        HostSource::Fixed(address) => Some(address.clone()),
        HostSource::Session(_) => None,
    })
}

/// Where a request goes: the address of its host and its path.
pub(super) fn address(
    manifest: &Manifest,
    host: &str,
    template: &Template,
    inputs: &Inputs<'_>,
) -> Result<Url, ConnectorError> {
    let base = base_address(manifest, host, inputs)?;
    let path = path(template, inputs)?;
    let whole = format!("{}{path}", base.as_str().trim_end_matches('/'));
    Url::parse(&whole).map_err(|_| {
        ConnectorError::with_code(
            ErrorClass::Permanent,
            Code::ConnectionSettingsInvalid,
            format!("no address can be made of `{base}`; correct it in the settings"),
        )
    })
}

/// A request ready to be sent, unless a hook has to sign it. `next` replaces its address with
/// that of a next page.
pub(super) fn request(
    manifest: &Manifest,
    sign_in: &SignIn,
    template: &RequestTemplate,
    inputs: &Inputs<'_>,
    next: Option<&Url>,
) -> Result<Request, ConnectorError> {
    let mut url = match next {
        Some(url) => url.clone(),
        None => address(manifest, &template.host, &template.path, inputs)?,
    };
    if next.is_none() {
        for (name, value) in &template.query {
            if let Some(value) = text(value, inputs) {
                url.query_pairs_mut().append_pair(name, &value);
            }
        }
    }
    let request = match template.method {
        Method::Get => Request::get(url),
        Method::Post => Request::post(url),
        Method::Put => Request::put(url),
        Method::Patch => Request::patch(url),
        Method::Delete => Request::delete(url),
    };
    let mut request = request.redact(inputs.secrets());
    // Headers come behind the body, whose type they may say otherwise.
    request = with_body(request, template, inputs).header("accept", "application/json");
    for (name, value) in &manifest.headers {
        request = request.header(name, value);
    }
    if template.signed {
        request = with_headers(request, sign_in.headers(), inputs);
    }
    Ok(with_headers(request, &template.headers, inputs))
}

fn with_body(request: Request, template: &RequestTemplate, inputs: &Inputs<'_>) -> Request {
    let filled = |fields: &BTreeMap<String, Template>| -> Vec<(String, String)> {
        fields
            .iter()
            .filter_map(|(name, value)| Some((name.clone(), text(value, inputs)?)))
            .collect()
    };
    if !template.form.is_empty() {
        request.form(&filled(&template.form))
    } else if !template.multipart.is_empty() {
        request.multipart(&filled(&template.multipart))
    } else if let Some(body) = &template.json {
        request.json(&json(body, inputs).unwrap_or(Value::Null))
    } else {
        request
    }
}

/// Sets headers; one with an input that has no value is left out.
pub(super) fn with_headers(
    mut request: Request,
    headers: &BTreeMap<String, HeaderTemplate>,
    inputs: &Inputs<'_>,
) -> Request {
    for (name, header) in headers {
        request = with_header(request, name, header, inputs);
    }
    request
}

fn with_header(
    request: Request,
    name: &str,
    header: &HeaderTemplate,
    inputs: &Inputs<'_>,
) -> Request {
    let template = header.template();
    let Some(text) = text(template, inputs) else {
        return request;
    };
    let value = match header {
        HeaderTemplate::Plain(_) => text,
        HeaderTemplate::Base64 { prefix, .. } => {
            let encoded = STANDARD.encode(text);
            let value = format!("{prefix}{encoded}");
            return request
                .redact([encoded.into()])
                .secret_header(name, value.into());
        }
    };
    if template.inputs().any(|name| inputs.is_secret(name)) {
        request.secret_header(name, value.into())
    } else {
        request.header(name, &value)
    }
}
