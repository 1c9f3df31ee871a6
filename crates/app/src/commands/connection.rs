//! `counterpart connection`: connecting CRMs from the command line.

use std::collections::BTreeMap;
use std::io::Read as _;

use clap::{Args, Subcommand};
use counterpart_connector::{CheckReport, ProbeOutcome};
use counterpart_model::{Code, Connection, Environment};
use counterpart_service::connections::ConnectionInput;
use counterpart_service::{Error, Result};
use secrecy::SecretString;
use serde_json::json;

use crate::cli::Global;
use crate::output::{Ending, Output, table};
use crate::wiring;

/// Connecting CRMs.
#[derive(Debug, Subcommand)]
pub(crate) enum ConnectionCommand {
    /// List the connectors there are, with the fields that each needs
    Providers,
    /// List the connections and how they are
    List,
    /// Test and add a connection; credentials come as JSON on standard input
    Add(AddArgs),
    /// Try a connection out now
    Check {
        /// Which connection, by name or id
        connection: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct AddArgs {
    /// Which connector, as `counterpart connection providers` lists them
    #[arg(long)]
    provider: String,
    /// What to call it; the connector's title without it
    #[arg(long, default_value = "")]
    name: String,
    /// A setting that is no secret; may be repeated
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = setting)]
    settings: Vec<(String, String)>,
    /// It is the CRM's own test environment
    #[arg(long)]
    sandbox: bool,
    /// Save it even when the test fails
    #[arg(long)]
    untested: bool,
}

fn setting(text: &str) -> std::result::Result<(String, String), String> {
    text.split_once('=')
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .ok_or_else(|| format!("`{text}` is not of the form NAME=VALUE"))
}

pub(crate) async fn run(
    global: &Global,
    command: ConnectionCommand,
    output: Output,
) -> Result<Ending> {
    let service = wiring::service(global).await?;
    if matches!(command, ConnectionCommand::Providers) {
        let all: Vec<_> = service
            .connectors()
            .all()
            .map(|it| shown(it.manifest()))
            .collect();
        output.result(&all, |all| {
            let rows: Vec<Vec<String>> = all
                .iter()
                .map(|it| {
                    ["provider", "title", "settings", "credentials"]
                        .map(|key| plain(&it[key]))
                        .to_vec()
                })
                .collect();
            table(&["PROVIDER", "TITLE", "SETTINGS", "CREDENTIALS"], &rows)
        });
        return Ok(Ending::Done);
    }
    let actor = service.operator_in(global.organization.as_deref()).await?;
    match command {
        ConnectionCommand::Providers => {}
        ConnectionCommand::List => {
            let all = service.list_connections(&actor).await?;
            output.result(&all, |all| listed(all));
        }
        ConnectionCommand::Add(args) => {
            let input = ConnectionInput {
                existing: None,
                provider: args.provider,
                name: args.name,
                environment: args.sandbox.then_some(Environment::Sandbox),
                settings: args.settings.into_iter().collect(),
                credentials: credentials_from_stdin()?,
                untested: args.untested,
            };
            let saved = service.save_connection(&actor, input).await?;
            output.result(&saved, |saved| {
                format!(
                    "{}  {} ({})",
                    saved.id,
                    saved.name,
                    saved.health.state.as_str()
                )
            });
        }
        ConnectionCommand::Check { connection } => {
            let connection = service.connection_named(&actor, &connection).await?;
            let report = service.check_connection(&actor, connection.id).await?;
            let good = report.is_good();
            output.result(&report_json(&report), |_| {
                report_text(&connection.name, &report)
            });
            return Ok(if good {
                Ending::Done
            } else {
                Ending::Attention
            });
        }
    }
    Ok(Ending::Done)
}

fn shown(manifest: &counterpart_manifest::Manifest) -> serde_json::Value {
    let names = |fields: Vec<&str>| fields.join(", ");
    json!({
        "provider": manifest.provider,
        "title": manifest.title,
        "settings": names(manifest.form_settings().map(|field| field.name.as_str()).collect()),
        "credentials": names(manifest.form_credentials().map(|field| field.name.as_str()).collect()),
    })
}

fn plain(value: &serde_json::Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn listed(all: &[Connection]) -> String {
    let rows: Vec<Vec<String>> = all
        .iter()
        .map(|it| {
            vec![
                it.name.clone(),
                it.provider.clone(),
                it.environment.as_str().to_owned(),
                it.health.state.as_str().to_owned(),
                it.synced_at
                    .map_or_else(|| "never".to_owned(), |at| at.to_string()),
                it.id.to_string(),
            ]
        })
        .collect();
    table(
        &["NAME", "PROVIDER", "ENVIRONMENT", "STATE", "SYNCED", "ID"],
        &rows,
    )
}

/// Credentials never stand on the command line, where every user of the machine can read them.
pub(crate) fn credentials_from_stdin() -> Result<BTreeMap<String, SecretString>> {
    let mut text = String::new();
    std::io::stdin()
        .take(65_536)
        .read_to_string(&mut text)
        .map_err(|error| Error::new(Code::Usage, format!("cannot read standard input: {error}")))?;
    let values: BTreeMap<String, String> = serde_json::from_str(&text).map_err(|_| {
        Error::new(
            Code::Usage,
            "standard input is to hold the credentials as a JSON object of texts, like {\"client_id\":\"…\"}",
        )
    })?;
    Ok(values
        .into_iter()
        .map(|(name, value)| (name, value.into()))
        .collect())
}

fn report_json(report: &CheckReport) -> serde_json::Value {
    let probes: Vec<_> = report
        .probes
        .iter()
        .map(|probe| {
            json!({
                "name": probe.name,
                "title": probe.title,
                "outcome": outcome(probe.outcome),
                "code": probe.code,
                "detail": probe.detail,
            })
        })
        .collect();
    json!({
        "org": report.org,
        "signed_in_as": report.signed_in_as,
        "clock_ahead_seconds": report.clock_ahead_seconds,
        "probes": probes,
    })
}

fn report_text(connection: &str, report: &CheckReport) -> String {
    let org = report.org.as_ref().map_or_else(String::new, |org| {
        format!(", organization {}", org.name.as_deref().unwrap_or(&org.id))
    });
    let user = report.signed_in_as.as_deref().unwrap_or("an API user");
    let mut lines = vec![format!("{connection}: signed in as {user}{org}")];
    for probe in &report.probes {
        let detail = probe
            .detail
            .as_deref()
            .map_or_else(String::new, |it| format!(": {it}"));
        lines.push(format!(
            "  {:<7} {}{detail}",
            outcome(probe.outcome),
            probe.title
        ));
    }
    lines.join("\n")
}

const fn outcome(outcome: ProbeOutcome) -> &'static str {
    match outcome {
        ProbeOutcome::Passed => "pass",
        ProbeOutcome::Missing => "warn",
        ProbeOutcome::Failed => "fail",
    }
}
