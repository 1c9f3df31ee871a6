//! From a manifest's request to one that can be sent.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use counterpart_manifest::{
    HeaderTemplate, HostSource, JsonTemplate, Manifest, Method, Part, RequestTemplate, Template,
    percent_encode,
};
use counterpart_model::Code;
use counterpart_outbound::{Request, SecretString, Url};
use secrecy::ExposeSecret as _;
use serde_json::Value;

use crate::{Access, ConnectorError, ErrorClass, SessionState};

/// The values that may stand in a request, and which of them are secret.
#[derive(Default)]
pub(super) struct Inputs {
    values: BTreeMap<String, Value>,
    secrets: Vec<String>,
}

impl Inputs {
    /// Settings, credentials and what signing in yielded.
    pub(super) fn new(
        manifest: &Manifest,
        access: &Access<'_>,
        session: Option<&SessionState>,
    ) -> Self {
        let mut inputs = Self::default();
        for (name, value) in access.settings {
            inputs.set(name, Value::from(value.as_str()));
        }
        for (name, secret) in access.credentials.iter() {
            inputs.set(name, Value::from(secret.expose_secret()));
            inputs.secrets.push(name.to_owned());
        }
        let yields = manifest.sign_in.yields();
        for (name, value) in session.iter().flat_map(|session| &session.values) {
            inputs.set(name, Value::from(value.as_str()));
            if yields.get(name).is_none_or(|yielded| !yielded.public) {
                inputs.secrets.push(name.clone());
            }
        }
        inputs
    }

    /// Sets a value, in place of an earlier one of that name.
    pub(super) fn set(&mut self, name: &str, value: Value) {
        self.values.insert(name.to_owned(), value);
    }

    /// The value of an input; none if it is empty.
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.values
            .get(name)
            .filter(|value| !value.is_null() && value.as_str() != Some(""))
    }

    /// The text of an input.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.get(name).map(plain)
    }

    /// The secrets among the inputs.
    fn secrets(&self) -> impl Iterator<Item = SecretString> + '_ {
        self.secrets
            .iter()
            .filter_map(|name| self.text(name))
            .map(SecretString::from)
    }

    fn holds_secret(&self, template: &Template) -> bool {
        template
            .inputs()
            .any(|name| self.secrets.iter().any(|secret| secret == name))
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

/// A template with its inputs filled in. `None` when one of them has no value.
pub(super) fn text(manifest: &Manifest, template: &Template, inputs: &Inputs) -> Option<String> {
    let embedded = template.parts().len() > 1;
    let mut text = String::new();
    for part in template.parts() {
        match part {
            Part::Text(literal) => text.push_str(literal),
            Part::Input(name) => {
                let value = inputs.text(name)?;
                match manifest.inputs.get(name).filter(|_| embedded) {
                    Some(rule) => text.push_str(&rule.escape.apply(&value)),
                    None => text.push_str(&value),
                }
            }
        }
    }
    Some(text)
}

/// A path with its inputs filled in, each encoded as one segment.
fn path(template: &Template, inputs: &Inputs) -> Result<String, ConnectorError> {
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

fn json(manifest: &Manifest, template: &JsonTemplate, inputs: &Inputs) -> Value {
    match template {
        JsonTemplate::Text(template) => match template.whole() {
            Some(name) => inputs.get(name).cloned().unwrap_or(Value::Null),
            None => text(manifest, template, inputs).map_or(Value::Null, Value::from),
        },
        JsonTemplate::Scalar(value) => value.clone(),
        JsonTemplate::List(items) => items
            .iter()
            .map(|item| json(manifest, item, inputs))
            .collect(),
        JsonTemplate::Object(members) => members
            .iter()
            .map(|(name, member)| (name.clone(), json(manifest, member, inputs)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
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
    inputs: &Inputs,
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

/// Where a request goes: the address of its host and its path.
pub(super) fn address(
    manifest: &Manifest,
    host: &str,
    template: &Template,
    inputs: &Inputs,
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
    template: &RequestTemplate,
    inputs: &Inputs,
    next: Option<&Url>,
) -> Result<Request, ConnectorError> {
    let mut url = match next {
        Some(url) => url.clone(),
        None => address(manifest, &template.host, &template.path, inputs)?,
    };
    if next.is_none() {
        for (name, value) in &template.query {
            if let Some(value) = text(manifest, value, inputs) {
                url.query_pairs_mut().append_pair(name, &value);
            }
        }
    }
    let mut request = match template.method {
        Method::Get => Request::get(url),
        Method::Post => Request::post(url),
    };
    request = request.redact(inputs.secrets());
    request = request.header("accept", "application/json");
    for (name, value) in &manifest.headers {
        request = request.header(name, value);
    }
    for (name, header) in &template.headers {
        request = with_header(manifest, request, name, header, inputs);
    }
    if template.signed {
        for (name, header) in manifest.sign_in.headers() {
            request = with_header(manifest, request, name, header, inputs);
        }
    }
    if !template.form.is_empty() {
        let fields: Vec<_> = template
            .form
            .iter()
            .filter_map(|(name, value)| Some((name.clone(), text(manifest, value, inputs)?)))
            .collect();
        request = request.form(&fields);
    }
    if let Some(body) = &template.json {
        request = request.json(&json(manifest, body, inputs));
    }
    Ok(request)
}

fn with_header(
    manifest: &Manifest,
    request: Request,
    name: &str,
    header: &HeaderTemplate,
    inputs: &Inputs,
) -> Request {
    let template = header.template();
    let Some(text) = text(manifest, template, inputs) else {
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
    if inputs.holds_secret(template) {
        request.secret_header(name, value.into())
    } else {
        request.header(name, &value)
    }
}
