//! `counterpart plan` and `counterpart apply`: mappings as a file.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use clap::Args;
use counterpart_api::{MappingPlan, PlannedKind};
use counterpart_model::Code;
use counterpart_service::{Error, Result};
use serde::{Deserialize, Serialize};

use crate::cli::Global;
use crate::output::{Ending, Output};
use crate::remote::Remote;
use crate::wiring;

/// Which file.
#[derive(Debug, Args)]
pub(crate) struct PlanArgs {
    /// The file, as `counterpart export` writes it; - for standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

/// Which file, and why.
#[derive(Debug, Args)]
pub(crate) struct ApplyArgs {
    /// The file, as `counterpart export` writes it; - for standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Why, for the change set
    #[arg(long)]
    reason: Option<String>,
}

/// What applying a file did.
#[derive(Debug, Serialize)]
struct Applied {
    plan: MappingPlan,
    /// The number of the change set; `None` when all of it was true already.
    change_set: Option<u64>,
}

/// What applying a file did, as a server tells it.
#[derive(Debug, Deserialize)]
struct ToldApplied {
    plan: MappingPlan,
    change_set: Option<ToldChangeSet>,
}

#[derive(Debug, Deserialize)]
struct ToldChangeSet {
    number: u64,
}

/// Exit 0: nothing to do; 2: there are changes; 1: the file is wrong.
pub(crate) async fn plan(global: &Global, args: &PlanArgs, output: Output) -> Result<Ending> {
    let bytes = read(&args.file)?;
    let plan = if let Some(remote) = Remote::of(global).await? {
        remote.upload("mappings/plan", &[], bytes).await?
    } else {
        let service = wiring::service(global).await?;
        let actor = service.operator_in(global.organization.as_deref()).await?;
        MappingPlan::from(&service.plan_mapping_file(&actor, &bytes).await?)
    };
    refuse_problems(&plan, &args.file, output)?;
    output.result(&plan, |plan| as_text(plan, "would be "));
    Ok(if plan.changes.is_empty() {
        Ending::Done
    } else {
        Ending::Attention
    })
}

pub(crate) async fn apply(global: &Global, args: &ApplyArgs, output: Output) -> Result<Ending> {
    let bytes = read(&args.file)?;
    let applied = match Remote::of(global).await? {
        Some(remote) => apply_remotely(&remote, args, bytes, output).await?,
        None => apply_here(global, args, &bytes, output).await?,
    };
    output.result(&applied, |applied| {
        let text = as_text(&applied.plan, "");
        match applied.change_set {
            Some(number) => format!("{text}\nchange set {number} applied"),
            None => text,
        }
    });
    Ok(Ending::Done)
}

async fn apply_here(
    global: &Global,
    args: &ApplyArgs,
    bytes: &[u8],
    output: Output,
) -> Result<Applied> {
    let service = wiring::service(global).await?;
    let actor = service.operator_in(global.organization.as_deref()).await?;
    let planned = service.plan_mapping_file(&actor, bytes).await?;
    let plan = MappingPlan::from(&planned);
    refuse_problems(&plan, &args.file, output)?;
    let change_set = if planned.is_empty() {
        None
    } else {
        let reason = args.reason.clone();
        let applied = service.apply_mapping_plan(&actor, planned, reason).await?;
        Some(applied.number)
    };
    Ok(Applied { plan, change_set })
}

/// Planned first, so that problems are said as they are here.
async fn apply_remotely(
    remote: &Remote,
    args: &ApplyArgs,
    bytes: Vec<u8>,
    output: Output,
) -> Result<Applied> {
    let plan: MappingPlan = remote.upload("mappings/plan", &[], bytes.clone()).await?;
    refuse_problems(&plan, &args.file, output)?;
    let reason = args.reason.iter().map(|reason| ("reason", reason.as_str()));
    let asked: Vec<(&str, &str)> = reason.collect();
    let told: ToldApplied = remote.upload("mappings/apply", &asked, bytes).await?;
    Ok(Applied {
        plan: told.plan,
        change_set: told.change_set.map(|it| it.number),
    })
}

/// The bytes of a file, or of standard input for `-`.
pub(super) fn read(path: &Path) -> Result<Vec<u8>> {
    let read = if path == Path::new("-") {
        let mut bytes = Vec::new();
        let all = std::io::stdin().read_to_end(&mut bytes);
        all.map(|_| bytes)
    } else {
        std::fs::read(path)
    };
    read.map_err(|error| {
        Error::new(
            Code::FileUnreadable,
            format!("cannot read {}: {error}", path.display()),
        )
    })
}

/// Says each problem on a line of its own, as compilers do; as JSON they are the problem's fields.
pub(super) fn refuse_problems(plan: &MappingPlan, file: &Path, output: Output) -> Result<()> {
    if plan.problems.is_empty() {
        return Ok(());
    }
    let name = file.display().to_string();
    if output.is_json() {
        let fields = plan.problems.iter().map(|problem| {
            let field = problem
                .line
                .map_or(name.clone(), |line| format!("line {line}"));
            counterpart_service::error::FieldError {
                field,
                message: problem.message.clone(),
            }
        });
        return Err(Error::with_fields(Code::FileInvalid, fields.collect()));
    }
    for problem in &plan.problems {
        let line = problem
            .line
            .map_or(String::new(), |line| format!("{line}:"));
        output.note(format!("{name}:{line} {}", problem.message));
    }
    let count = match plan.problems.len() {
        1 => "1 problem".to_owned(),
        several => format!("{several} problems"),
    };
    let detail = format!("{name} has {count}; nothing was changed");
    Err(Error::new(Code::FileInvalid, detail))
}

/// The changes as a diff, and how many there are of each kind.
pub(super) fn as_text(plan: &MappingPlan, would: &str) -> String {
    let mut lines: Vec<&str> = plan.changes.iter().map(|it| it.text.as_str()).collect();
    let count = |kind| plan.changes.iter().filter(|it| it.change == kind).count();
    let sum = format!(
        "{} {would}added, {} changed, {} removed; {} as they are",
        count(PlannedKind::Add),
        count(PlannedKind::Change),
        count(PlannedKind::Remove),
        plan.same
    );
    lines.push(&sum);
    lines.join("\n")
}
