//! `counterpart connection`: connecting CRMs from the command line.

use std::collections::BTreeMap;
use std::io::Read as _;

use clap::{Args, Subcommand};
use counterpart_connector::{CheckReport, ProbeOutcome};
use counterpart_model::brakes::Brakes;
use counterpart_model::{Code, Connection, Environment, Policy};
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
    /// Show how careful a connection is, or change it
    Policy(PolicyArgs),
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

#[derive(Debug, Args)]
pub(crate) struct PolicyArgs {
    /// Which connection, by name or id
    connection: String,
    /// A sync that takes away more than this share of the users asks first, in percent
    #[arg(long, value_name = "PERCENT")]
    brake_percent: Option<u64>,
    /// But not when it takes away fewer users than this
    #[arg(long, value_name = "USERS")]
    brake_least: Option<u64>,
    /// A sync that takes away more users than this always asks first
    #[arg(long, value_name = "USERS")]
    brake_most: Option<u64>,
    /// Days for which a user that is no longer found is only missing, before it counts as gone
    #[arg(long, value_name = "DAYS")]
    grace_days: Option<u32>,
    /// Days after which a held sync that nobody decided about counts as rejected
    #[arg(long, value_name = "DAYS")]
    hold_days: Option<u32>,
}

impl PolicyArgs {
    /// The policy that these make of the one that stands.
    fn over(&self, standing: Policy) -> Policy {
        Policy {
            brakes: Brakes {
                least: self.brake_least.unwrap_or(standing.brakes.least),
                percent: self.brake_percent.unwrap_or(standing.brakes.percent),
                most: self.brake_most.unwrap_or(standing.brakes.most),
            },
            grace_days: self.grace_days.unwrap_or(standing.grace_days),
            hold_days: self.hold_days.unwrap_or(standing.hold_days),
        }
    }
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
        ConnectionCommand::Policy(args) => {
            let standing = service.connection_named(&actor, &args.connection).await?;
            let policy = args.over(standing.policy);
            let connection = if policy == standing.policy {
                standing
            } else {
                service
                    .set_policy(&actor, standing.id, standing.version, policy)
                    .await?
            };
            let view = service.connection_view(&actor, connection.id).await?;
            let usable = view.counts.map_or(0, |counts| counts.crm_users.usable);
            output.result(&policy, |policy| {
                policy_text(&connection.name, policy, usable)
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

/// What a policy means for a connection with so many usable users.
fn policy_text(connection: &str, policy: &Policy, usable: u64) -> String {
    let brakes = policy.brakes;
    let mut lines = vec![format!(
        "{connection}: a sync asks before it takes away more than {} % (from {} users on), or more than {} users",
        brakes.percent, brakes.least, brakes.most
    )];
    if usable > 0 {
        let allowed = brakes.allowance(usable);
        lines.push(format!(
            "  of its {usable} users it may take away {allowed} within 24 hours"
        ));
    }
    lines.push(format!(
        "  who is no longer found counts as gone after {} days",
        policy.grace_days
    ));
    lines.push(format!(
        "  a held sync counts as rejected after {} days",
        policy.hold_days
    ));
    lines.join("\n")
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
