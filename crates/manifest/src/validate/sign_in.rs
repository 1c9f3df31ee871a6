//! The ways of signing in.

use std::collections::BTreeMap;

use super::{Report, requests};
use crate::template::is_name;
use crate::{SIGN_IN_SETTING, SignIn, Suite, TokenEndpoint, Yielded};

/// The input of a consent page's address with the scopes of the suite.
const SCOPES: &str = "scopes";

pub(super) fn check(report: &mut Report<'_>) {
    let manifest = report.manifest;
    let ways = &manifest.sign_in;
    report.require(
        !ways.is_empty(),
        "sign_in",
        "say at least one way of signing in",
    );
    report.unique("sign_in", ways.iter().map(SignIn::name));
    if ways.len() > 1 {
        let setting = manifest.setting(SIGN_IN_SETTING);
        let offers_all = setting.is_some_and(|field| {
            let choices = field.choices.iter().map(|choice| choice.value.as_str());
            choices.eq(ways.iter().map(SignIn::name))
        });
        report.require(
            offers_all,
            "sign_in",
            "with several ways there must be a setting `sign_in` whose choices are their names, in order",
        );
    }
    for (index, way) in ways.iter().enumerate() {
        check_way(report, &format!("sign_in.{index}"), way, ways.len() > 1);
    }
    let signed = requests::Scope::signed(manifest);
    for (index, look_up) in manifest.after_sign_in.iter().enumerate() {
        let key = format!("after_sign_in.{index}");
        requests::check(report, &format!("{key}.request"), &look_up.request, &signed);
        check_yields(report, &key, &look_up.yields);
    }
    if let Some(suite) = &manifest.suite {
        check_suite(report, suite);
    }
}

fn check_suite(report: &mut Report<'_>, suite: &Suite) {
    let named = is_name(&suite.name) && !suite.title.trim().is_empty();
    report.require(
        named,
        "suite",
        "give it a name that its products share, and a title",
    );
    report.require(
        !suite.scopes.is_empty(),
        "suite.scopes",
        "say which scopes this product needs",
    );
    let asks = report.manifest.sign_in.iter().filter_map(SignIn::authorize);
    let asks_for_all = asks
        .map(|authorize| authorize.query.values())
        .all(|mut query| query.any(|text| text.inputs().any(|name| name == SCOPES)));
    report.require(
        asks_for_all,
        "suite.scopes",
        "the consent page is not asked for them; put {scopes} into `authorize.query`",
    );
}

fn check_way(report: &mut Report<'_>, key: &str, way: &SignIn, several: bool) {
    report.require(
        !several || is_name(way.name()),
        format!("{key}.name"),
        "give it a name; the setting `sign_in` chooses by it",
    );
    report.require(
        !several || !way.title().is_empty(),
        format!("{key}.title"),
        "say what the vendor calls it",
    );
    let unsigned = requests::Scope::unsigned(report.manifest);
    match way {
        SignIn::Keys {
            look_up, yields, ..
        } => {
            if let Some(request) = look_up {
                requests::check(report, &format!("{key}.look_up"), request, &unsigned);
            } else if !yields.is_empty() {
                report.add(
                    format!("{key}.yields"),
                    "without `look_up` nothing can yield them",
                );
            }
        }
        SignIn::Oauth2ClientCredentials { token, .. } => {
            check_token(report, key, token, &["client_id", "client_secret"]);
        }
        SignIn::Oauth2JwtBearer {
            token,
            issuer,
            subject,
            audience,
            key: private,
            ..
        } => {
            check_token(report, key, token, &[private]);
            for (name, claim) in [
                ("issuer", issuer),
                ("subject", subject),
                ("audience", audience),
            ] {
                requests::check_known(report, &format!("{key}.{name}"), claim, &unsigned);
            }
        }
        SignIn::Oauth2Refresh {
            token,
            code,
            authorize,
            ..
        } => {
            let needed = ["client_id", "client_secret", "refresh_token"];
            check_token(report, key, token, &needed);
            let field = report.manifest.credential(code);
            report.require(
                field.is_some_and(|field| field.one_time),
                format!("{key}.code"),
                format!("there must be a credential `{code}` with one_time = true"),
            );
            if let Some(authorize) = authorize {
                let at = format!("{key}.authorize");
                requests::check_host(report, &format!("{at}.host"), &authorize.host);
                requests::check_path(report, &format!("{at}.path"), &authorize.path);
                let mut scope = unsigned;
                if report.manifest.suite.is_some() {
                    scope.add(SCOPES);
                }
                for text in authorize.query.values() {
                    requests::check_known(report, &format!("{at}.query"), text, &scope);
                }
            }
        }
        SignIn::Session { request, .. } => {
            requests::check(report, &format!("{key}.request"), request, &unsigned);
        }
    }
    check_headers_and_yields(report, key, way);
}

fn check_token(report: &mut Report<'_>, key: &str, token: &TokenEndpoint, credentials: &[&str]) {
    let unsigned = requests::Scope::unsigned(report.manifest);
    requests::check_host(report, &format!("{key}.token.host"), &token.host);
    requests::check_path(report, &format!("{key}.token.path"), &token.path);
    for text in token.fields.values() {
        requests::check_known(report, &format!("{key}.token.fields"), text, &unsigned);
    }
    for name in credentials {
        report.require(
            report.manifest.credential(name).is_some(),
            format!("{key}.kind"),
            format!("this way of signing in needs a credential `{name}`"),
        );
    }
}

fn check_headers_and_yields(report: &mut Report<'_>, key: &str, way: &SignIn) {
    let signed = requests::Scope::signed(report.manifest);
    for (name, header) in way.headers() {
        let key = format!("{key}.headers.{name}");
        requests::check_known(report, &key, header.template(), &signed);
    }
    check_yields(report, key, way.yields());
}

fn check_yields(report: &mut Report<'_>, key: &str, yields: &BTreeMap<String, Yielded>) {
    for (name, yielded) in yields {
        let key = format!("{key}.yields.{name}");
        report.require(is_name(name), &key, format!("`{name}` cannot be a name"));
        let Some(setting) = &yielded.keep_as else {
            continue;
        };
        let key = format!("{key}.keep_as");
        report.require(
            yielded.public,
            &key,
            "settings are shown; say public = true if it is no secret",
        );
        let field = report.manifest.setting(setting);
        report.require(
            field.is_some_and(|field| field.internal),
            &key,
            format!("there must be a setting `{setting}` with internal = true"),
        );
    }
}
