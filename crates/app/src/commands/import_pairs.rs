//! `counterpart import-pairs`: two columns of ids out of another product.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use counterpart_api::PairsPlan;
use counterpart_service::Result;
use counterpart_service::mapping::{CrmUserKey, PairsInput, PersonKey};

use super::mapping_file;
use crate::cli::Global;
use crate::output::{Ending, Output};
use crate::remote::Remote;
use crate::wiring;

/// Which file, and what is known of it.
#[derive(Debug, Args)]
pub(crate) struct ImportPairsArgs {
    /// The file: CSV with a header; - for standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Into which connection, by name or id
    #[arg(long)]
    connection: String,
    /// The column that names people; found out without it
    #[arg(long, value_name = "COLUMN")]
    person_column: Option<String>,
    /// By what it names them; found out without it
    #[arg(long, value_enum, value_name = "KEY")]
    person_key: Option<PersonBy>,
    /// The column that names CRM users; found out without it
    #[arg(long, value_name = "COLUMN")]
    crm_user_column: Option<String>,
    /// By what it names them; found out without it
    #[arg(long, value_enum, value_name = "KEY")]
    crm_user_key: Option<CrmUserBy>,
    /// Leave out rows that name nobody for sure, instead of refusing the file
    #[arg(long)]
    skip_unknown: bool,
    /// Only say what would change: exit 0 nothing, 2 something
    #[arg(long)]
    dry_run: bool,
    /// Why, for the change set
    #[arg(long)]
    reason: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum PersonBy {
    ExternalId,
    Id,
    Email,
    /// An extension, number or platform id
    Extension,
    Username,
    EmployeeNumber,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum CrmUserBy {
    Id,
    Email,
    Username,
    OtherId,
    EmployeeNumber,
}

impl From<PersonBy> for PersonKey {
    fn from(by: PersonBy) -> Self {
        match by {
            PersonBy::ExternalId => Self::ExternalId,
            PersonBy::Id => Self::Id,
            PersonBy::Email => Self::Email,
            PersonBy::Extension => Self::Identity,
            PersonBy::Username => Self::Username,
            PersonBy::EmployeeNumber => Self::EmployeeNumber,
        }
    }
}

impl From<CrmUserBy> for CrmUserKey {
    fn from(by: CrmUserBy) -> Self {
        match by {
            CrmUserBy::Id => Self::Id,
            CrmUserBy::Email => Self::Email,
            CrmUserBy::Username => Self::Username,
            CrmUserBy::OtherId => Self::OtherId,
            CrmUserBy::EmployeeNumber => Self::EmployeeNumber,
        }
    }
}

pub(crate) async fn run(global: &Global, args: ImportPairsArgs, output: Output) -> Result<Ending> {
    let bytes = mapping_file::read(&args.file)?;
    let told = match Remote::of(global).await? {
        Some(remote) => remotely(&remote, &args, bytes, output).await?,
        None => here(global, &args, &bytes, output).await?,
    };
    output.result(&told, as_text);
    Ok(if args.dry_run && !told.plan.changes.is_empty() {
        Ending::Attention
    } else {
        Ending::Done
    })
}

async fn here(
    global: &Global,
    args: &ImportPairsArgs,
    bytes: &[u8],
    output: Output,
) -> Result<PairsPlan> {
    let service = wiring::service(global).await?;
    let actor = service.operator_in(global.organization.as_deref()).await?;
    let connection = service.connection_named(&actor, &args.connection).await?;
    let input = PairsInput {
        bytes,
        connection: connection.id,
        person_column: args.person_column.clone(),
        person_key: args.person_key.map(PersonKey::from),
        crm_user_column: args.crm_user_column.clone(),
        crm_user_key: args.crm_user_key.map(CrmUserKey::from),
        skip_unknown: args.skip_unknown,
    };
    let pairs = service.plan_pairs(&actor, &input).await?;
    let mut told = PairsPlan::from(&pairs);
    mapping_file::refuse_problems(&told.plan, &args.file, output)?;
    if !pairs.plan.is_empty() && !args.dry_run {
        let applied = service.apply_pairs(&actor, pairs, args.why()).await?;
        told.change_set = Some(applied.number);
    }
    Ok(told)
}

/// Planned first, so that problems are said as they are here.
async fn remotely(
    remote: &Remote,
    args: &ImportPairsArgs,
    bytes: Vec<u8>,
    output: Output,
) -> Result<PairsPlan> {
    let connection = remote.connection(&args.connection).await?;
    let path = |verb: &str| format!("connections/{connection}/pairs/{verb}");
    let person_key = args.person_key.map(|by| PersonKey::from(by).as_str());
    let crm_user_key = args.crm_user_key.map(|by| CrmUserKey::from(by).as_str());
    let said = [
        ("person_column", args.person_column.as_deref()),
        ("person_key", person_key),
        ("crm_user_column", args.crm_user_column.as_deref()),
        ("crm_user_key", crm_user_key),
        ("skip_unknown", args.skip_unknown.then_some("true")),
    ];
    let mut asked: Vec<(&str, &str)> = said
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect();
    let told: PairsPlan = remote.upload(&path("plan"), &asked, bytes.clone()).await?;
    mapping_file::refuse_problems(&told.plan, &args.file, output)?;
    if args.dry_run {
        return Ok(told);
    }
    let why = args.why();
    asked.extend(why.iter().map(|reason| ("reason", reason.as_str())));
    remote.upload(&path("apply"), &asked, bytes).await
}

impl ImportPairsArgs {
    /// The reason that is said, or the file's name.
    fn why(&self) -> Option<String> {
        let file = self.file.file_name();
        let named = || file.map(|name| format!("imported {}", name.to_string_lossy()));
        self.reason.clone().or_else(named)
    }
}

fn as_text(told: &PairsPlan) -> String {
    let mut lines = Vec::new();
    for (side, column) in [("people", &told.person), ("CRM users", &told.crm_user)] {
        lines.push(format!(
            "{side}: column `{}` by {}, {} of {} known",
            column.name,
            column.key.replace('_', " "),
            column.found,
            told.rows
        ));
    }
    for problem in &told.skipped {
        let line = problem
            .line
            .map_or(String::new(), |line| format!(" {line}"));
        lines.push(format!("left out: line{line}: {}", problem.message));
    }
    let would = if told.change_set.is_some() {
        ""
    } else {
        "would be "
    };
    lines.push(mapping_file::as_text(&told.plan, would));
    if let Some(number) = told.change_set {
        lines.push(format!("change set {number} applied"));
    }
    lines.join("\n")
}
