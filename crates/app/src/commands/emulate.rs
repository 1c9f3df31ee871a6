//! `counterpart emulate`: a stand-in for a CRM.

use std::net::SocketAddr;
use std::time::Duration;

use clap::Args;
use counterpart_emulators::{Options, catalogue, start};
use counterpart_model::Code;
use counterpart_service::{Error, Result};
use serde_json::json;

use crate::output::{Ending, Output};

/// Which stand-in.
#[derive(Debug, Args)]
pub(crate) struct EmulateArgs {
    /// Whom to stand in for; lists the names without it
    #[arg(value_name = "PROVIDER")]
    provider: Option<String>,
    /// Where to listen
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// From what its users are made: the same seed makes the same users
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many people the organization has
    #[arg(long, default_value_t = 60)]
    people: usize,
    /// How many customers the CRM has
    #[arg(long, default_value_t = 40)]
    contacts: usize,
    /// Users on a page; the vendor's own without it
    #[arg(long)]
    page_size: Option<usize>,
    /// How long every answer takes, in milliseconds
    #[arg(long, default_value_t = 0)]
    latency: u64,
}

pub(crate) async fn run(args: &EmulateArgs, output: Output) -> Result<Ending> {
    let Some(provider) = &args.provider else {
        output.result(&catalogue(), |all| {
            all.iter()
                .map(|it| format!("{:<12} {}", it.name, it.title))
                .collect::<Vec<_>>()
                .join("\n")
        });
        return Ok(Ending::Done);
    };
    let options = Options {
        listen: args.listen,
        seed: args.seed,
        people: args.people,
        contacts: args.contacts,
        page_size: args.page_size,
        latency: Some(Duration::from_millis(args.latency)).filter(|latency| !latency.is_zero()),
        ..Options::default()
    };
    let running = start(provider, options)
        .await
        .map_err(|error| Error::new(Code::Usage, error.to_string()))?;
    let shown = json!({
        "provider": provider,
        "url": running.base_url,
        "settings": running.settings(),
        "credentials": running.credentials(),
    });
    output.result(&shown, |_| described(provider, &running));
    let stopped = tokio::signal::ctrl_c().await;
    running.shutdown().await;
    stopped.map_err(Error::internal)?;
    Ok(Ending::Done)
}

/// What to type into a connection to use the emulator. None of it is a secret.
fn described(provider: &str, running: &counterpart_emulators::Running) -> String {
    let mut lines = vec![
        format!(
            "{} is emulated at {} until Ctrl-C.",
            running.info().title,
            running.base_url
        ),
        String::new(),
        format!("A connection to it, by the connector `{provider}`:"),
    ];
    for (name, value) in running.settings().iter().chain(&running.credentials()) {
        lines.push(format!("  {name:<18} {value}"));
    }
    lines.push(String::new());
    lines.push(
        "The service calls it only when started with --allow-address 127.0.0.0/8.".to_owned(),
    );
    lines.push(format!(
        "Bad days and changes of users: {}/_emulator",
        running.base_url
    ));
    lines.join("\n")
}
