//! What a test of a connection shows of the way there: reachable, secured, signed in, which
//! organization, which version, whose clock, and each permission.

use counterpart_connector::{CheckReport, ConnectorError, ErrorClass, ProbeOutcome, ProbeResult};
use counterpart_manifest::Manifest;
use counterpart_model::check::{Check, CheckResult};
use counterpart_model::connection::RemoteOrg;
use counterpart_model::{Code, Connection, Timestamp};

use super::{failed, skipped};

/// How many days before its end a certificate is worth a warning.
const CERTIFICATE_DAYS: i64 = 21;
/// By how many seconds clocks may differ. Signed requests and tokens of many vendors allow five
/// minutes.
const CLOCK_WARN_SECONDS: i64 = 60;
const CLOCK_FAIL_SECONDS: i64 = 300;
const DAY_SECONDS: i64 = 24 * 60 * 60;

const REACHABLE: &str = "reachable";
const TLS: &str = "tls";
const SIGNED_IN: &str = "signed_in";
const ORGANIZATION: &str = "organization";

/// Which connection is looked at, and when.
pub(super) struct Way<'a> {
    pub(super) manifest: &'a Manifest,
    pub(super) connection: &'a Connection,
    pub(super) now: Timestamp,
}

impl Way<'_> {
    /// What a test showed, as checks; `took` is how long the whole of it took.
    pub(super) fn checks(
        &self,
        tested: &Result<CheckReport, ConnectorError>,
        took: u64,
    ) -> Vec<Check> {
        match tested {
            Ok(report) => self.shown(report, took),
            Err(error) => self.stopped(error, took),
        }
    }

    /// The checks of a test that came to its end.
    fn shown(&self, report: &CheckReport, took: u64) -> Vec<Check> {
        let probing: u64 = report.probes.iter().map(|probe| probe.took_millis).sum();
        let address = report.way.address.as_deref();
        let at = address.map_or_else(String::new, |address| format!(" at {address}"));
        let title = &self.manifest.title;
        let who = match &report.signed_in_as {
            Some(who) => format!("as {who}"),
            None => format!("{title} took the credentials"),
        };
        let mut checks = vec![
            Check::new(
                REACHABLE,
                self.title(REACHABLE),
                CheckResult::Pass,
                format!("{title} answered{at}"),
            )
            .took(took.saturating_sub(probing)),
        ];
        checks.extend(address.map(|address| self.secured(address, report)));
        checks.push(Check::new(
            SIGNED_IN,
            self.title(SIGNED_IN),
            CheckResult::Pass,
            who,
        ));
        checks.extend(report.org.as_ref().map(|org| self.organization(org)));
        checks.extend(self.version(report));
        checks.extend(report.clock_ahead_seconds.map(clock));
        checks.extend(report.probes.iter().map(|probe| self.permission(probe)));
        checks
    }

    /// The checks of a test that could not go on: what it stopped at, and what it therefore did
    /// not come to.
    fn stopped(&self, error: &ConnectorError, took: u64) -> Vec<Check> {
        let at = stopped_at(error);
        let mut checks = Vec::new();
        for name in [REACHABLE, TLS, SIGNED_IN, ORGANIZATION] {
            let title = self.title(name);
            if name == at {
                checks.push(failed(name, &title, error).took(took));
                break;
            }
            // Of what comes before nothing more is known than that it was no hindrance.
            let fine = "it was possible to go on from here";
            checks.push(Check::new(name, title, CheckResult::Pass, fine));
        }
        let behind = format!(
            "not tried, because this failed: {}",
            self.title(at).to_lowercase()
        );
        let later = self.manifest.probes.iter().map(|probe| {
            let name = format!("permission.{}", probe.name);
            skipped(&name, probe.title.as_str(), &behind)
        });
        checks.extend(later);
        checks
    }

    fn title(&self, name: &str) -> String {
        let product = &self.manifest.title;
        match name {
            REACHABLE => format!("{product} can be reached"),
            TLS => "The way there is encrypted".to_owned(),
            SIGNED_IN => "Signing in works".to_owned(),
            _ => format!(
                "It is the {} it always was",
                self.manifest.vocabulary.organization.0
            ),
        }
    }

    fn secured(&self, address: &str, report: &CheckReport) -> Check {
        let check = |result, evidence: String| Check::new(TLS, self.title(TLS), result, evidence);
        if !address.starts_with("https:") {
            let evidence =
                format!("{address} is plain http, to a private address that the operator allows");
            return check(CheckResult::Pass, evidence)
                .why("Whoever is on the way there could read the credentials.");
        }
        let Some(ends) = report.way.certificate_ends_at else {
            return check(CheckResult::Pass, "its certificate is valid".to_owned());
        };
        let days = ends.seconds_since(self.now) / DAY_SECONDS;
        let evidence = format!("its certificate is valid, and ends in {days} days, {ends}");
        if days >= CERTIFICATE_DAYS {
            return check(CheckResult::Pass, evidence);
        }
        check(CheckResult::Warn, evidence).remedy(
            "Ask whoever runs the server to renew its certificate; without one nothing is sent there.",
        )
    }

    fn organization(&self, found: &RemoteOrg) -> Check {
        let title = self.title(ORGANIZATION);
        let named = |org: &RemoteOrg| match &org.name {
            Some(name) => format!("{name} ({})", org.id),
            None => org.id.clone(),
        };
        match &self.connection.remote_org {
            Some(known) if known.id != found.id => Check::new(
                ORGANIZATION,
                title,
                CheckResult::Fail,
                format!(
                    "it leads to {} now; its users and mappings belong to {}",
                    named(found),
                    named(known)
                ),
            )
            .code(Code::ConnectionOtherOrg),
            _ => Check::new(ORGANIZATION, title, CheckResult::Pass, named(found)),
        }
    }

    fn version(&self, report: &CheckReport) -> Option<Check> {
        let title = "The version of the API is in use";
        let way = &report.way;
        let spoken = way
            .api_version
            .as_ref()
            .map(|version| format!("{} {version} answers", self.manifest.title));
        let Some(end) = &way.retirement else {
            return spoken.map(|spoken| {
                let evidence = format!("{spoken}; nothing is said of its end");
                Check::new("api_version", title, CheckResult::Pass, evidence)
            });
        };
        let spoken = spoken.map_or_else(String::new, |spoken| format!("{spoken}; "));
        let evidence = format!("{spoken}its end is announced: {end}");
        let check = Check::new("api_version", title, CheckResult::Warn, evidence);
        Some(check.remedy("Update Counterpart before that; a newer version speaks a newer API."))
    }

    /// A probe as a check, with what the vendor's manual calls the permission and where it is
    /// given.
    fn permission(&self, probe: &ProbeResult) -> Check {
        let result = match probe.outcome {
            ProbeOutcome::Passed => CheckResult::Pass,
            ProbeOutcome::Missing => CheckResult::Warn,
            ProbeOutcome::Failed => CheckResult::Fail,
        };
        let passed = "a real call showed it".to_owned();
        let mut check = Check::new(
            format!("permission.{}", probe.name),
            probe.title.as_str(),
            result,
            probe.detail.clone().unwrap_or(passed),
        )
        .took(probe.took_millis);
        let is_its = |name: &Option<String>| name.as_deref() == Some(probe.name.as_str());
        let permissions: Vec<_> = self
            .manifest
            .permissions
            .iter()
            .filter(|permission| is_its(&permission.probe))
            .collect();
        if let Some(first) = permissions.first() {
            check = check.why(first.why.as_str());
        }
        if result == CheckResult::Pass {
            return check;
        }
        let step = self.manifest.steps.iter().find(|step| is_its(&step.probe));
        if let Some(step) = step {
            let place = if step.place.is_empty() {
                String::new()
            } else {
                format!("{}: ", step.place)
            };
            check = check.remedy(format!("{place}{}", step.what));
        } else if !permissions.is_empty() {
            let names: Vec<_> = permissions.iter().map(|it| it.name.as_str()).collect();
            check = check.remedy(format!("Look at the permission {}.", names.join(", ")));
        }
        check.code(probe.code.unwrap_or(Code::ConnectionForbidden))
    }
}

/// At which of the checks a test stopped that failed so.
fn stopped_at(error: &ConnectorError) -> &'static str {
    match (error.code(), error.class()) {
        (Code::ConnectionTls, _) => TLS,
        (
            Code::ConnectionUnreachable
            | Code::ConnectionTimeout
            | Code::ConnectionBrokenOff
            | Code::ConnectionRedirected
            | Code::ConnectionAddressRefused
            | Code::ConnectionUnavailable,
            _,
        ) => REACHABLE,
        (_, ErrorClass::Auth) => SIGNED_IN,
        _ => ORGANIZATION,
    }
}

fn clock(ahead: i64) -> Check {
    let result = match ahead.abs() {
        seconds if seconds >= CLOCK_FAIL_SECONDS => CheckResult::Fail,
        seconds if seconds >= CLOCK_WARN_SECONDS => CheckResult::Warn,
        _ => CheckResult::Pass,
    };
    let evidence = match ahead {
        0 => "both clocks say the same".to_owned(),
        ahead if ahead > 0 => format!("the CRM's clock is {ahead} s ahead of ours"),
        behind => format!("the CRM's clock is {} s behind ours", behind.abs()),
    };
    let check = Check::new("clock", "The clocks agree", result, evidence)
        .why("Tokens and signed requests are refused when the clocks differ by minutes.");
    if result == CheckResult::Pass {
        check
    } else {
        check.remedy("Let this machine set its clock by NTP; if it does, the vendor's is wrong.")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_test_is_told_by_the_check_it_stopped_at() {
        let error = |class, code| ConnectorError::with_code(class, code, "no");
        for (error, at) in [
            (
                error(ErrorClass::Transient, Code::ConnectionTimeout),
                REACHABLE,
            ),
            (error(ErrorClass::Permanent, Code::ConnectionTls), TLS),
            (
                error(ErrorClass::Auth, Code::ConnectionUnauthorized),
                SIGNED_IN,
            ),
            (
                error(
                    ErrorClass::Forbidden { permission: None },
                    Code::ConnectionForbidden,
                ),
                ORGANIZATION,
            ),
        ] {
            assert_eq!(stopped_at(&error), at);
        }
    }

    #[test]
    fn clocks_may_differ_by_a_minute_and_must_not_by_five() {
        for (ahead, result) in [
            (0, CheckResult::Pass),
            (-59, CheckResult::Pass),
            (60, CheckResult::Warn),
            (-299, CheckResult::Warn),
            (300, CheckResult::Fail),
        ] {
            assert_eq!(clock(ahead).result, result, "{ahead}");
        }
    }
}
