//! `counterpart sync`: pulling users.

use clap::Args;
use counterpart_model::{Connection, Run, RunState};
use counterpart_service::events::Heard;
use counterpart_service::sync::SyncMode;
use counterpart_service::{Actor, Event, Result, Service};
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use serde::Serialize;

use crate::cli::Global;
use crate::output::{Ending, Output};
use crate::wiring;

/// Which connections, and how much of them.
#[derive(Debug, Args)]
pub(crate) struct SyncArgs {
    /// Which connection, by name or id; all without it
    #[arg(value_name = "CONNECTION")]
    connection: Option<String>,
    /// Ask only for what changed, where the CRM can tell
    #[arg(long)]
    quick: bool,
}

/// How a connection's sync ended.
#[derive(Debug, Serialize)]
pub(crate) struct Synced {
    connection: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    run: Option<Run>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<counterpart_api::problem::Problem>,
}

pub(crate) async fn run(global: &Global, args: &SyncArgs, output: Output) -> Result<Ending> {
    let service = wiring::service(global).await?;
    let actor = service.operator_in(global.organization.as_deref()).await?;
    let connections = match &args.connection {
        Some(name) => vec![service.connection_named(&actor, name).await?],
        None => service.list_connections(&actor).await?,
    };
    let mode = if args.quick {
        SyncMode::Quick
    } else {
        SyncMode::Full
    };
    let bars = Bars::new(output);
    if let [only] = connections.as_slice() {
        // One connection's failure is the command's.
        let run = pull(&service, &actor, only, mode, &bars).await?;
        let ending = ending_of(&run);
        output.result(&run, |run| described(&only.name, run));
        return Ok(ending);
    }
    let mut all = Vec::new();
    let mut ending = Ending::Done;
    for connection in &connections {
        match pull(&service, &actor, connection, mode, &bars).await {
            Ok(run) => {
                if run.state == RunState::Held {
                    ending = Ending::Stopped;
                }
                all.push(Synced {
                    connection: connection.name.clone(),
                    run: Some(run),
                    error: None,
                });
            }
            Err(error) => {
                if ending == Ending::Done {
                    ending = Ending::Attention;
                }
                all.push(Synced {
                    connection: connection.name.clone(),
                    run: None,
                    error: Some(counterpart_api::problem::Problem::of(&error)),
                });
            }
        }
    }
    output.result(&all, |all| {
        all.iter()
            .map(|it| match (&it.run, &it.error) {
                (Some(run), _) => described(&it.connection, run),
                (None, Some(error)) => format!("{}: failed: {}", it.connection, error.detail),
                (None, None) => it.connection.clone(),
            })
            .collect::<Vec<_>>()
            .join("\n")
    });
    Ok(ending)
}

fn ending_of(run: &Run) -> Ending {
    if run.state == RunState::Held {
        Ending::Stopped
    } else {
        Ending::Done
    }
}

pub(super) fn described(connection: &str, run: &Run) -> String {
    let report = &run.report;
    let counts = format!(
        "{} read, {} new, {} changed, {} deactivated, {} gone, {} returned, {} failed",
        report.read,
        report.new,
        report.changed,
        report.deactivated,
        report.gone,
        report.returned,
        report.failed
    );
    match (&run.state, &run.failure) {
        (RunState::Held, Some(failure)) => format!(
            "{connection}: held by a brake, nothing changed: {} ({counts})\n  \
             Look at it: counterpart run held; then counterpart run allow, or reject.",
            failure.detail
        ),
        _ => format!("{connection}: {counts}"),
    }
}

/// Progress bars on stderr, drawn only when somebody looks.
pub(crate) struct Bars(Option<MultiProgress>);

impl Bars {
    pub(crate) fn new(output: Output) -> Self {
        Self(output.is_watched().then(MultiProgress::new))
    }

    fn add(&self, name: &str) -> ProgressBar {
        let Some(bars) = &self.0 else {
            return ProgressBar::hidden();
        };
        let bar = bars.add(ProgressBar::new_spinner());
        bar.set_style(spinner());
        bar.set_prefix(name.to_owned());
        bar.enable_steady_tick(std::time::Duration::from_millis(100));
        bar
    }
}

fn spinner() -> ProgressStyle {
    ProgressStyle::with_template("{prefix:14} {spinner} {msg}")
        .unwrap_or_else(|_| ProgressStyle::default_spinner())
}

fn counted() -> ProgressStyle {
    ProgressStyle::with_template("{prefix:14} {bar:30} {pos}/{len} users {msg} {eta}")
        .unwrap_or_else(|_| ProgressStyle::default_bar())
}

/// Pulls a connection's users with a bar that follows the run.
pub(crate) async fn pull(
    service: &Service,
    actor: &Actor,
    connection: &Connection,
    mode: SyncMode,
    bars: &Bars,
) -> Result<Run> {
    let bar = bars.add(&connection.name);
    bar.set_message("signing in");
    let mut events = service.listen(actor);
    let sync = service.sync(actor, connection.id, mode);
    tokio::pin!(sync);
    let ended = loop {
        tokio::select! {
            ended = &mut sync => break ended,
            heard = events.next() => {
                if let Some(Heard::Event(Event::Run { run, .. })) = heard
                    && run.connection_id == connection.id
                {
                    follow(&bar, &run);
                }
            }
        }
    };
    bar.set_style(spinner());
    match &ended {
        Ok(run) => bar.finish_with_message(format!("{} users", run.report.read)),
        Err(error) => bar.abandon_with_message(error.detail().to_owned()),
    }
    ended
}

fn follow(bar: &ProgressBar, run: &Run) {
    match run.expected {
        Some(expected) => {
            bar.set_style(counted());
            bar.set_length(expected);
            bar.set_position(run.report.read);
            bar.set_message("");
        }
        None => bar.set_message(format!("{} users, {} pages", run.report.read, run.pages)),
    }
}
