//! `counterpart check`: does a connection do all that it has to, does one person's account there,
//! and why is somebody not among its users.

mod desk;
mod shown;
mod text;

use clap::Args;
use counterpart_model::{CheckResult, Code};
use counterpart_service::{Error, Result};
use serde::Serialize;

use crate::cli::Global;
use crate::output::{Ending, Output};

pub(crate) use desk::{Desk, Place};
pub(crate) use shown::{Findings, ShownCheck};
pub(crate) use text::Paper;

#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// Which connection, by name or id; all without it
    #[arg(value_name = "CONNECTION")]
    connection: Option<String>,
    /// Check this person's account there: name, e-mail address, external id, extension or id
    #[arg(long, value_name = "PERSON", conflicts_with = "user")]
    person: Option<String>,
    /// With a person: also write one record under the account, read it back and take it away
    #[arg(long, requires = "person")]
    canary: bool,
    /// Say why this CRM user is not here, or cannot be chosen: a name, an address or an id
    #[arg(long, value_name = "USER", requires = "connection")]
    user: Option<String>,
}

/// One connection's check, with its name.
#[derive(Debug, Serialize)]
pub(crate) struct Checked {
    connection: String,
    #[serde(flatten)]
    check: ShownCheck,
}

/// Checks; 0 when everything passes, 2 when somebody should look, 1 when something does not work.
pub(crate) async fn run(global: &Global, args: CheckArgs, output: Output) -> Result<Ending> {
    let desk = Desk::open(global).await?;
    if let (Some(user), Some(name)) = (&args.user, &args.connection) {
        let place = desk.place(name).await?;
        let findings = desk.explain_absence(&place, user).await?;
        let title = format!("{user} in {}", place.name);
        let paper = Paper::new(output);
        output.result(&findings, |it| {
            paper.findings(&title, it.result, &it.checks)
        });
        return Ok(ending(findings.result));
    }
    let places = match &args.connection {
        Some(name) => vec![desk.place(name).await?],
        None => desk.places().await?,
    };
    if places.is_empty() {
        return Err(Error::new(
            Code::RequestNotFound,
            "there is no connection to check; add one first",
        ));
    }
    let person = match &args.person {
        Some(text) => Some(desk.person(text).await?),
        None => None,
    };
    let checked = all(&desk, places, person.as_deref(), args.canary).await?;
    let worst = checked.iter().map(|it| it.check.result).max();
    let paper = Paper::new(output);
    output.result(&checked, |all| papers(&paper, all));
    Ok(ending(worst.unwrap_or(CheckResult::Pass)))
}

/// Checks one connection after the other.
pub(crate) async fn all(
    desk: &Desk,
    places: Vec<Place>,
    person: Option<&str>,
    canary: bool,
) -> Result<Vec<Checked>> {
    let mut checked = Vec::with_capacity(places.len());
    for place in places {
        let check = match person {
            Some(person) => desk.check_person(&place, person, canary).await?,
            None => desk.check(&place).await?,
        };
        checked.push(Checked {
            connection: place.name,
            check,
        });
    }
    Ok(checked)
}

/// Every check as text.
pub(crate) fn papers(paper: &Paper, all: &[Checked]) -> String {
    let texts: Vec<_> = all
        .iter()
        .map(|it| paper.findings(&it.connection, it.check.result, &it.check.checks))
        .collect();
    texts.join("\n\n")
}

/// How a command ends that found this.
pub(crate) const fn ending(result: CheckResult) -> Ending {
    match result {
        CheckResult::Pass | CheckResult::Skipped => Ending::Done,
        CheckResult::Warn => Ending::Attention,
        CheckResult::Fail => Ending::Failed,
    }
}

impl Checked {
    /// What it comes to.
    pub(crate) const fn result(&self) -> CheckResult {
        self.check.result
    }
}
