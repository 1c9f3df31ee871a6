//! `counterpart match A.csv B.csv --out mapping.csv`: two files of people, tied one to one, without
//! any server.

mod columns;
mod error;
mod evaluation;
mod people;
mod reading;
mod writing;

use std::collections::BTreeMap;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use counterpart_matching::{Decision, MatchResult, Options, Record, match_records};
use counterpart_model::Code;
use counterpart_tabular::Field;
use serde_json::{Value, json};

use self::columns::{Columns, Side};
use self::evaluation::{Evaluation, Quality, Truth};

pub(crate) use self::columns::ColumnMap;
pub(crate) use self::error::MatchError;

/// Match the people of two CSV files one to one.
#[derive(Debug, clap::Args)]
pub(crate) struct MatchArgs {
    /// First file, for example the people of the phone platform.
    #[arg(value_name = "A.csv")]
    pub(crate) a: PathBuf,
    /// Second file, for example the users of the CRM.
    #[arg(value_name = "B.csv")]
    pub(crate) b: PathBuf,
    /// File to write: `a_id,b_id,score,decision,evidence`.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// Column of A whose values are unique.
    #[arg(long, value_name = "COLUMN")]
    pub(crate) id_a: Option<String>,
    /// Column of B whose values are unique.
    #[arg(long, value_name = "COLUMN")]
    pub(crate) id_b: Option<String>,
    /// What a column holds, where its header does not tell: `a:Work Mail=email`, `b:Ref=ignore`.
    /// Without `a:` or `b:` it counts for both files. May be repeated.
    #[arg(long = "map", value_name = "[a:|b:]COLUMN=FIELD")]
    pub(crate) maps: Vec<ColumnMap>,
    /// Mail domain of the organization. May be repeated; without it the data decides.
    #[arg(long = "domain", value_name = "DOMAIN")]
    pub(crate) domains: Vec<String>,
    /// Known pairs (`a_id,b_id`): prints precision, recall and F1.
    #[arg(long, value_name = "FILE")]
    pub(crate) truth: Option<PathBuf>,
    /// Print the summary (or the error) as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Runs the command: the summary goes to stdout, progress and errors to stderr (with `--json` the
/// error is the result, on stdout). Exit codes: 0 done, 1 failed, 64 wrong usage.
pub(crate) fn execute(args: &MatchArgs) -> ExitCode {
    let outcome = run(args);
    let (text, code) = match &outcome {
        Ok(summary) if args.json => (summary.to_json().to_string(), 0),
        Ok(summary) => (summary.to_text(), 0),
        Err(error) if args.json => (error.problem().to_string(), error.exit_code()),
        Err(error) => {
            // A closed stderr leaves nobody to tell.
            let _ = writeln!(std::io::stderr(), "error: {error}");
            return ExitCode::from(error.exit_code());
        }
    };
    match writeln!(std::io::stdout(), "{text}") {
        Ok(()) => ExitCode::from(code),
        Err(_) => ExitCode::from(1),
    }
}

/// What a match did.
#[derive(Debug)]
pub(crate) struct Summary {
    out: PathBuf,
    files: [FileSummary; 2],
    auto: usize,
    cautions: BTreeMap<String, usize>,
    unmatched: usize,
    evaluation: Option<Evaluation>,
}

#[derive(Debug)]
struct FileSummary {
    path: PathBuf,
    rows: usize,
    columns: Vec<(String, Field)>,
}

/// Reads, matches, evaluates and, when all that went well, writes.
pub(crate) fn run(args: &MatchArgs) -> Result<Summary, MatchError> {
    refuse_overwriting_an_input(args)?;
    progress(&format!(
        "reading {} and {}",
        args.a.display(),
        args.b.display()
    ));
    let ((left, left_file), (right, right_file)) = read_both(args)?;
    let truth = match &args.truth {
        Some(path) => Some(Truth::from_sheet(path, &reading::read_sheet(path)?)?),
        None => None,
    };
    progress(&format!(
        "matching {} with {} records",
        left.len(),
        right.len()
    ));
    let options = Options {
        own_domains: args.domains.clone(),
        ..Options::default()
    };
    let result = match_records(&left, &right, &options);
    let evaluation = truth.map(|truth| truth.evaluate(&left, &right, &result));
    progress(&format!("writing {}", args.out.display()));
    writing::write_mapping(&args.out, &left, &right, &result)?;
    Ok(Summary::new(
        args,
        [left_file, right_file],
        &result,
        evaluation,
    ))
}

fn refuse_overwriting_an_input(args: &MatchArgs) -> Result<(), MatchError> {
    let same = |one: &Path, other: &Path| match (one.canonicalize(), other.canonicalize()) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    };
    let inputs = [Some(&args.a), Some(&args.b), args.truth.as_ref()];
    match inputs
        .into_iter()
        .flatten()
        .find(|input| same(input, &args.out))
    {
        Some(input) => Err(MatchError::usage(
            format!("--out would overwrite the input {}", input.display()),
            "choose another file",
        )),
        None => Ok(()),
    }
}

/// What one file holds, and how it was understood.
type SideRead = (Vec<Record>, FileSummary);

/// Reads both files at once. Of two errors the first file's is reported.
fn read_both(args: &MatchArgs) -> Result<(SideRead, SideRead), MatchError> {
    std::thread::scope(|scope| {
        let right = scope.spawn(|| read_side(&args.b, Side::B, args.id_b.as_deref(), &args.maps));
        let left = read_side(&args.a, Side::A, args.id_a.as_deref(), &args.maps);
        let right = right
            .join()
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        Ok((left?, right?))
    })
}

fn read_side(
    path: &Path,
    side: Side,
    id: Option<&str>,
    maps: &[ColumnMap],
) -> Result<SideRead, MatchError> {
    let sheet = reading::read_sheet(path)?;
    let columns = Columns::find(&sheet.headers, side, id, maps).map_err(|error| match error {
        MatchError::Usage { reason, remedy } => MatchError::Usage {
            reason: format!("{}: {reason}", path.display()),
            remedy,
        },
        other => other,
    })?;
    if !columns.has_evidence() {
        return Err(MatchError::content(
            Code::FileHeader,
            path,
            Some(1),
            "no column is a name, an address, a number or an id to compare",
            "check that the first line names the columns, or say what they hold with --map",
        ));
    }
    let records = people::records_of(path, &sheet, &columns)?;
    let file = FileSummary {
        path: path.to_owned(),
        rows: records.len(),
        columns: columns.headers.into_iter().zip(columns.fields).collect(),
    };
    Ok((records, file))
}

/// A line for a human who waits.
fn progress(text: &str) {
    let mut stderr = std::io::stderr();
    if stderr.is_terminal() {
        // Progress that cannot be shown is no reason to stop.
        let _ = writeln!(stderr, "{text} …");
    }
}

impl Summary {
    fn new(
        args: &MatchArgs,
        files: [FileSummary; 2],
        result: &MatchResult,
        evaluation: Option<Evaluation>,
    ) -> Self {
        let mut cautions: BTreeMap<String, usize> = BTreeMap::new();
        for caution in result
            .proposals
            .iter()
            .filter_map(|proposal| proposal.caution)
        {
            *cautions.entry(caution.to_owned()).or_default() += 1;
        }
        let is_auto = |decision: Decision| decision == Decision::Auto;
        Self {
            out: args.out.clone(),
            files,
            auto: result
                .proposals
                .iter()
                .filter(|proposal| is_auto(proposal.decision))
                .count(),
            cautions,
            unmatched: result.unmatched.len(),
            evaluation,
        }
    }

    fn review(&self) -> usize {
        self.cautions.values().sum()
    }

    /// For a human.
    pub(crate) fn to_text(&self) -> String {
        let mut lines = Vec::new();
        for file in &self.files {
            lines.push(format!("{}: {} records", file.path.display(), file.rows));
            let used: Vec<String> = file
                .columns
                .iter()
                .map(|(header, field)| format!("{header} → {field}"))
                .collect();
            lines.push(format!("  columns: {}", used.join(", ")));
        }
        lines.push(format!("certain (auto):    {}", self.auto));
        lines.push(format!("to look at:        {}", self.review()));
        for (caution, count) in &self.cautions {
            lines.push(format!("  {count:>6}  {caution}"));
        }
        lines.push(format!("A without a tie:   {}", self.unmatched));
        if let Some(evaluation) = &self.evaluation {
            lines.push(format!("against {} true pairs:", evaluation.true_pairs));
            lines.push(quality_line("auto", evaluation.auto));
            lines.push(quality_line("all rows", evaluation.all));
            for (tag, (found, all)) in &evaluation.recall_by_tag {
                lines.push(format!("  recall of {tag}: {found} of {all}"));
            }
        }
        lines.push(format!("written to {}", self.out.display()));
        lines.join("\n")
    }

    /// For a machine. Holds nothing that differs between two runs on the same files.
    pub(crate) fn to_json(&self) -> Value {
        let file = |file: &FileSummary| {
            let columns: serde_json::Map<String, Value> = file
                .columns
                .iter()
                .map(|(header, field)| (header.clone(), json!(field.to_string())))
                .collect();
            json!({"file": file.path.display().to_string(), "records": file.rows, "columns": columns})
        };
        let mut value = json!({
            "a": file(&self.files[0]),
            "b": file(&self.files[1]),
            "auto": self.auto,
            "review": self.review(),
            "cautions": self.cautions,
            "unmatched_a": self.unmatched,
            "out": self.out.display().to_string(),
        });
        if let Some(evaluation) = &self.evaluation {
            value["evaluation"] = json!(evaluation);
        }
        value
    }
}

fn quality_line(what: &str, quality: Quality) -> String {
    format!(
        "  {what:<9} precision {:.4}  recall {:.4}  F1 {:.4}  ({} of {} rows right)",
        quality.precision, quality.recall, quality.f1, quality.right, quality.rows
    )
}

#[cfg(test)]
mod tests;
