//! Requests and the inputs in them.

use std::collections::BTreeSet;

use super::Report;
use crate::{HostSource, Manifest, Method, Part, RequestTemplate, Template};

/// Inputs that the interpreter gives, by where they are given; no field may take their names.
pub(super) const BUILT_IN: [&str; 33] = [
    // Lists.
    "page",
    "offset",
    "cursor",
    "last",
    "page_size",
    "since",
    "keys",
    "key",
    "user_id",
    "record_id",
    // Searches.
    "phone",
    "email_address",
    // Signing in by a redirect.
    "redirect_uri",
    "code_verifier",
    // Writes and actions.
    "owner",
    "owner_username",
    "owner_email",
    "owner_name",
    "our_key",
    "our_uuid",
    "contact_id",
    "lead_id",
    "company_id",
    "ticket_id",
    "subject",
    "text",
    "direction",
    "outcome",
    "started_at",
    "ended_at",
    "duration",
    "recording_url",
    "extension",
];

/// Further inputs of writes: the numbers of a call.
const NUMBERS_OF_A_CALL: [&str; 4] = ["remote_number", "own_number", "from_number", "to_number"];

/// Inputs of writes that say what a record is about.
pub(super) const ABOUT: [&str; 6] = [
    "contact_id",
    "lead_id",
    "company_id",
    "ticket_id",
    "about_id",
    "about_kind",
];

/// Built-in inputs that hold nothing to escape: numbers.
const NUMBERS: [&str; 4] = ["page", "offset", "last", "page_size"];

/// Whether the interpreter gives an input of this name somewhere.
pub(super) fn is_built_in(name: &str) -> bool {
    BUILT_IN.contains(&name) || NUMBERS_OF_A_CALL.contains(&name) || ABOUT.contains(&name)
}

/// The inputs of a write.
pub(super) fn inputs_of_a_write() -> impl Iterator<Item = &'static str> {
    let from = BUILT_IN.iter().position(|name| *name == "owner");
    BUILT_IN[from.unwrap_or(0)..]
        .iter()
        .chain(&NUMBERS_OF_A_CALL)
        .chain(&ABOUT)
        .copied()
        .filter(|name| *name != "extension")
}

/// The inputs that are known somewhere.
#[derive(Clone)]
pub(super) struct Scope {
    known: BTreeSet<String>,
    /// Those that the place itself says how to make safe.
    safe: BTreeSet<String>,
}

impl Scope {
    /// Settings alone.
    pub(super) fn settings_only(manifest: &Manifest) -> Self {
        Self {
            known: manifest
                .settings
                .iter()
                .map(|field| field.name.clone())
                .collect(),
            safe: BTreeSet::new(),
        }
    }

    /// Before signing in: settings and credentials.
    pub(super) fn unsigned(manifest: &Manifest) -> Self {
        let mut scope = Self::settings_only(manifest);
        let credentials = manifest.credentials.iter();
        scope
            .known
            .extend(credentials.map(|field| field.name.clone()));
        scope
    }

    /// Behind signing in: also what any way of it yields.
    pub(super) fn signed(manifest: &Manifest) -> Self {
        let mut scope = Self::unsigned(manifest);
        for way in &manifest.sign_in {
            let yields = manifest.yields(way).map(|(name, _)| name.clone());
            scope.known.extend(yields);
        }
        scope
    }

    /// In links: settings, and hosts whose address the settings tell.
    pub(super) fn links(manifest: &Manifest) -> Self {
        let mut scope = Self::settings_only(manifest);
        let from_settings = |source: &HostSource| !matches!(source, HostSource::Session(_));
        let hosts = manifest.hosts.iter();
        let told = hosts.filter(|(_, sources)| sources.iter().all(from_settings));
        scope.known.extend(told.map(|(name, _)| name.clone()));
        scope
    }

    pub(super) fn add(&mut self, name: &str) {
        self.known.insert(name.to_owned());
    }

    pub(super) fn with(mut self, names: &[&str]) -> Self {
        self.known
            .extend(names.iter().map(|name| (*name).to_owned()));
        self
    }

    /// Notes that the place says how this input is made safe.
    pub(super) fn make_safe(&mut self, name: &str) {
        self.safe.insert(name.to_owned());
    }

    pub(super) fn knows(&self, name: &str) -> bool {
        self.known.contains(name)
    }
}

/// Whether some request has a constant of this name.
pub(super) fn given_by_constants(manifest: &Manifest, name: &str) -> bool {
    let users = std::iter::once(&manifest.users.full).chain(&manifest.users.changed);
    let contacts = manifest
        .contacts
        .iter()
        .flat_map(|contacts| contacts.full.iter().chain(&contacts.changed));
    users
        .chain(contacts)
        .flat_map(|list| &list.requests)
        .any(|request| request.constants.contains_key(name))
}

pub(super) fn check_setting(report: &mut Report<'_>, key: &str, name: &str) {
    report.require(
        report.manifest.setting(name).is_some(),
        key,
        format!("there is no setting `{name}`"),
    );
}

pub(super) fn check_host(report: &mut Report<'_>, key: &str, name: &str) {
    report.require(
        report.manifest.hosts.contains_key(name),
        key,
        format!("there is no host `{name}`"),
    );
}

pub(super) fn check_path(report: &mut Report<'_>, key: &str, path: &Template) {
    let rooted = match path.parts().first() {
        Some(Part::Text(text)) => text.starts_with('/'),
        _ => false,
    };
    report.require(rooted, key, "a path begins with `/`");
}

/// Checks one source of a host; a table that is the only one must know every choice.
pub(super) fn check_host_source(
    report: &mut Report<'_>,
    key: &str,
    source: &HostSource,
    alone: bool,
) {
    match source {
        HostSource::Setting(name) => check_setting(report, key, name),
        HostSource::Session(name) => report.require(
            report
                .manifest
                .sign_in
                .iter()
                .any(|way| report.manifest.yields(way).any(|(known, _)| known == name)),
            key,
            format!("signing in yields no `{name}`"),
        ),
        HostSource::Region { setting, addresses } => {
            check_setting(report, key, setting);
            let choices = report.manifest.setting(setting).map(|field| &field.choices);
            for choice in choices.into_iter().flatten() {
                report.require(
                    !alone || addresses.contains_key(&choice.value),
                    key,
                    format!("there is no address for `{}`", choice.value),
                );
            }
            for address in addresses.values() {
                check_address(report, key, address);
            }
        }
        HostSource::Fixed(address) => check_address(report, key, address),
    }
}

fn check_address(report: &mut Report<'_>, key: &str, address: &str) {
    report.require(
        address.starts_with("https://") && !address.ends_with('/'),
        key,
        format!("`{address}` must begin with https:// and not end with `/`"),
    );
}

/// Complains of inputs that are not known where they stand.
pub(super) fn check_known(report: &mut Report<'_>, key: &str, text: &Template, scope: &Scope) {
    for name in text.inputs() {
        if !scope.knows(name) {
            let known: Vec<_> = scope.known.iter().map(String::as_str).collect();
            report.add(
                key,
                format!(
                    "there is no input `{{{name}}}` here; known are {}",
                    known.join(", ")
                ),
            );
        }
    }
}

/// An input inside a longer text of another language must say how it is made safe there.
fn check_safe(report: &mut Report<'_>, key: &str, text: &Template, scope: &Scope) {
    if text.parts().len() < 2 {
        return;
    }
    for name in text.inputs() {
        let safe = NUMBERS.contains(&name)
            || scope.safe.contains(name)
            || report
                .manifest
                .inputs
                .get(name)
                .is_some_and(|rule| rule.escape.is_some());
        report.require(
            safe,
            key,
            format!(
                "`{{{name}}}` stands inside a longer text; say under [inputs] how it is escaped, for example {name} = {{ escape = \"soql\" }}"
            ),
        );
    }
}

/// Checks a request whose inputs are those of `scope` and its own constants.
pub(super) fn check(report: &mut Report<'_>, key: &str, request: &RequestTemplate, scope: &Scope) {
    let mut scope = scope.clone();
    for name in request.constants.keys() {
        let taken = scope.knows(name) || is_built_in(name);
        report.require(
            !taken,
            format!("{key}.constants.{name}"),
            format!("`{name}` already stands for something else"),
        );
        scope.add(name);
    }
    check_host(report, &format!("{key}.host"), &request.host);
    check_path(report, &format!("{key}.path"), &request.path);
    check_known(report, &format!("{key}.path"), &request.path, &scope);
    for (name, header) in &request.headers {
        check_known(
            report,
            &format!("{key}.headers.{name}"),
            header.template(),
            &scope,
        );
    }
    let mut texts = Vec::new();
    let fields = |kind: &str, fields: &'_ std::collections::BTreeMap<String, Template>| {
        fields
            .iter()
            .map(|(name, text)| (format!("{key}.{kind}.{name}"), text.clone()))
            .collect::<Vec<_>>()
    };
    texts.extend(fields("query", &request.query));
    texts.extend(fields("form", &request.form));
    texts.extend(fields("multipart", &request.multipart));
    if let Some(json) = &request.json {
        let mut found = Vec::new();
        json.templates(&mut found);
        let mut needed = Vec::new();
        json.needs(&mut needed);
        for name in needed {
            report.require(
                scope.knows(name),
                format!("{key}.json"),
                format!("there is no input `{name}` that an object could need"),
            );
        }
        texts.extend(
            found
                .into_iter()
                .map(|text| (format!("{key}.json"), text.clone())),
        );
    }
    for (key, text) in texts {
        check_known(report, &key, &text, &scope);
        check_safe(report, &key, &text, &scope);
    }
    let bodies = usize::from(!request.form.is_empty())
        + usize::from(!request.multipart.is_empty())
        + usize::from(request.json.is_some());
    report.require(bodies < 2, key, "it has more than one body");
    report.require(
        bodies == 0 || request.method != Method::Get,
        format!("{key}.method"),
        "a request with a body is no GET; say method = \"POST\"",
    );
}

/// Every input that stands in a request.
pub(super) fn inputs_of(request: &RequestTemplate) -> BTreeSet<String> {
    request.inputs()
}
