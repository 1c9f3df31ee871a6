//! `counterpart connector test`: the conformance kit.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use clap::Args;
use counterpart_conformance::Emulated;
use counterpart_connector::kit::Verdict;
use counterpart_connector::{Connector, Hooks, ManifestConnector};
use counterpart_manifest::HostSource;
use counterpart_model::Code;
use counterpart_service::{Error, Result};
use serde_json::json;

use super::live::{self, Account};
use crate::cli::Global;
use crate::output::{Ending, Output};
use crate::wiring;

/// Which connector, against what.
#[derive(Debug, Args)]
pub(crate) struct TestArgs {
    /// A connector by its name, or a folder with a manifest.toml
    #[arg(value_name = "NAME|FOLDER")]
    connector: String,
    /// Try it against the account at this address instead of the emulator; only reads, unless
    /// --write says otherwise. Credentials come as JSON on standard input
    #[arg(long, value_name = "URL")]
    against: Option<String>,
    /// A setting of the account; may be repeated
    #[arg(long = "set", value_name = "NAME=VALUE", requires = "against", value_parser = pair)]
    settings: Vec<(String, String)>,
    /// The number of a contact that is there: it is looked for in several spellings
    #[arg(long, value_name = "NUMBER", requires = "against")]
    phone: Option<String>,
    /// The e-mail address of a contact that is there
    #[arg(long, value_name = "ADDRESS", requires = "against")]
    email: Option<String>,
    /// Also write a record of every kind for this user, read it back and take it away again
    #[arg(long, value_name = "USER_ID", requires = "contact")]
    write: Option<String>,
    /// The id of the contact whom the records of --write are about
    #[arg(long, value_name = "CONTACT_ID", requires = "against")]
    contact: Option<String>,
}

fn pair(text: &str) -> std::result::Result<(String, String), String> {
    text.split_once('=')
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .ok_or_else(|| format!("`{text}` is not of the form NAME=VALUE"))
}

pub(crate) async fn run(global: &Global, args: TestArgs, output: Output) -> Result<Ending> {
    let connector = connector(global, &args.connector)?;
    match &args.against {
        None => against_emulator(connector, output).await,
        Some(address) => {
            let settings = settings(connector.as_ref(), address, args.settings)?;
            let account = Account {
                settings,
                phone: args.phone,
                email: args.email,
                write: args.write.zip(args.contact),
            };
            live::run(global, connector.as_ref(), account, output).await
        }
    }
}

/// A connector by its name, or the one of a folder.
fn connector(global: &Global, named: &str) -> Result<Arc<dyn Connector>> {
    let registry = wiring::connectors(global)?;
    if let Some(connector) = registry.get(named) {
        return Ok(Arc::clone(connector));
    }
    let file = Path::new(named).join("manifest.toml");
    let text = std::fs::read_to_string(&file).map_err(|error| {
        Error::new(
            Code::Usage,
            format!(
                "there is no connector `{named}`, and {} cannot be read ({error}); `counterpart connector list` lists the names",
                file.display()
            ),
        )
    })?;
    let shown = file.display().to_string();
    let loaded = ManifestConnector::load(&shown, &text, Hooks::default());
    let connector = loaded.map_err(|error| Error::new(Code::Usage, error.to_string()))?;
    Ok(Arc::new(connector.restricted_to(&reachable(global))))
}

/// The hosts that a connector of somebody's own may talk to: those of the command line, and this
/// machine, where emulators are.
fn reachable(global: &Global) -> Vec<String> {
    let mut hosts = global.connector_hosts.clone();
    hosts.push("127.0.0.1".to_owned());
    hosts
}

/// The settings of an account at an address: that of the API, and what was given besides.
fn settings(
    connector: &dyn Connector,
    address: &str,
    given: Vec<(String, String)>,
) -> Result<BTreeMap<String, String>> {
    let mut settings: BTreeMap<_, _> = given.into_iter().collect();
    let hosts = connector.manifest().hosts.values().flatten();
    let named = hosts.filter_map(|source| match source {
        HostSource::Setting(name) => Some(name),
        _ => None,
    });
    for name in named {
        settings
            .entry(name.clone())
            .or_insert_with(|| address.to_owned());
    }
    connector.normalise(settings).map_err(|problems| {
        let told: Vec<_> = problems
            .iter()
            .map(|problem| format!("{}: {}", problem.field, problem.problem))
            .collect();
        Error::new(Code::ConnectionSettingsInvalid, told.join("; "))
    })
}

async fn against_emulator(connector: Arc<dyn Connector>, output: Output) -> Result<Ending> {
    let provider = connector.manifest().provider.clone();
    let emulated = Emulated::new(connector);
    if !emulated.exists() {
        return Err(Error::new(
            Code::Usage,
            format!(
                "there is no emulator for `{provider}`; try it with --against and the address of an account"
            ),
        ));
    }
    let watched = output.is_watched();
    let outcome = emulated
        .try_all(|name, verdict| {
            if watched {
                let mark = match verdict {
                    Verdict::Good => "passed ",
                    Verdict::Skipped(_) => "skipped",
                    Verdict::Bad(_) => "FAILED ",
                };
                output.note(format!("{mark} {}", name.replace('_', " ")));
            }
        })
        .await;
    let named = |all: &[(&'static str, String)]| -> Vec<_> {
        all.iter()
            .map(|(name, why)| json!({ "check": name, "why": why }))
            .collect()
    };
    let shown = json!({
        "connector": provider,
        "passed": outcome.good,
        "skipped": named(&outcome.skipped),
        "failed": named(&outcome.bad),
    });
    output.result(&shown, |_| {
        let mut lines = Vec::new();
        for (name, why) in &outcome.skipped {
            lines.push(format!("skipped {}: {why}", name.replace('_', " ")));
        }
        for (name, finding) in &outcome.bad {
            lines.push(format!("FAILED  {}: {finding}", name.replace('_', " ")));
        }
        lines.push(format!(
            "{provider}: {} passed, {} skipped, {} failed",
            outcome.good.len(),
            outcome.skipped.len(),
            outcome.bad.len()
        ));
        lines.join("\n")
    });
    if outcome.bad.is_empty() {
        Ok(Ending::Done)
    } else {
        Err(Error::new(
            Code::ConnectorNotConforming,
            format!("{} checks of {provider} failed", outcome.bad.len()),
        ))
    }
}
