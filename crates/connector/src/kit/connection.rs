//! The connection itself: its form, its test, its secrets.

use std::collections::{BTreeMap, BTreeSet};

use secrecy::ExposeSecret as _;

use super::bench::{Stand, Trouble, TroubleAt, full, unexpected};
use super::{Stop, expect};
use crate::ProbeOutcome;

pub(super) async fn a_connection_passes_its_test(stand: &dyn Stand) -> Result<(), Stop> {
    let bench = stand.bench(10, None).await?;
    let report = bench.connector().check(&bench.access()).await;
    let report = report.map_err(|error| Stop::Bad(unexpected("the test", &error)))?;
    let has_org = report.org.as_ref().is_some_and(|org| !org.id.is_empty());
    expect(has_org, || format!("the organization is {:?}", report.org))?;
    for probe in &report.probes {
        let passed = probe.outcome == ProbeOutcome::Passed;
        expect(passed, || {
            format!("the probe {} says {:?}", probe.name, probe.detail)
        })?;
    }
    let again = bench.connector().check(&bench.access()).await;
    let again = again.map_err(|error| Stop::Bad(unexpected("the second test", &error)))?;
    expect(again.org == report.org, || {
        "another organization the second time".to_owned()
    })
}

pub(super) async fn a_wrong_clock_is_noticed(stand: &dyn Stand) -> Result<(), Stop> {
    let bench = stand.bench(10, None).await?;
    bench.trouble(Trouble::ClockAhead(5_400), TroubleAt::ALWAYS)?;
    let seen = full(bench.as_ref()).await?;
    let now = bench.access().clock.now();
    let ahead = seen.server_time.map(|theirs| theirs.seconds_since(now));
    let close = |ahead: Option<i64>| ahead.is_some_and(|ahead| (ahead - 5_400).abs() < 60);
    expect(close(ahead), || {
        format!("the list says {ahead:?} seconds ahead, not 5400")
    })?;
    let report = bench.connector().check(&bench.access()).await;
    let report = report.map_err(|error| Stop::Bad(unexpected("the test", &error)))?;
    expect(close(report.clock_ahead_seconds), || {
        format!(
            "the test says {:?} seconds ahead, not 5400",
            report.clock_ahead_seconds
        )
    })
}

pub(super) async fn settings_that_were_put_right_stay_as_they_are(
    stand: &dyn Stand,
) -> Result<(), Stop> {
    let bench = stand.bench(5, None).await?;
    let settings = bench.access().settings.clone();
    let again = bench.connector().normalise(settings.clone());
    expect(again.as_ref() == Ok(&settings), || {
        format!("{settings:?} became {again:?} the second time")
    })
}

pub(super) async fn a_missing_setting_is_named(stand: &dyn Stand) -> Result<(), Stop> {
    let bench = stand.bench(5, None).await?;
    let connector = bench.connector();
    let manifest = connector.manifest();
    let problems = connector
        .normalise(BTreeMap::new())
        .err()
        .unwrap_or_default();
    let required = |field: &&counterpart_manifest::Field| {
        field.required && field.default.is_none() && !field.internal
    };
    for field in manifest.settings.iter().filter(required) {
        let named = problems.iter().any(|problem| problem.field == field.name);
        expect(named, || {
            format!("nothing is said of the empty {}", field.name)
        })?;
    }
    let unknown = BTreeMap::from([("no_such_setting".to_owned(), "x".to_owned())]);
    let problems = connector.normalise(unknown).err().unwrap_or_default();
    let named = problems
        .iter()
        .any(|problem| problem.field == "no_such_setting");
    expect(named, || {
        "a setting that does not exist was taken".to_owned()
    })?;
    let settings = bench.access().settings;
    let way = manifest.sign_in_of(settings);
    let missing = connector.missing_credentials(settings, &BTreeSet::new());
    let all = manifest
        .credentials
        .iter()
        .filter(|field| field.required && !field.internal && field.is_for(way))
        .count();
    expect(missing.len() == all, || {
        format!("{} of {all} empty credentials are named", missing.len())
    })
}

pub(super) async fn no_credential_shows_in_cursors_or_settings(
    stand: &dyn Stand,
) -> Result<(), Stop> {
    let bench = stand.bench(60, Some(25)).await?;
    let seen = full(bench.as_ref()).await?;
    let access = bench.access();
    let session = access.sessions.load().await;
    let session = session.map_err(|error| Stop::Bad(unexpected("the session", &error)))?;
    let manifest = bench.connector().manifest();
    let way = manifest.sign_in_of(access.settings);
    let yields = access_secrets(manifest, way, session.as_ref());
    let secrets = access
        .credentials
        .iter()
        .map(|(_, secret)| secret.expose_secret().to_owned());
    let texts: Vec<_> = seen
        .cursors
        .iter()
        .chain(access.settings.values())
        .collect();
    for secret in secrets.chain(yields).filter(|secret| secret.len() > 4) {
        let shown = texts.iter().find(|text| text.contains(&secret));
        expect(shown.is_none(), || {
            format!("a credential shows in {shown:?}")
        })?;
    }
    Ok(())
}

/// What signing in yielded, as far as it is secret.
fn access_secrets(
    manifest: &counterpart_manifest::Manifest,
    way: &counterpart_manifest::SignIn,
    session: Option<&crate::SessionState>,
) -> Vec<String> {
    manifest
        .yields(way)
        .filter(|(_, yielded)| !yielded.public)
        .filter_map(|(name, _)| Some(session?.value(name)?.to_owned()))
        .collect()
}
