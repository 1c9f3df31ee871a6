//! What types alone cannot say about a manifest: that names lead somewhere, that every input is
//! known where it stands and safe there, that nothing can be forgotten.

mod actions;
mod activities;
mod contacts;
mod fields;
mod requests;
mod sign_in;
mod users;

use std::collections::BTreeSet;

use crate::setup::OrgValue;
use crate::{FORMAT, HookName, Manifest, SandboxRule, template::is_name};

/// Everything that is wrong, as key and words.
pub(crate) fn problems(manifest: &Manifest) -> Vec<(String, String)> {
    let mut report = Report {
        manifest,
        found: Vec::new(),
    };
    report.head();
    fields::check(&mut report);
    report.hosts();
    sign_in::check(&mut report);
    report.org_and_environment();
    report.set_up();
    users::check(&mut report);
    contacts::check(&mut report);
    activities::check(&mut report);
    actions::check(&mut report);
    report.link();
    report.errors_and_rate();
    report.found
}

/// The problems found so far.
struct Report<'a> {
    manifest: &'a Manifest,
    found: Vec<(String, String)>,
}

impl Report<'_> {
    fn add(&mut self, key: impl Into<String>, problem: impl Into<String>) {
        self.found.push((key.into(), problem.into()));
    }

    fn require(&mut self, holds: bool, key: impl Into<String>, problem: impl Into<String>) {
        if !holds {
            self.add(key, problem);
        }
    }

    /// Complains of the second and every later one of equal names.
    fn unique<'n>(&mut self, key: &str, names: impl Iterator<Item = &'n str>) {
        let mut seen = BTreeSet::new();
        for (index, name) in names.enumerate() {
            if !seen.insert(name.to_owned()) {
                self.add(
                    format!("{key}.{index}.name"),
                    format!("`{name}` stands there twice; names tell them apart"),
                );
            }
        }
    }

    fn head(&mut self) {
        let manifest = self.manifest;
        self.require(
            manifest.manifest == FORMAT,
            "manifest",
            format!(
                "format {} is not known to this version, which reads formats up to {FORMAT}",
                manifest.manifest
            ),
        );
        let provider_is_name = manifest
            .provider
            .starts_with(|c: char| c.is_ascii_alphanumeric())
            && manifest
                .provider
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        self.require(
            provider_is_name,
            "provider",
            "a provider's name has lower-case letters, digits and hyphens only",
        );
        self.require(!manifest.title.trim().is_empty(), "title", "it is empty");
        let letters = manifest.initial.chars().count();
        self.require(
            (1..=2).contains(&letters) && manifest.initial.chars().all(char::is_alphanumeric),
            "initial",
            "give one or two letters",
        );
        let colour_is_rgb = manifest.colour.strip_prefix('#').is_some_and(|digits| {
            digits.len() == 6 && digits.chars().all(|c| c.is_ascii_hexdigit())
        });
        self.require(colour_is_rgb, "colour", "write it like #0b5cab");
    }

    fn hosts(&mut self) {
        let manifest = self.manifest;
        self.require(
            manifest.hosts.contains_key("api"),
            "hosts",
            "there must be a host `api`, to which requests go",
        );
        for (name, sources) in &manifest.hosts {
            let key = format!("hosts.{name}");
            self.require(is_name(name), &key, format!("`{name}` cannot be a name"));
            self.require(!sources.is_empty(), &key, "it has no source");
            for (index, source) in sources.iter().enumerate() {
                let alone = sources.len() == 1;
                requests::check_host_source(self, &format!("{key}.{index}"), source, alone);
            }
        }
    }

    fn org_and_environment(&mut self) {
        let manifest = self.manifest;
        let signed = requests::Scope::signed(manifest);
        let org = &manifest.org;
        if let Some(request) = &org.request {
            requests::check(self, "org.request", request, &signed);
        }
        self.require(!org.id.is_empty(), "org.id", "say where the id stands");
        for id in &org.id {
            self.org_value("org.id", Some(id), org.request.is_some());
        }
        self.org_value("org.name", org.name.as_ref(), org.request.is_some());
        if let Some(who) = &manifest.signed_in_as {
            if let Some(request) = &who.request {
                requests::check(self, "signed_in_as.request", request, &signed);
            }
            self.org_value("signed_in_as.name", Some(&who.name), who.request.is_some());
        }
        for (index, rule) in manifest.environments.sandbox.iter().enumerate() {
            let key = format!("environments.sandbox.{index}");
            match rule {
                SandboxRule::Setting { name, contains } => {
                    requests::check_setting(self, &key, name);
                    self.require(!contains.is_empty(), &key, "`contains` is empty");
                }
                SandboxRule::Org(_) => {
                    self.require(org.request.is_some(), &key, "`org` has no request");
                }
            }
        }
    }

    fn org_value(&mut self, key: &str, value: Option<&OrgValue>, has_request: bool) {
        match value {
            Some(OrgValue::Pointer(_) | OrgValue::Joined(_)) => self.require(
                has_request,
                key,
                "a pointer needs a request beside it; without one, use { text = \"…\" }",
            ),
            Some(OrgValue::Text(text)) => {
                let mut scope = requests::Scope::settings_only(self.manifest);
                let ways = self.manifest.sign_in.iter();
                let yields = ways.flat_map(|way| self.manifest.yields(way));
                for (name, _) in yields.filter(|(_, yielded)| yielded.public) {
                    scope.add(name);
                }
                requests::check_known(self, key, text, &scope);
            }
            None => {}
        }
    }

    fn set_up(&mut self) {
        let manifest = self.manifest;
        self.require(
            !manifest.steps.is_empty(),
            "steps",
            "say at least one step that is to be done on the vendor's side",
        );
        self.unique(
            "probes",
            manifest.probes.iter().map(|probe| probe.name.as_str()),
        );
        let signed = requests::Scope::signed(manifest);
        for (index, probe) in manifest.probes.iter().enumerate() {
            requests::check(
                self,
                &format!("probes.{index}.request"),
                &probe.request,
                &signed,
            );
        }
        let steps = manifest.steps.iter().map(|step| &step.probe);
        let steps = steps
            .enumerate()
            .map(|(index, probe)| (format!("steps.{index}"), probe));
        let rights = manifest.permissions.iter().map(|right| &right.probe);
        let rights = rights
            .enumerate()
            .map(|(index, probe)| (format!("permissions.{index}"), probe));
        for (key, probe) in steps.chain(rights) {
            if let Some(name) = probe {
                self.require(
                    manifest.probe(name).is_some(),
                    format!("{key}.probe"),
                    format!("there is no probe `{name}`"),
                );
            }
        }
    }

    fn link(&mut self) {
        let Some(link) = &self.manifest.user_link else {
            return;
        };
        let mut scope = requests::Scope::links(self.manifest);
        scope.add("user_id");
        requests::check_known(self, "user_link", link, &scope);
        self.require(
            link.inputs().any(|name| name == "user_id"),
            "user_link",
            "it leads to the same page for every user; put {user_id} into it",
        );
    }

    fn errors_and_rate(&mut self) {
        let manifest = self.manifest;
        for (index, rule) in manifest.errors.iter().enumerate() {
            let key = format!("errors.{index}");
            let fits_all = rule.status.is_empty()
                && rule.header.is_none()
                && rule.content_type.is_none()
                && rule.pointer.is_none()
                && rule.contains.is_empty();
            self.require(
                !fits_all,
                &key,
                "it has no condition, so every answer would fail",
            );
            self.require(
                rule.equals.is_empty() || rule.pointer.is_some(),
                format!("{key}.equals"),
                "it needs `pointer` beside it",
            );
        }
        if let Some(rate) = manifest.rate {
            self.require(
                rate.requests > 0 && rate.per_seconds > 0 && rate.at_once > 0,
                "rate",
                "none of its numbers may be 0",
            );
        }
        let named: BTreeSet<HookName> = manifest.hooks.iter().copied().collect();
        self.require(
            named.len() == manifest.hooks.len(),
            "hooks",
            "one is named twice",
        );
    }
}
