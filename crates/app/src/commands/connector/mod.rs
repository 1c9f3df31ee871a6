//! `counterpart connector`: which connectors there are, whether one does what it should, and a
//! start for a new one.

mod live;
mod start;
mod try_out;

use clap::Subcommand;
use counterpart_connector::{Capability, Connector};
use counterpart_manifest::DeliveryTier;
use counterpart_service::Result;
use serde_json::{Value, json};

use crate::cli::Global;
use crate::output::{Ending, Output, table};
use crate::wiring;

/// Connectors.
#[derive(Debug, Subcommand)]
pub(crate) enum ConnectorCommand {
    /// List the connectors with what each can do
    List,
    /// Try what every connector must do, against its emulator or a real account
    Test(try_out::TestArgs),
    /// Begin a connector: a folder with a commented manifest
    New(start::NewArgs),
}

pub(crate) async fn run(
    global: &Global,
    command: ConnectorCommand,
    output: Output,
) -> Result<Ending> {
    match command {
        ConnectorCommand::List => list(global, output),
        ConnectorCommand::Test(args) => try_out::run(global, args, output).await,
        ConnectorCommand::New(args) => start::run(&args, output),
    }
}

fn list(global: &Global, output: Output) -> Result<Ending> {
    let registry = wiring::connectors(global)?;
    let all: Vec<Value> = registry.all().map(|it| described(it.as_ref())).collect();
    output.result(&all, |all| {
        let rows: Vec<Vec<String>> = all.iter().map(row).collect();
        table(&["NAME", "TITLE", "SIDE", "TIER", "CAN"], &rows)
    });
    Ok(Ending::Done)
}

/// A connector with everything that is derived from its manifest.
fn described(connector: &dyn Connector) -> Value {
    let manifest = connector.manifest();
    let capabilities = connector.capabilities();
    let has: Vec<_> = Capability::all()
        .filter(|capability| capabilities.has(*capability))
        .map(Capability::as_str)
        .collect();
    let ways: Vec<_> = manifest
        .sign_in
        .iter()
        .map(|way| {
            json!({
                "name": way.name(),
                "title": way.title(),
                "needs_public_address": way.authorize().is_some(),
            })
        })
        .collect();
    let written: serde_json::Map<_, _> = capabilities
        .delivery_of
        .iter()
        .map(|(kind, tier)| (kind.as_str().to_owned(), json!(letter(*tier))))
        .collect();
    json!({
        "name": manifest.provider,
        "title": manifest.title,
        "side": manifest.side.as_str(),
        "tier": letter(capabilities.delivery),
        "tiers": written,
        "sign_in": ways,
        "capabilities": has,
    })
}

/// The letter of a delivery tier.
pub(super) const fn letter(tier: DeliveryTier) -> &'static str {
    match tier {
        DeliveryTier::A => "A",
        DeliveryTier::B => "B",
        DeliveryTier::C => "C",
    }
}

fn row(it: &Value) -> Vec<String> {
    let text = |key: &str| it[key].as_str().unwrap_or_default().to_owned();
    let count = it["capabilities"].as_array().map_or(0, Vec::len);
    vec![
        text("name"),
        text("title"),
        text("side"),
        text("tier"),
        format!("{count} of {} things", Capability::all().count()),
    ]
}
